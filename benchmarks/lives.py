"""Many whole lives of cases, planned and written in bulk: the mass that the other measurements stand on."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from django.core.files.base import ContentFile

from benchmarks.pages import own_database_seconds
from chengyun.casework.batch import BatchWriter, Thread
from chengyun.casework.cases.models import Source
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.services import submit as door
from chengyun.casework.cases.services.resolve import class_ref, condition_ref
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.casework.cases.state import By, ClassRef, ConditionRef, DepartmentRef, PlaceRef
from chengyun.core import files
from chengyun.core.files import StoredFile
from chengyun.core.instants import now
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Department, User
from chengyun.regions.models import Region
from chengyun.taxonomy.models import CountyClass
from chengyun.taxonomy.queries import conditions_for

STREETS = ("迎宾路", "人民路", "湖滨路", "建设街", "学府路", "车站街", "清河巷", "东环路")
MATTERS = ("路灯不亮", "井盖缺失", "垃圾未清", "占道经营", "路面破损", "乱贴广告", "树枝倒伏", "积水难行")
CHUNK = 600
# A cell of the small county is 0.001 degrees wide; the points known are the middles.
WITHIN_CELL = 0.0004


@dataclass(frozen=True)
class Choice:
    minor: ClassRef
    conditions: dict[str, ConditionRef]  # by area class


@dataclass
class World:
    """Everything that a life needs, looked up once."""

    choices: list[Choice]
    departments: list[DepartmentRef]
    people: dict[str, By]
    points: list[tuple[float, float]]
    sources: tuple[str, ...]
    picture: int


def by_of(user: User, role: str) -> By:
    actor = actor_for(user)
    return By(user.pk, user.name, role, actor.post_name, actor.home_department_id, "")


def world(county: dict[str, Any]) -> World:
    users = {user.username: user for user in User.objects.all()}
    areas = [*Region.objects.filter(level="cell").values_list("area_class", flat=True).distinct(), ""]
    return World(
        choices=[choice for row in CountyClass.objects.all() if (choice := choice_of(row, areas))],
        departments=[DepartmentRef(row.pk, row.short_name) for row in Department.objects.filter(kind="department")],
        people={role: by_of(users[login], role) for role, login in county["by_role"].items()},
        points=[tuple(point) for point in county["points"]],
        sources=tuple(value for value in Source.values),
        picture=picture(),
    )


def picture() -> int:
    """The one that every check shows; the same bytes under one key for all cases."""
    from tests.e2e.work import PICTURE

    known = StoredFile.objects.filter(name="bench.png").first()
    return (known or files.store(ContentFile(PICTURE, name="bench.png"), by=SYSTEM)).pk


def choice_of(row: CountyClass, areas: list[str]) -> Choice | None:
    found = conditions_for(row.minor, now().date())
    if not found:
        return None
    return Choice(class_ref(row.minor), {area: condition_ref(found[0], area) for area in areas})


def draft(world: World, random: Random, number: int, received_at: dt.datetime) -> SubmittedReport:
    lon, lat = (degrees + random.uniform(-WITHIN_CELL, WITHIN_CELL) for degrees in random.choice(world.points))
    words = f"{random.choice(STREETS)}{number % 300}号{random.choice(MATTERS)}，请尽快处理（{number}）"
    return SubmittedReport(
        source=random.choice(world.sources),
        source_id=f"bench-{number}-{received_at.timestamp():.0f}",
        received_at=received_at,
        title=words[:40],
        words=words,
        address=f"{random.choice(STREETS)}{number % 300}号",
        lon=lon,
        lat=lat,
    )


STEPS = ("accept", "file", "dispatch", "receive", "feed_back", "send_check", "check_pass", "close")
ROLES = ("receiver", "duty_chief", "dispatcher", "handler", "handler", "receiver", "collector", "duty_chief")


def live(thread: Thread, world: World, random: Random, at: dt.datetime, rules: Any, last: int) -> None:
    """From the report to the step numbered `last`."""
    choice = random.choice(world.choices)
    condition = choice.conditions.get(thread.state.facts.area_class, choice.conditions[""])
    given: dict[str, dict[str, Any]] = {
        "accept": {"minor_class": choice.minor},
        "file": {"condition": condition},
        "dispatch": {"department": random.choice(world.departments)},
        "feed_back": {"note": "已处理完毕"},
        "check_pass": {"photos": (world.picture,)},
        "close": {"closing_met": True},
    }
    for verb, role in itertools.islice(zip(STEPS, ROLES, strict=True), last):
        at += dt.timedelta(minutes=random.randint(1, 20))
        thread.step(verb, given.get(verb, {}), world.people[role], at, rules)


def threads(world: World, writer: BatchWriter, count: int, random: Random, first: int) -> Iterator[Thread]:
    """A year of reports, the oldest first; nine in ten run to their end, the others stop somewhere on the way."""
    start, span = now() - dt.timedelta(days=365), dt.timedelta(days=364)
    rules_of: dict[str, Any] = {}
    for chunk in range(0, count, CHUNK):
        size = min(CHUNK, count - chunk)
        moments = [start + span * ((chunk + index) / count) for index in range(size)]
        reports = [draft(world, random, first + chunk + index, moment) for index, moment in enumerate(moments)]
        places: list[PlaceRef] = door.places(reports)
        numbers = door.numbers(moments[0], places)
        for report, place, number, at in zip(reports, places, numbers, moments, strict=True):
            rules = rules_of.setdefault(place.township_code, rules_for(place.township_code))
            thread = writer.begin(report, number, place, at, SYSTEM, rules)
            last = len(STEPS) if random.random() < 0.9 else random.randrange(len(STEPS))
            live(thread, world, random, at, rules, last)
            yield thread


def fill(county: dict[str, Any], count: int, first: int) -> dict[str, float]:
    """Write `count` lives; answers the seconds and how many ran to their end per second."""
    setting, writer, random = world(county), BatchWriter(), Random(first)
    started, processor, ended, database = time.perf_counter(), time.process_time(), 0, own_database_seconds()
    pending = threads(setting, writer, count, random, first)
    while part := list(itertools.islice(pending, writer.chunk)):
        writer.write(part)
        ended += sum(thread.state.facts.stage == "closed" for thread in part)
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "cpu": time.process_time() - processor,
        "db_cpu": own_database_seconds() - database,
        "closed": ended,
        "per_second": ended / seconds,
    }
