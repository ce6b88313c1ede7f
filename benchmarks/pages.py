"""SQL statements per page and per submission, counted inside the installation with Django's own test client."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks import machine
from chengyun.people.access import actor_for
from chengyun.people.models import User

ROUNDS = 5


@dataclass
class Cost:
    name: str
    statements: int
    cpu_ms: float
    status: int = 200
    slowest_ms: float = 0.0  # the slowest single statement, wall time


@contextmanager
def statements() -> Iterator[list[tuple[float, str]]]:
    seen: list[tuple[float, str]] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seen.append(((time.perf_counter() - started) * 1000, sql))

    with connection.execute_wrapper(count):
        yield seen


def client_of(login: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    return client


def cost(name: str, ask: Callable[[], Any]) -> Cost:
    """The median of some rounds; the first, which warms caches, is not counted."""
    ask()
    processor, counts, slowest, status = [], [], [], 200
    for _ in range(ROUNDS):
        started = time.process_time()
        with statements() as seen:
            answer = ask()
        processor.append((time.process_time() - started) * 1000)
        counts.append(len(seen))
        slowest.append(max((ms for ms, _sql in seen), default=0))
        status = getattr(answer, "status_code", 200)
    return Cost(name, statistics.median_low(counts), statistics.median(processor), status, statistics.median(slowest))


def lists(pages: list[dict[str, str]], logins: dict[str, str]) -> list[dict[str, Any]]:
    clients: dict[str, Client] = {}
    found = []
    for page in pages:
        client = clients.setdefault(page["who"], client_of(logins[page["who"]]))
        found.append(asdict(cost(page["name"], lambda client=client, page=page: client.get(page["path"]))))
    return found


def submissions(county: dict[str, Any], first: int) -> dict[str, Any]:
    """The door itself: locate, report, case, history, search terms, outbox."""
    from random import Random

    from benchmarks.lives import draft, world
    from chengyun.casework import submit
    from chengyun.core.instants import now

    setting, random, number = world(county), Random(7), iter(range(first, first + 10_000))
    receiver = actor_for(User.objects.get(username=county["by_role"]["receiver"]))
    return asdict(cost("submit", lambda: submit(draft(setting, random, next(number), now()), by=receiver)))


def single_lives(county: dict[str, Any], first: int, count: int) -> dict[str, float]:
    """Whole lives one step at a time through the services, as people take them."""
    from random import Random

    from benchmarks.lives import ROLES, STEPS, choice_of, draft, world
    from chengyun.casework import submit, take_step
    from chengyun.core.instants import now
    from chengyun.taxonomy.models import CountyClass

    setting, random, wanted = world(county), Random(11), count
    actors = {role: actor_for(User.objects.get(username=county["by_role"][role])) for role in set(ROLES)}
    rows = [row for row in CountyClass.objects.all() if choice_of(row, [""])]
    department = county["departments"]["ZF"]
    lives, started, processor, count, database = 0, time.monotonic(), time.process_time(), 0, own_database_seconds()
    with statements() as seen:
        while lives < wanted:
            case = submit(draft(setting, random, first + lives, now()), by=actors["receiver"]).case
            minor = random.choice(rows).minor
            for verb, role in zip(STEPS, ROLES, strict=True):
                case = take_step(
                    case.pk, verb, by=actors[role], version=case.version, **brought(verb, minor, department, actors)
                )
                count += 1
            lives += 1
    spent = time.monotonic() - started
    return {
        "per_second": lives / spent,
        "cpu_ms_per_life": (time.process_time() - processor + own_database_seconds() - database) * 1000 / lives,
        "statements_per_step": len(seen) / (count + lives),
    }


def brought(verb: str, minor: Any, department: int, actors: dict[str, Any]) -> dict[str, Any]:
    from chengyun.core.instants import now
    from chengyun.taxonomy.queries import conditions_for

    if verb == "file":
        return {"condition": conditions_for(minor, now().date())[0].pk}
    return {
        "accept": {"minor_class": minor.pk},
        "dispatch": {"department": department},
        "feed_back": {"note": "已处理完毕"},
        "check_pass": {"photos": [photo(actors["collector"])] if verb == "check_pass" else []},
        "close": {"closing_met": True},
    }.get(verb, {})


def photo(by: Any) -> int:
    """An upload of one's own, as a phone sends it before the step."""
    from django.core.files.base import ContentFile

    from chengyun.core import files
    from tests.e2e.work import PICTURE

    return files.store(ContentFile(PICTURE, name="现场.png"), by=by).pk


def own_database_seconds() -> float:
    """Processor time of this connection's backend; nought on SQLite, which works in this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return machine.seconds_of(cursor.fetchone()[0])


def points(county: dict[str, Any], count: int = 100_000) -> dict[str, float]:
    """Where many points lie: cell, grid, department."""
    from random import Random

    from chengyun.regions.locate import locate_many

    random = Random(5)
    lon, lat = county["point"]
    lons = [lon + random.uniform(-0.05, 0.05) for _ in range(count)]
    lats = [lat + random.uniform(-0.05, 0.05) for _ in range(count)]
    locate_many(lons[:10], lats[:10])
    started = time.process_time()
    locate_many(lons, lats)
    return {"per_cpu_second": count / (time.process_time() - started)}


def size_of_database() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    return Path(connection.settings_dict["NAME"]).stat().st_size


def a_case() -> str:
    """The newest case that has been through everything."""
    from chengyun.casework.cases.models import Case

    return Case.objects.filter(stage="closed").order_by("-id").values_list("number", flat=True)[0]
