"""From a report in the making to rows: begins courses, plays them, numbers them, and writes them in bulk."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from chengyun.casework.batch import BatchWriter, Thread
from chengyun.casework.cases.models import Report
from chengyun.casework.cases.services import submit as door
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.casework.cases.state import CaseRef, PlaceRef
from chengyun.casework.cases.workflow import Stage
from chengyun.casework.dispatch import queries as dispatch
from chengyun.casework.dispatch.models import DispatchFeedback, Outcome
from chengyun.core.instants import civil_day
from chengyun.demo import photos
from chengyun.demo.course import Course
from chengyun.demo.drafts import Draft, make_draft
from chengyun.demo.fate import Fate
from chengyun.demo.scenes.merging import Duplicate
from chengyun.demo.world import World
from chengyun.people.access import SYSTEM, Actor
from chengyun.people.roles import Role
from chengyun.regions.locate import locate

# Reports that reach the centre by themselves; the others are entered by whoever sits at the desk.
BY_THEMSELVES = ("hotline", "public", "device")


def begin(world: World, random: Random, draft: Draft, fate: Fate, until: dt.datetime) -> Course:
    place = PlaceRef(*locate(draft.spot.lon, draft.spot.lat))
    thread = _thread(world, random, draft, place, draft.at)
    return Course(world, random, draft, fate, thread, draft.at, until)


def _thread(world: World, random: Random, draft: Draft, place: PlaceRef, at: dt.datetime) -> Thread:
    by = reporter(world, random, draft, place)
    report = report_of(draft, (draft.picture,) if draft.has_picture else ())
    return BatchWriter().begin(report, "", place, at, by, world.rules)


def report_of(draft: Draft, files: Sequence[int] = ()) -> SubmittedReport:
    return SubmittedReport(
        source=draft.source,
        source_id=draft.source_id,
        received_at=draft.at,
        occurred_at=draft.at,
        title=draft.title,
        words=draft.text,
        address=draft.spot.address,
        lon=draft.spot.lon,
        lat=draft.spot.lat,
        reporter_name=draft.reporter_name,
        reporter_phone=draft.reporter_phone,
        files=files,
    )


def reporter(world: World, random: Random, draft: Draft, place: PlaceRef) -> Actor:
    if draft.source in BY_THEMSELVES:
        return SYSTEM
    if draft.source == "collector":
        user_id = world.collector(place.grid_collector_id, random).user_id
    else:
        user_id = world.on_shift(Role.RECEIVER, draft.at).user_id
    assert user_id is not None
    return world.actor(world.user(user_id))


def write(world: World, courses: Sequence[Course]) -> None:
    """1. numbers, in the order in which reports came  2. cases  3. what was merged into them  4. experience."""
    number(courses)
    _write_threads(world, [course.thread for course in courses])
    _write_duplicates(world, courses)
    remember(world, courses)


def _write_threads(world: World, threads: Sequence[Thread]) -> None:
    uses = photos.lift(threads)
    BatchWriter().write(threads)
    photos.attach(uses, world.pictures)


@dataclass(frozen=True)
class _Numbered:
    at: dt.datetime
    place: PlaceRef
    course: Course
    duplicate: Duplicate | None = None


def number(courses: Sequence[Course]) -> None:
    """Public numbers count per day; a merged report has one too, which its target's history names."""
    by_day: dict[dt.date, list[_Numbered]] = defaultdict(list)
    for item in _in_order(courses):
        by_day[civil_day(item.at)].append(item)
    for items in by_day.values():
        drawn = door.numbers(items[0].at, [item.place for item in items])
        for item, public in zip(items, drawn, strict=True):
            if item.duplicate:
                item.duplicate.number = item.duplicate.row.data["merged"] = public
            else:
                item.course.facts.number = public


def _in_order(courses: Sequence[Course]) -> list[_Numbered]:
    items = [_Numbered(course.draft.at, place_of(course), course) for course in courses]
    items += [_Numbered(d.reported_at, place_of(course), course, d) for course in courses for d in course.duplicates]
    return sorted(items, key=lambda item: item.at)


def place_of(course: Course) -> PlaceRef:
    return PlaceRef(**{name: getattr(course.facts, name) for name in PlaceRef.__dataclass_fields__})


def _write_duplicates(world: World, courses: Sequence[Course]) -> None:
    pairs = [(course, duplicate) for course in courses for duplicate in course.duplicates]
    threads = [_merged(world, course, duplicate) for course, duplicate in pairs]
    _write_threads(world, threads)
    targets = {thread.case: course.thread.case for thread, (course, _) in zip(threads, pairs, strict=True)}
    reports = list(Report.objects.filter(case__in=[case for case in targets if case]).select_related("case"))
    for report in reports:
        report.case = targets[report.case]  # type: ignore[assignment]
    Report.objects.bulk_update(reports, ["case"], batch_size=200)


def _merged(world: World, course: Course, duplicate: Duplicate) -> Thread:
    target = course.thread.case
    assert target is not None
    draft = _again(course, duplicate)
    thread = _thread(world, course.random, draft, place_of(course), duplicate.reported_at)
    thread.state.facts.number = duplicate.number
    reference = CaseRef(target.pk, target.number, Stage.HANDLING, target.main_department_id)
    given = {"target": reference, "note": course.say("merge")}
    thread.step("merge", given, duplicate.by, duplicate.merged_at, world.rules)
    return thread


def _again(course: Course, duplicate: Duplicate) -> Draft:
    """The same thing in somebody else's words."""
    serial = int(duplicate.number[-5:])
    kind, spot = course.draft.kind, course.draft.spot
    return make_draft(course.random, duplicate.source, 90_000 + serial, kind, duplicate.reported_at, spot)


def remember(world: World, courses: Iterable[Course]) -> None:
    """What became of each proposal, as the single steps would have remembered it."""
    rows = [row for course in courses for row in _feedback(world, course)]
    DispatchFeedback.objects.bulk_create(rows, batch_size=500)


def _feedback(world: World, course: Course) -> list[DispatchFeedback]:
    facts = course.facts
    codes = [code for code in (facts.township_code, facts.county_code) if code]
    minor_id = world.duties.catalogue.filing_id(facts.minor_class_id or 0)
    return [
        DispatchFeedback(
            minor_id=minor_id,
            area_code=dispatch.area_of(codes),
            outcome=outcome,
            proposed_department_id=proposed,
            chosen_department_id=chosen,
            subject=f"case:{facts.number}",
            at=at,
        )
        for outcome, proposed, chosen, at in _outcomes(course)
    ]


def _outcomes(course: Course) -> list[tuple[Outcome, int | None, int, dt.datetime]]:
    found = []
    for each in course.dispatches:
        same = each.proposed_id in (None, each.chosen_id)
        outcome = Outcome.CONFIRMED if same else Outcome.CHANGED
        found.append((outcome, each.proposed_id, each.chosen_id, each.at))
        if each.is_returned:
            found.append((Outcome.RETURNED, each.chosen_id, each.chosen_id, each.at))
    return found
