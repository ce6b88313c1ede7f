"""In-app notices: who learns of what. Written by a handler that follows the events; once per (event, person)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case, Notice
from chengyun.casework.cases.queries import Sight, of_seen, visible_to
from chengyun.casework.cases.workflow import STEPS
from chengyun.core import events
from chengyun.core.events import Event
from chengyun.core.instants import now, today
from chengyun.people.access import Actor, actor_for
from chengyun.people.models import Appointment, Department, User
from chengyun.people.roles import Role

# Steps that somebody else than the next in the queue must hear of, and whom.
TO_DEPARTMENT = frozenset({
    "dispatch", "deny_return", "decide_dispute", "supervise", "instruct", "grant_extension", "grant_suspension",
    "deny_request", "check_fail", "rework", "reopen", "grant_appeal", "deny_appeal",
})  # fmt: skip
TO_COLLECTOR = frozenset({"send_verify", "send_check"})
LAMP_WORDS = {"yellow": "yellow", "red": "red"}


def announce_lamp(case: Case, lamp: str) -> None:
    """Once per colour and clock: the conditional update lets one worker announce it."""
    if lamp not in LAMP_WORDS:
        return
    with transaction.atomic():
        unchanged = Case.objects.filter(pk=case.pk, announced_lamp=case.announced_lamp, due_at=case.due_at)
        if unchanged.update(announced_lamp=lamp):
            events.append("case.lamp", f"case:{case.pk}", {"number": case.number, "lamp": lamp})


def write_notices(batch: Iterable[Event]) -> None:
    batch = list(batch)
    cases = cases_of(batch)
    rows = []
    for event in batch:
        case = cases.get(case_id(event))
        if case is not None:
            rows += [_notice(event, case, user_id) for user_id in _audience(event, case)]
    store(rows)


def case_id(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def cases_of(batch: Iterable[Event]) -> dict[int, Case]:
    return Case.objects.in_bulk({case_id(event) for event in batch})


def store(rows: Iterable[Notice]) -> None:
    """Once per event and person, however often a handler runs; only to those who may see the case."""
    Notice.objects.bulk_create(_of_cases_seen(rows), ignore_conflicts=True)


def words_of_step(verb: str, case: Case) -> str:
    return f"{STEPS[verb].title}：{case.title}"


def _of_cases_seen(rows: Iterable[Notice]) -> Iterator[Notice]:
    """A centre's people are told of the cases of their own places only."""
    by_user: dict[int, list[Notice]] = defaultdict(list)
    for row in rows:
        by_user[row.user_id].append(row)
    for user in User.objects.filter(pk__in=by_user):
        cases = {row.case_id for row in by_user[user.pk] if row.case_id is not None}
        seen = set(visible_to(actor_for(user)).filter(pk__in=cases).values_list("pk", flat=True))
        yield from (row for row in by_user[user.pk] if row.case_id in seen)


def _notice(event: Event, case: Case, user_id: int) -> Notice:
    return Notice(
        user_id=user_id, case=case, event_id=event.pk, at=event.at, kind=_kind(event), text=_text(event, case)
    )


def _kind(event: Event) -> str:
    return str(event.data.get("verb") or event.data.get("lamp") or "supplement")


def _text(event: Event, case: Case) -> str:
    if event.kind == "case.lamp":
        sentence = _("案件即将超时：%s") if event.data["lamp"] == "yellow" else _("案件已超时：%s")
        return (sentence % case.title)[:200]
    if event.kind == "report.supplemented":
        return (_("反映人有补充：%s") % case.title)[:200]
    return words_of_step(event.data["verb"], case)[:200]


def _audience(event: Event, case: Case) -> set[int]:
    by = event.data.get("by")
    if event.kind == "case.step":
        return _of_step(event.data["verb"], case) - {by}
    return _holders(case)


def _of_step(verb: str, case: Case) -> set[int]:
    if verb in TO_COLLECTOR:
        return {case.waits_user_id} if case.waits_user_id else set()
    if verb in TO_DEPARTMENT and case.main_department_id:
        return {case.handler_id} if case.handler_id else in_role(Role.HANDLER, case.main_department_id)
    return set()


def _holders(case: Case) -> set[int]:
    if case.waits_user_id:
        return {case.waits_user_id}
    if case.waits_for == Role.HANDLER and case.waits_department_id:
        return in_role(Role.HANDLER, case.waits_department_id)
    return in_role(Role(case.waits_for)) if case.waits_for and case.waits_for != Role.COLLECTOR else set()


def in_role(role: Role, department_id: int | None = None) -> set[int]:
    """Who holds the role today, in one department or in the centre."""
    held = Appointment.objects.on(today()).filter(user__is_active=True)
    if department_id is None:
        held = held.filter(post__department__kind=Department.Kind.CENTRE)
    else:
        held = held.filter(post__department_id=department_id)
    return {user_id for user_id, roles in held.values_list("user_id", "post__roles") if role in roles}


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """What the actor was told about cases that he may still see: a notice carries the case's title."""
    return _notices_with(Sight.of(actor))


def _notices_with(sight: Sight) -> QuerySet[Notice]:
    if sight.user_id is None:
        return Notice.objects.none()
    seen = Q(case__isnull=True) | Q(of_seen(sight))
    return Notice.objects.filter(seen, user_id=sight.user_id)


class UnreadCount(Subquery):
    """How many notices wait to be read, up to a hundred; for whoever asks the database anyway."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS unread)"
    output_field = IntegerField()

    def __init__(self, sight: Sight) -> None:
        super().__init__(_notices_with(sight).filter(read_at__isnull=True).values("pk")[:100])


def mark_read(actor: Actor) -> None:
    if actor.user_id is not None:
        Notice.objects.filter(user_id=actor.user_id, read_at__isnull=True).update(read_at=now())
