"""The census of the demo county: a few thousand components beside the town's roads, and one under every recent case
about a component. It comes in as a file, the way that a county's does.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from chengyun.assets.models import Component
from chengyun.assets.queries import component_codes, part_classes
from chengyun.assets.reading.columns import heading
from chengyun.assets.services.faults import FaultFile
from chengyun.assets.services.importing import import_components
from chengyun.casework.cases.models import Case
from chengyun.casework.components.services import link
from chengyun.core import instants
from chengyun.core.tables.bad_rows import imports_folder
from chengyun.demo.county import names
from chengyun.demo.county.roads import Road, build_roads, spot_on
from chengyun.demo.subjects import subject_for
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department
from chengyun.taxonomy.models import MinorClass

SEED = 47678
COUNT = 3_600
# So many of the newest cases about a component are tied to theirs.
TIED = 240
FILE = "部件普查.csv"
SURVEYED = ("20210618", "20220409", "20230922")
STATES = ("完好",) * 30 + ("破损", "破损", "丢失", "废弃")
# Words in a class's name → how common it is in the streets; what no word is in, is rare.
COMMON = {"井盖": 9, "箅子": 40, "路灯": 60, "垃圾箱": 25, "行道树": 60, "交通标志": 20, "护栏": 8, "消火栓": 6}
FIELDS = ("identifier", "name", "state", "manager_name", "maintainer_name", "lon", "lat", "accuracy", "road",
          "initial_date", "source")  # fmt: skip
Line = tuple[str, ...]


class _Writer:
    """Lines of the census, each with the next number of its class."""

    def __init__(self) -> None:
        self.random = Random(SEED)
        self.serials = Counter[str]()
        self.departments = dict(Department.objects.values_list("code", "name"))

    def line(self, minor: MinorClass, lon: float, lat: float, road: str, state: str) -> Line:
        self.serials[minor.code] += 1
        identifier = f"{names.COUNTY_CODE}{minor.code}{self.serials[minor.code]:06}"
        owner = self.departments.get(subject_for(minor.name).owner, "")
        manager = owner or next(iter(self.departments.values()))
        day = self.random.choice(SURVEYED)
        return (identifier, minor.name, state, manager, owner, f"{lon:.7f}", f"{lat:.7f}", "B", road, day, "实测")


def take() -> tuple[int, int]:
    """(components, cases tied to one). The cases must be there."""
    writer, cases = _Writer(), _cases()
    under = list(_under_cases(writer, cases))
    lines = [*_along_roads(writer), *(line for _case, line in under)]
    _bring_in(lines)
    tied = 0
    known = set(Component.objects.values_list("identifier", flat=True))
    for case, line in under:
        if line[0] in known:
            link(case, line[0], by=SYSTEM)
            tied += 1
    return len(known), tied


def _bring_in(lines: Iterable[Line]) -> None:
    path: Path = imports_folder() / FILE
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heading(field) for field in FIELDS)
        writer.writerows(lines)
    with FaultFile(path) as faults:
        import_components(path, faults=faults, by=SYSTEM)


def _along_roads(writer: _Writer) -> Iterator[Line]:
    classes = list(part_classes().values())
    weights = [_commonness(minor.name) for minor in classes]
    roads = [road for road in build_roads() if not road.township_code and road.length > 60]
    lengths = [road.length for road in roads]
    for _ in range(COUNT):
        minor = writer.random.choices(classes, weights)[0]
        road: Road = writer.random.choices(roads, lengths)[0]
        spot = spot_on(writer.random, road, writer.random.uniform(3, 9))
        yield writer.line(minor, spot.lon, spot.lat, road.name, writer.random.choice(STATES))


def _commonness(name: str) -> float:
    return next((float(weight) for word, weight in COMMON.items() if word in name), 0.4)


def _cases() -> Sequence[Case]:
    """The newest with a place whose class may be a component's."""
    recent = Case.objects.filter(lon__isnull=False, minor_class__isnull=False).select_related("minor_class__standard")
    found = [case for case in recent.order_by("-id")[: TIED * 12] if component_codes(case.minor_class)]
    return found[:TIED]


def _under_cases(writer: _Writer, cases: Iterable[Case]) -> Iterator[tuple[Case, Line]]:
    parts = part_classes()
    for case in cases:
        minor = parts[component_codes(case.minor_class)[0]]
        state = "完好" if case.closed_at else "破损"
        assert case.lon is not None and case.lat is not None
        yield case, writer.line(minor, case.lon, case.lat, _road(case.address), state)


def _road(address: str) -> str:
    """«听荷路36号» stands on 听荷路; other words name no road."""
    return next((road.name for road in build_roads() if address.startswith(road.name)), "")


def surveyed_at(year: int) -> dt.datetime:
    """The census was brought in at the beginning of the year that the demo tells."""
    return dt.datetime(year, 1, 8, 2, tzinfo=dt.UTC)


def build(year: int) -> str:
    with instants.at(surveyed_at(year)):
        count, tied = take()
    return f"{count} 个部件，{tied} 件案件指向其中一个"
