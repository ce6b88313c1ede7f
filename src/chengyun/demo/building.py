"""Builds the demo county in numbered parts. Each part is one transaction with its own mark: it stands whole or not at
all, and a build that was killed goes on with the first part that has no mark.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction

from chengyun.core import configuration, handlers, instants
from chengyun.demo import (
    campaigns,
    census,
    grids,
    orders,
    organisation,
    photos,
    shifts,
    signs,
    targets,
    telling,
    traces,
    views,
    weeks,
    year,
)
from chengyun.demo.catalogue import adopt_catalogue
from chengyun.demo.county import geojson, names
from chengyun.demo.county.regions import County, build_county
from chengyun.demo.duties import write_duty_list
from chengyun.demo.models import DemoStep
from chengyun.demo.organisation import Organisation
from chengyun.demo.roster import plan_roster
from chengyun.demo.scenes import living
from chengyun.demo.world import World
from chengyun.people.access import SYSTEM
from chengyun.regions import locate
from chengyun.regions.services.importing import import_regions
from chengyun.taxonomy.services.loading import load_catalogues

# The registers say that the county has worked like this since then.
OPENED = dt.datetime(2020, 1, 1, 1, tzinfo=dt.UTC)
PEOPLE_SEED = 150
# Handlers of this ending tell people what happened.
TELLING = "notices"


@dataclass(frozen=True)
class Scale:
    """How much of a county: `full` is the model county, `small` has its map and people but a quiet year."""

    size: year.Size
    reports_per_day: float


SCALES = {"full": Scale(year.FULL, weeks.PER_DAY), "small": Scale(year.SMALL, 2.0)}


@dataclass(frozen=True)
class Progress:
    number: int
    of: int
    title: str
    result: str
    seconds: float
    was_there: bool = False


@dataclass
class Build:
    scale: Scale
    now: dt.datetime = field(default_factory=instants.now)

    @property
    def last_year(self) -> int:
        return instants.civil_day(self.now).year - 1

    @cached_property
    def county(self) -> County:
        return build_county()

    @cached_property
    def organisation(self) -> Organisation:
        return organisation.load(organisation.full_units())

    @cached_property
    def world(self) -> World:
        return World(self.organisation, photos.originals())

    # --- the parts ----------------------------------------------------------------------------------------------

    def catalogue(self) -> str:
        load_catalogues()
        return f"{adopt_catalogue()} 个小类（两版）"

    def regions(self) -> str:
        configuration.change("installation.division_code", names.COUNTY_CODE, by=SYSTEM)
        with instants.at(OPENED):
            outcome = import_regions(geojson.collection(self.county.regions), name=names.COUNTY_NAME, by=SYSTEM)
        if outcome.version is None:
            raise RuntimeError(f"the demo county does not pass the importer: {outcome.faults[0]}")
        return f"{sum(outcome.counts.values())} 个区域"

    def people(self) -> str:
        with instants.at(OPENED):
            built = organisation.build(organisation.full_units(), PEOPLE_SEED)
        return f"{len(built.departments)} 个单位，{len(built.users)} 人"

    def places(self) -> str:
        with instants.at(OPENED):
            count, places = grids.create_grids(self.county, self.organisation), grids.create_places()
        return f"{count} 个责任网格，{places} 个地名，{signs.put_up()} 条道路"

    def duties(self) -> str:
        rows = write_duty_list(self.organisation.departments)
        turns = plan_roster(self.organisation, instants.civil_day(self.now))
        return f"{rows} 条权责，{turns} 个班次"

    def pictures(self) -> str:
        return f"{photos.store_originals()} 张"

    def year(self) -> str:
        courses = year.tell(self.world, self.last_year, self.scale.size)
        telling.write(self.world, courses)
        orders.write_orders(f"{self.last_year}年", self.last_year)
        size = self.scale.size
        return f"{self.last_year} 年上报 {size.reports} 件，立案 {size.filed} 件，结案 {size.closed} 件"

    def weeks(self) -> str:
        courses = weeks.tell(self.world, self.now, self.scale.reports_per_day)
        telling.write(self.world, courses)
        return f"{len(courses)} 件"

    def campaigns(self) -> str:
        return f"{campaigns.tell(self.organisation, photos.originals(), self.now)} 项"

    def living(self) -> str:
        leave_history_untold()
        courses = living.tell(self.world, self.now)
        telling.write(self.world, courses)
        orders.write_orders("近期", self.last_year + 1)
        views.save_views(self.organisation)
        return f"{len(courses)} 件"

    def components(self) -> str:
        return census.build(self.last_year)

    def shifts(self) -> str:
        return f"{shifts.tell(self.world, self.now)} 张交接班单"

    def traces(self) -> str:
        return traces.leave(self.organisation, self.now)

    def targets(self) -> str:
        return f"{targets.tell(self.organisation, self.now, self.last_year)} 项"


def leave_history_untold() -> None:
    """Nobody wants a notice of every step of last year; what lies on the desks now is told."""
    handlers.discover()
    for name in handlers.names():
        if name.endswith(TELLING):
            handlers.begin_now(name)


Part = tuple[str, str, Callable[[Build], str]]
PARTS: tuple[Part, ...] = (
    ("catalogue", "分类目录", Build.catalogue),
    ("regions", "区划与单元网格", Build.regions),
    ("people", "机构与人员", Build.people),
    ("places", "责任网格与地名", Build.places),
    ("duties", "权责清单与值班表", Build.duties),
    ("pictures", "演示照片", Build.pictures),
    ("year", "上一年的案件", Build.year),
    ("weeks", "近几周的案件", Build.weeks),
    ("campaigns", "专项行动", Build.campaigns),
    ("living", "此刻待办的案件", Build.living),
    ("components", "部件普查", Build.components),
    ("shifts", "交接班", Build.shifts),
    ("traces", "备注、关注、标绘和登录", Build.traces),
    ("targets", "计划与目标", Build.targets),
)
LAST = PARTS[-1][0]


def build(scale: Scale) -> Iterator[Progress]:
    return run(Build(scale), PARTS)


def run(task: Build, parts: Sequence[Part]) -> Iterator[Progress]:
    """Part after part; those that stand already are only named."""
    standing = {step.name: step for step in DemoStep.objects.all()}
    for number, (name, title, part) in enumerate(parts, start=1):
        if name in standing:
            yield Progress(number, len(parts), title, "", standing[name].seconds, was_there=True)
        else:
            result, seconds = _built(task, name, part)
            yield Progress(number, len(parts), title, result, seconds)


def _built(task: Build, name: str, part: Callable[[Build], str]) -> tuple[str, float]:
    started = time.monotonic()
    with transaction.atomic():
        result = part(task)
        # Also where the part is not committed yet, as in a test: the next one asks for places anew.
        locate.forget()
        seconds = round(time.monotonic() - started, 1)
        DemoStep.objects.create(name=name, done_at=instants.now(), seconds=seconds)
    return result, seconds
