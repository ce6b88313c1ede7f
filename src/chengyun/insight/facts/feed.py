"""The fact files follow the outbox: cases that an event names are read again, and their months written anew.

Nothing waits for this: what happened since the manifest's cursor is read from the database with every question
(`facts.session`). The feed only keeps that rest small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from chengyun.casework.cases.models import Case
from chengyun.core import events
from chengyun.core.events import Cursor, Event
from chengyun.core.instants import now, start_of_day
from chengyun.insight.facts import arrow, rows, store
from chengyun.insight.facts.arrow import Facts
from chengyun.insight.facts.store import Manifest

# Files are written when so many cases have changed, or the oldest change is so old.
MANY = 2_000
OLD = dt.timedelta(minutes=5)
# One run takes no more events; the next goes on from there.
MOST = 20_000
# With so many events to read, files from nothing are sooner there, and a question would read the database for minutes.
FAR = 100_000
BATCH = 2_000
SUBJECT = "case:"

log = structlog.get_logger(__name__)


def changes(since: Cursor, most: int = MOST) -> tuple[Cursor, set[int], dt.datetime | None]:
    """How far the outbox was read, the cases that something happened to, and when the first of it did."""
    cases: set[int] = set()
    first: dt.datetime | None = None
    seen = 0
    while seen < most and (batch := events.after(since, limit=BATCH)):
        seen += len(batch)
        since = batch[-1].cursor
        for event in batch:
            if (case_id := case_of(event)) is not None:
                first = first or event.at
                cases.add(case_id)
    return since, cases, first


def case_of(event: Event) -> int | None:
    return int(event.subject.removeprefix(SUBJECT)) if event.subject.startswith(SUBJECT) else None


def advance(*, everything: bool = False) -> int:
    """Write what has changed, if it is worth it; returns how many cases were written. One process at a time."""
    with store.alone() as mine:
        if not mine:
            return 0
        known = current()
        if known is None or is_far_behind(known):
            return rebuild_alone()
        cursor, cases, first = changes(known.cursor)
        is_due = everything or len(cases) >= MANY or (first is not None and first < now() - OLD)
        if not (cases and is_due):
            return 0
        _write(known, cursor, mark_of(cursor), rows.read(cases))
        return len(cases)


def _write(known: Manifest, cursor: Cursor, mark: str, fresh: Facts) -> None:
    changed = {}
    for month, part in by_month(fresh):
        names = known.months.get(month)
        if names:
            kept = arrow.without(store.read_month(names), part["cases"]["case_id"].to_pylist())
            part = arrow.join([kept, part])
        changed[month] = store.write_month(month, part)
    store.swap(known.with_months(cursor, mark, changed), known)


def by_month(facts: Facts) -> Iterator[tuple[str, Facts]]:
    """The facts cut by the civil month in which each case was reported."""
    cases = facts["cases"]
    local = pc.add(cases["reported_at"], pa.scalar(dt.timedelta(hours=8)))
    months = pc.strftime(local, format="%Y-%m")
    for month in sorted(pc.unique(months).to_pylist()):
        yield month, arrow.only(facts, cases.filter(pc.equal(months, month))["case_id"].to_pylist())


def catch_up() -> None:
    """For whoever has no worker to wait for: make the files anew where they are too far behind to answer."""
    if is_far_behind(current()):
        rebuild()


def current() -> Manifest | None:
    """The manifest, if its files are whole and the outbox it follows is still the same: a restored database counts
    anew."""
    known = store.manifest()
    return known if known and is_followed(known) and store.are_whole(known) else None


def is_followed(known: Manifest) -> bool:
    """Whether the outbox is still the one that these files tell of."""
    return known.cursor == Cursor.START or known.mark == mark_of(known.cursor) != ""


def mark_of(cursor: Cursor) -> str:
    """What tells the event at `cursor` from one that got its number in another database; blank where there is none."""
    found = Event.objects.filter(xid=cursor.xid, id=cursor.id).values_list("at", "kind", "subject").first()
    return f"{found[0].astimezone(dt.UTC).isoformat()} {found[1]} {found[2]}" if found else ""


def is_far_behind(known: Manifest | None) -> bool:
    """Whether so much has happened since these files that they are to be made anew: a history came in, a new release
    has other columns, the worker stood still."""
    return events.are_more_than(FAR, known.cursor if known else Cursor.START)


def rebuild() -> int:
    """All files from nothing; returns how many cases were written, or 0 where another process is at it."""
    with store.alone() as mine:
        return rebuild_alone() if mine else 0


def rebuild_alone() -> int:
    cursor = events.newest()  # before anything is read: what comes meanwhile is read again
    mark = mark_of(cursor)
    months, count = {}, 0
    for month, case_ids in _cases_by_month():
        facts = rows.read(case_ids)
        months[month] = store.write_month(month, facts)
        count += len(facts["cases"])
    store.swap(Manifest(cursor, months, mark), store.manifest())
    log.info("facts rebuilt", cases=count, months=len(months))
    return count


def _cases_by_month() -> Iterator[tuple[str, Iterable[int]]]:
    first = Case.objects.order_by("reported_at", "id").values_list("reported_at", flat=True).first()
    last = Case.objects.order_by("-reported_at", "-id").values_list("reported_at", flat=True).first()
    if first is None or last is None:
        return
    day = (first + dt.timedelta(hours=8)).date().replace(day=1)
    while start_of_day(day) <= last:
        following = (day + dt.timedelta(days=32)).replace(day=1)
        span = (start_of_day(day), start_of_day(following))
        ids = Case.objects.filter(reported_at__gte=span[0], reported_at__lt=span[1]).values_list("id", flat=True)
        found = list(ids)
        if found:
            yield day.strftime("%Y-%m"), found
        day = following
