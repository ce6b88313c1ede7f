"""Who is told of a note and of the steps of a followed case."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _

from chengyun.casework.cases import notices
from chengyun.casework.cases.models import Case, Notice
from chengyun.casework.notes.models import Watch
from chengyun.core.events import Event
from chengyun.core.handlers import handler


@handler("notes.mention_notices", kinds=("case.noted",))
def mentions(batch: list[Event]) -> None:
    called = [event for event in batch if event.data["mentioned"]]
    cases = notices.cases_of(called)
    rows = []
    for event in called:
        case = cases.get(notices.case_id(event))
        if case is not None:
            text = _("备注中提到您：%s") % case.title
            rows += [_notice(event, case, user_id, "mention", text) for user_id in event.data["mentioned"]]
    notices.store(rows)


@handler("notes.watch_notices", kinds=("case.step",))
def watching(batch: list[Event]) -> None:
    """A step of a case that somebody follows; who took it knows already."""
    followers = _followers({notices.case_id(event) for event in batch})
    told = [event for event in batch if notices.case_id(event) in followers]
    cases = notices.cases_of(told)
    rows = []
    for event in told:
        case = cases[notices.case_id(event)]
        verb = event.data["verb"]
        text = _("您关注的案件：%s") % notices.words_of_step(verb, case)
        others = followers[case.pk] - {event.data.get("by")}
        rows += [_notice(event, case, user_id, verb, text) for user_id in sorted(others)]
    notices.store(rows)


def _followers(case_ids: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for case_id, user_id in Watch.objects.filter(case__in=case_ids).values_list("case_id", "user_id"):
        found[case_id].add(user_id)
    return found


def _notice(event: Event, case: Case, user_id: int, kind: str, text: str) -> Notice:
    return Notice(user_id=user_id, case=case, event_id=event.pk, at=event.at, kind=kind, text=text[:200])
