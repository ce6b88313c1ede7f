"""A tiny county for tests: one township, twelve cells, two people per role, a duty list. Built in a moment.

county = small.build()
take_step(case.pk, "accept", by=county.actor(Role.RECEIVER), ...)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from django.db import transaction
from shapely import Polygon

from chengyun.core import configuration, instants
from chengyun.demo import duties, organisation
from chengyun.demo.catalogue import adopt_catalogue
from chengyun.demo.county import geojson, names
from chengyun.demo.county.regions import BUILT_UP, RegionShape
from chengyun.demo.organisation import CENTRE, CENTRE_TEAMS, Organisation, Unit
from chengyun.people.access import SYSTEM, Actor, actor_for
from chengyun.people.models import Department, User
from chengyun.people.roles import Role
from chengyun.regions import locate
from chengyun.regions.models import RegionVersion, ResponsibilityGrid
from chengyun.regions.services.grids import create_grid
from chengyun.regions.services.importing import import_regions
from chengyun.taxonomy import queries as taxonomy
from chengyun.taxonomy.models import CountyClass, FilingCondition, MinorClass
from chengyun.taxonomy.services.loading import load_catalogues

TOWNSHIP = "T001"
OFFLINE = "GD"
DEPARTMENTS = ("ZF", "HW", "SZ", OFFLINE)
WEST, SOUTH, STEP = 117.1, 37.25, 0.001
OPENED = dt.datetime(2020, 1, 1, 1, tzinfo=dt.UTC)


@dataclass
class SmallCounty:
    organisation: Organisation
    version: RegionVersion
    grid: ResponsibilityGrid
    # Code of each cell → a point inside it (lon, lat).
    cells: dict[str, tuple[float, float]]
    classes: list[CountyClass]
    users: dict[Role, User] = field(default_factory=dict)

    @property
    def departments(self) -> dict[str, Department]:
        """By code: ZX the centre, ZF, HW, SZ, GD (never logs in), T001 the township."""
        return self.organisation.departments

    @property
    def township(self) -> Department:
        return self.departments[TOWNSHIP]

    @property
    def offline(self) -> Department:
        """A department that never logs in: the centre enters its steps (代录)."""
        return self.departments[OFFLINE]

    @property
    def point(self) -> tuple[float, float]:
        """A point in the first cell."""
        return next(iter(self.cells.values()))

    def user(self, login: str) -> User:
        return self.organisation.users[login]

    def actor(self, who: Role | str) -> Actor:
        """By role the centre's person (handler and leader of 综合执法局), or by login."""
        return actor_for(self.users[who] if isinstance(who, Role) else self.user(who))

    def minor(self, name: str) -> MinorClass:
        return next(row.minor for row in self.classes if row.name == name)

    def condition(self, name: str) -> FilingCondition:
        """The first filing condition of a class."""
        return taxonomy.conditions_for(self.minor(name), instants.today())[0]


@transaction.atomic
def build() -> SmallCounty:
    load_catalogues()
    configuration.change("installation.division_code", names.COUNTY_CODE, by=SYSTEM)
    with instants.at(OPENED):
        people = organisation.build(_units(), seed=1)
        version, cells = _import_regions()
        grid = create_grid(
            by=SYSTEM,
            code="990126001001",
            name="澄湖街道第一责任网格",
            cells=list(cells),
            department=people.departments[TOWNSHIP],
            collector=people.users["caiji"],
        )
    locate.forget()  # a test may still hold the map of the one before
    adopt_catalogue()
    duties.write_duty_list(people.departments)
    classes = list(taxonomy.county_catalogue(instants.today()))
    return SmallCounty(people, version, grid, cells, classes, _one_per_role(people))


def _units() -> list[Unit]:
    wanted = [unit for unit in organisation.full_units() if unit.code in (*DEPARTMENTS, TOWNSHIP)]
    units = [organisation.centre_unit(CENTRE_TEAMS), *wanted]
    return [
        replace(unit, teams=tuple(replace(team, count=min(team.count, 2)) for team in unit.teams)) for unit in units
    ]


def _one_per_role(people: Organisation) -> dict[Role, User]:
    found = {role: members[0] for (unit, role), members in people.people.items() if unit == CENTRE}
    return found | {Role.HANDLER: people.people["ZF", Role.HANDLER][0]}


def _import_regions() -> tuple[RegionVersion, dict[str, tuple[float, float]]]:
    shapes = _shapes()
    outcome = import_regions(geojson.collection(shapes), name="小县", by=SYSTEM)
    assert outcome.version, [str(fault) for fault in outcome.faults]
    cells = [shape for shape in shapes if shape.level == "cell"]
    return outcome.version, {cell.code: _middle(cell.shape) for cell in cells}


def _middle(shape: Polygon) -> tuple[float, float]:
    return round(shape.centroid.x, 6), round(shape.centroid.y, 6)


def _shapes() -> list[RegionShape]:
    """Three communities of two by two cells in a row, about a hectare each."""
    township = f"{names.COUNTY_CODE}001"
    whole = _rectangle(0, 0, 6, 2)
    shapes = [
        RegionShape("county", names.COUNTY_CODE, "", names.COUNTY_NAME, "", whole),
        RegionShape("township", township, names.COUNTY_CODE, names.townships()[0].name, "", whole),
    ]
    for number in range(3):
        code, name = f"{township}{number + 1:03}", names.groups("communities")[0][number] + "社区"
        west = 2 * number
        shapes.append(RegionShape("community", code, township, name, "", _rectangle(west, 0, west + 2, 2)))
        for serial, (column, row) in enumerate(((0, 0), (1, 0), (0, 1), (1, 1)), start=1):
            shape = _rectangle(west + column, row, west + column + 1, row + 1)
            shapes.append(RegionShape("cell", f"{code}{serial:03}", code, f"{name}{serial}号", BUILT_UP, shape))
    return shapes


def _rectangle(west: int, south: int, east: int, north: int) -> Polygon:
    """Its sides carry every corner of the cells along them, so that neighbours share their vertices."""
    corners = [(x, south) for x in range(west, east)] + [(east, y) for y in range(south, north)]
    corners += [(x, north) for x in range(east, west, -1)] + [(west, y) for y in range(north, south, -1)]
    return Polygon([(round(WEST + STEP * x, 6), round(SOUTH + STEP * y, 6)) for x, y in corners])
