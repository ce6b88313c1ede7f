"""The bulk writer: stores the plans of many cases at once (demo, imports), the same rows that single steps store.

A `Thread` is one case from its report to wherever its steps led, planned in memory. Threads are written in chunks, each
its own short transaction: a chunk is there whole or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction

from chengyun.casework.cases import search, writer
from chengyun.casework.cases.models import Case, CaseParty, Picture, Report, Request, Step
from chengyun.casework.cases.planner import plan_step
from chengyun.casework.cases.services import submit as door
from chengyun.casework.cases.services.submit import Submission, SubmittedReport
from chengyun.casework.cases.state import By, CaseState, Input, PlaceRef, Rules, StepRow
from chengyun.casework.clocks import store as clock_store
from chengyun.casework.clocks.models import Clock
from chengyun.core import events
from chengyun.core.chained import link
from chengyun.core.instants import now
from chengyun.core.models import Event
from chengyun.people.access import SYSTEM, Actor

# A chunk of cases with about nine steps each stays under the 200 ms that a write transaction may take (DESIGN §2).
CHUNK = 60


@dataclass(slots=True)
class Thread:
    """One case in the making."""

    report: SubmittedReport
    salt: str
    by: Actor
    state: CaseState
    steps: list[StepRow] = field(default_factory=list)
    case: Case | None = None

    @property
    def number(self) -> str:
        return self.state.facts.number

    def step(self, verb: str, given: Input, by: By, at: dt.datetime, rules: Rules) -> None:
        """Plan the next step; raises UserError like the service does."""
        plan = plan_step(self.state, verb, given, by, at, rules)
        self.state = plan.after
        self.steps.append(plan.step)


class BatchWriter:
    def __init__(self, chunk: int = CHUNK) -> None:
        self.chunk = chunk

    def begin(
        self, report: SubmittedReport, number: str, place: PlaceRef, at: dt.datetime, by: Actor, rules: Rules
    ) -> Thread:
        """A thread with its report planned at `at`; nothing is stored yet."""
        salt = door.new_salt()
        plan = door.plan_of(report, number, place, salt, by, at, rules)
        return Thread(report, salt, by, plan.after, [plan.step])

    def write(self, threads: Sequence[Thread]) -> None:
        for part in _parts(threads, self.chunk):
            with transaction.atomic():
                store(part)

    def submit_many(self, reports: Iterable[SubmittedReport], *, by: Actor = SYSTEM) -> list[Submission]:
        """What `submit` does, for many: unknown reports become cases in bulk, the others go the single way.

        Every report must have passed `checked`; a wrong one raises UserError and its chunk stores nothing.
        """
        answers: list[Submission] = []
        for part in _parts(reports, self.chunk):
            answers += submit_part([door.checked(report) for report in part], by)
        return answers


def submit_part(reports: Sequence[SubmittedReport], by: Actor) -> list[Submission]:
    """One chunk of checked reports in one transaction; a caller may wrap it to store rows of its own beside."""
    with transaction.atomic():
        known = _known(reports)
        fresh = list({_key(r): r for r in reports if _key(r) not in known and not r.attach_to}.values())
        created = _create(fresh, by)
        answers = []
        for report in reports:
            first = created.pop(_key(report), None)
            answers.append(first or door.submit(report, by=by))
        return answers


def _key(report: SubmittedReport) -> tuple[str, str]:
    return report.source, report.source_id


def _known(reports: Sequence[SubmittedReport]) -> set[tuple[str, str]]:
    ids = [report.source_id for report in reports]
    return set(Report.objects.filter(source_id__in=ids).values_list("source", "source_id"))


def _create(reports: Sequence[SubmittedReport], by: Actor) -> dict[tuple[str, str], Submission]:
    if not reports:
        return {}
    at = now()
    located = door.places(reports)
    threads = []
    for report, place, number in zip(reports, located, door.numbers(at, located), strict=True):
        salt = door.new_salt()
        plan = door.plan_of(report, number, place, salt, by, at)
        threads.append(Thread(report, salt, by, plan.after, [plan.step]))
    rows = store(threads)
    return {
        _key(thread.report): Submission(row, _stored(thread), "created")
        for thread, row in zip(threads, rows, strict=True)
    }


def _stored(thread: Thread) -> Case:
    assert thread.case is not None
    return thread.case


def store(threads: Sequence[Thread]) -> list[Report]:
    """Everything of these threads, a handful of statements for all. The caller holds the transaction."""
    drafts = [_case_with_steps(thread) for thread in threads]
    cases = Case.objects.bulk_create(case for case, _steps in drafts)
    for thread, case, (_, steps) in zip(threads, cases, drafts, strict=True):
        thread.case = case
        for step in steps:
            step.case_id = case.pk
    pairs = list(zip(threads, cases, strict=True))
    reports = Report.objects.bulk_create(door.report_row(t.report, case, t.salt, t.by) for t, case in pairs)
    Step.objects.bulk_create(step for _case, steps in drafts for step in steps)
    Clock.objects.bulk_create(clock_store.to_row(c.pk, clock) for t, c in pairs for clock in t.state.clocks.values())
    CaseParty.objects.bulk_create(writer.party_row(party, c.pk) for t, c in pairs for party in t.state.parties)
    Request.objects.bulk_create(writer.request_row(asked, c.pk) for t, c in pairs for asked in t.state.requests)
    Picture.objects.bulk_create(row for t, c in pairs for step in t.steps for row in writer.pictures(step, c.pk))
    for thread, case in pairs:
        for each in thread.steps:
            writer.give_files(each, case.pk)
    search.index_many([(c.pk, door.search_text(c, row)) for (_t, c), row in zip(pairs, reports, strict=True)])
    events.append_many(event for thread, case in pairs for event in _events(thread, case))
    return reports


def _case_with_steps(thread: Thread) -> tuple[Case, list[Step]]:
    """The case as the last step left it, and its steps linked: the case carries the chain's head."""
    facts = thread.state.facts
    case = Case(**{name: getattr(facts, name) for name in writer.FACTS})
    steps = list(_linked(thread, case.chain))
    case.head_hash = steps[-1].hash
    return case, steps


def _linked(thread: Thread, chain: str) -> Iterator[Step]:
    head = None
    for step in thread.steps:
        row = writer.step_row(step, 0, chain)
        link(row, head)
        head = row.hash
        yield row


def _events(thread: Thread, case: Case) -> Iterator[Event]:
    """In the order that single steps would have announced them."""
    subject = f"case:{case.pk}"
    first, *later = thread.steps
    received: dict[str, Any] = door.received_event(case.number, thread.report.source)
    yield Event(at=first.at, kind="report.received", subject=subject, data=received)
    for step in later:
        yield Event(at=step.at, kind="case.step", subject=subject, data=writer.step_event(step, case.number))


Item = TypeVar("Item")


def _parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
