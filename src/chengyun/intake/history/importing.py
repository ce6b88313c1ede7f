"""Cases of an older system come in with their original times, through the bulk writer, under verbs of their own.

A chunk is one short transaction: a killed import has stored whole cases, and run again it completes. A later dump of
the same system closes what was imported open and has not been touched here since.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework import batch
from chengyun.casework.batch import BatchWriter, Thread
from chengyun.casework.cases import writer
from chengyun.casework.cases.models import Case, Report, Source
from chengyun.casework.cases.planner import plan_step
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services import submit as door
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.casework.cases.state import By, Input, PlaceRef
from chengyun.casework.cases.workflow import Stage
from chengyun.casework.clocks.effects import Limit
from chengyun.core import history
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI, now
from chengyun.core.tables.bad_rows import BadRow, BadRowFile, Fault
from chengyun.core.worktime import Unit
from chengyun.intake.history.matching import Departments, classes, with_region
from chengyun.intake.history.profile import Profile
from chengyun.intake.history.reading import OldCase, Reader, open_rows
from chengyun.people.access import SYSTEM, Actor

CHUNK = 100
SECONDS_PER_HOUR = 3600
# The version of a case that was imported open and that nobody has touched since: report and import.
UNTOUCHED = 2
ENDINGS = {"closed": "import_close", "void": "import_void"}


@dataclass
class Summary:
    created: int = 0
    known: int = 0
    closed: int = 0
    bad: int = 0
    departments: int = 0
    # (lon, lat) and how many cases lie exactly there: many mean a default point that the profile should name.
    crowded: list[tuple[float, float, int]] = field(default_factory=list)

    def __str__(self) -> str:
        done = _("导入 %(created)d 件，已有 %(known)d 件，补结 %(closed)d 件，错误 %(bad)d 行") % vars(self)
        return done + (_("，新建部门 %d 个") % self.departments if self.departments else "")


CROWD = 200


class HistoryImport:
    def __init__(
        self, profile: Profile, faults: BadRowFile, *, by: Actor = SYSTEM, tell: Callable[[int], None] | None = None
    ) -> None:
        self.profile, self.faults, self.by = profile, faults, by
        self.tell = tell or (lambda row: None)
        self.departments = Departments(profile, by)
        self.classes = classes(profile)
        self.bulk = BatchWriter()
        self.doer = By(None, profile.name, "system")
        self.summary = Summary()
        # One look at the settings per region serves the whole run.
        self.rules_for = cache(rules_for)
        self.points: Counter[tuple[float, float]] = Counter()

    def run(self, path: Path) -> Summary:
        """Raises FileFault when the file cannot be read at all; nothing is stored then."""
        with open_rows(path) as rows:
            for chunk in _chunks(Reader(self.profile, rows, now()).cases()):
                self._take(chunk)
        self.summary.departments = self.departments.made
        self.summary.crowded = [(*point, count) for point, count in self.points.most_common(5) if count >= CROWD]
        self._record(path)
        return self.summary

    def _record(self, path: Path) -> None:
        told = {name: getattr(self.summary, name) for name in ("created", "known", "closed", "bad", "departments")}
        with transaction.atomic():
            history.record(f"history-import:{self.profile.key}", "imported", told | {"file": path.name}, by=self.by)

    def _take(self, chunk: Sequence[OldCase | BadRow]) -> None:
        for row in chunk:
            if isinstance(row, BadRow):
                self._refuse(row)
        old_cases: dict[str, OldCase] = {}
        repeated = []
        for row in chunk:
            if isinstance(row, OldCase) and old_cases.setdefault(self._source_id(row), row) is not row:
                repeated.append(row)
        known = self._known(list(old_cases))
        with transaction.atomic():
            self._create([row for key, row in old_cases.items() if key not in known])
        for key, report in known.items():
            self._again(report, old_cases[key])
        if repeated:
            # What a file says twice is one case: the later line is taken as a later dump would be.
            self._take(repeated)
        self.tell(chunk[-1].row if isinstance(chunk[-1], OldCase) else chunk[-1].number)

    def _refuse(self, row: BadRow) -> None:
        self.summary.bad += 1
        self.faults.add(row)

    def _source_id(self, old: OldCase) -> str:
        return f"{self.profile.key}:{old.id}"

    def _known(self, ids: list[str]) -> dict[str, Report]:
        found = Report.objects.filter(source__in=Source.values, source_id__in=ids).select_related("case")
        return {report.source_id: report for report in found}

    # --- new cases ---

    def _create(self, rows: Sequence[OldCase]) -> None:
        located = [with_region(place, row.region_code) for place, row in zip(_places(rows), rows, strict=True)]
        threads = []
        for old, place, number in zip(rows, located, _numbers(rows, located), strict=True):
            try:
                threads.append(self._thread(old, place, number))
            except UserError as fault:
                column = self.profile.columns.get(fault.field, fault.field)
                self._refuse(BadRow(old.row, (Fault(column, str(fault)),)))
        if threads:
            batch.store(threads)
            _announce_nothing([thread.case.pk for thread in threads if thread.case])
        self.summary.created += len(threads)
        self.points.update((row.lon, row.lat) for row in rows if row.lon is not None and row.lat is not None)

    def _thread(self, old: OldCase, place: PlaceRef, number: str) -> Thread:
        rules = self.rules_for(place.township_code or place.county_code)
        report = door.checked(self._report(old))
        thread = self.bulk.begin(report, number, place, old.opened_at, self.by, rules)
        thread.step("import", self._known_then(old), self.doer, old.opened_at, rules)
        if old.closed_at:
            thread.step(ENDINGS[old.state], self._ending(old), self.doer, old.closed_at, rules)
        return thread

    def _report(self, old: OldCase) -> SubmittedReport:
        return SubmittedReport(
            source=old.source,
            source_id=self._source_id(old),
            received_at=old.opened_at,
            title=old.title,
            words=old.words,
            address=old.address,
            lon=old.lon,
            lat=old.lat,
            extra={"imported_from": self.profile.name},
        )

    def _known_then(self, old: OldCase) -> Input:
        return {
            "department": self.departments.of(old.department),
            "minor_class": self.classes.get(old.class_name),
            "class_name": old.class_name,
            "limit": _limit(old),
            "imported": {
                "system": self.profile.name, "id": old.id, "class": old.class_name, "department": old.department,
                "due_at": old.due_at.isoformat() if old.due_at else "", "state": old.state,
            },
        }  # fmt: skip

    def _ending(self, old: OldCase) -> Input:
        return {"note": old.closing_note, "imported": {"system": self.profile.name, "id": old.id, "state": old.state}}

    # --- cases that an earlier run brought ---

    def _again(self, report: Report, old: OldCase) -> None:
        case = report.case
        if old.closed_at is None or case.version != UNTOUCHED or case.stage != Stage.DISPATCHED:
            self.summary.known += 1
            return
        with transaction.atomic():
            rules = self.rules_for(case.township_code or case.county_code)
            given = self._ending(old)
            writer.store(plan_step(writer.load(case), ENDINGS[old.state], given, self.doer, old.closed_at, rules), case)
        self.summary.closed += 1


def _limit(old: OldCase) -> Limit | None:
    """The span from report to deadline in continuous hours, so that the clock falls due at the original instant.

    A deadline before the report leaves no time at all: due at once. What the older system wrote stands in the history.
    """
    if old.due_at is None:
        return None
    seconds = max(int((old.due_at - old.opened_at).total_seconds()), 0)
    hours = Decimal(seconds) / SECONDS_PER_HOUR
    return Limit(hours, Unit.URGENT_HOUR)


def _places(rows: Sequence[OldCase]) -> list[PlaceRef]:
    return door.places([SubmittedReport("", "", row.opened_at, "", lon=row.lon, lat=row.lat) for row in rows])


def _numbers(rows: Sequence[OldCase], located: Sequence[PlaceRef]) -> list[str]:
    """Numbers of the day on which each case was reported."""
    by_day: dict[dt.date, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        by_day[row.opened_at.astimezone(SHANGHAI).date()].append(at)
    numbers = [""] * len(rows)
    for places in by_day.values():
        given = door.numbers(rows[places[0]].opened_at, [located[at] for at in places])
        for at, number in zip(places, given, strict=True):
            numbers[at] = number
    return numbers


def _announce_nothing(case_ids: Sequence[int]) -> None:
    """A deadline that passed in the older system is no news for anybody's desk."""
    Case.objects.filter(pk__in=case_ids, due_at__lt=now()).update(announced_lamp="red")


def _chunks(rows: Iterator[OldCase | BadRow]) -> Iterator[list[OldCase | BadRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
