"""The command screen: what its data cost at a million cases, and twenty viewers while fifty cases a second come in.

    python benchmarks/screen.py [--size 1000000] [--filled 10000] [--minutes 3] [--viewers 20] [--rate 50]

The first copies the facts of a filled county up to `size` (as Parquet, by DuckDB: the screen asks nothing else) and
makes its snapshot, again and again, each time after so many new reports. The second loads a real `chengyun serve` with
`filled` cases: every viewer polls as the wall does, the batch writer brings `rate` reports in one transaction a second.
Writes «Command screen» into docs/performance.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import machine, report  # noqa: E402
from benchmarks.filled import filled  # noqa: E402
from tests.e2e.people import Person  # noqa: E402

HEADING = "## Command screen"
# As the wall's script does: each second, sooner where the answer says when a newer one can be there.
POLL_S = 1.0
ROUNDS, FRESH = 15, 50


# --- asked inside the installation ----------------------------------------------------------------------------------


def snapshots(size: int, county: dict[str, Any]) -> dict[str, Any]:
    """What a snapshot takes over facts copied up to `size` cases, in milliseconds: the first, and after new cases."""
    from chengyun.insight.facts import session as facts
    from chengyun.people.access import actor_for
    from chengyun.people.models import User
    from chengyun.web.screen import snapshot

    taken: dict[str, list[float]] = {"wall": [], "cpu": []}
    with a_million_facts(size) as copied:
        leader = actor_for(User.objects.get(username=county["by_role"]["leader"]))
        facts.forget()
        for number in range(ROUNDS + 1):
            if number:
                report_steadily(county, 0.001, FRESH)
            snapshot.forget()
            wall, cpu = time.perf_counter(), time.process_time()
            found, _next_in = snapshot.snapshot_for(leader)
            taken["wall"].append((time.perf_counter() - wall) * 1000)
            taken["cpu"].append((time.process_time() - cpu) * 1000)
        [(still_open,)] = facts.session().ask("SELECT count(*) FROM cases WHERE ended_at IS NULL")
    first = {name: values.pop(0) for name, values in taken.items()}
    return {"cases": copied, "open": still_open, "bytes": len(found.body), "first": first, **taken}


@contextmanager
def a_million_facts(size: int) -> Iterator[int]:
    """For a while the facts of this installation are copied up to `size` cases; how many they are."""
    from django.conf import settings

    from chengyun.insight.facts import feed

    before = settings.DATA_DIR
    with tempfile.TemporaryDirectory() as directory:
        settings.DATA_DIR = Path(directory)
        feed.rebuild()
        yield copied(size)
    settings.DATA_DIR = before


def copied(size: int) -> int:
    """Each file of the facts as often as it takes, the copies with ids of their own, below all that will come."""
    import duckdb

    from chengyun.insight.facts import schema, store

    known = store.manifest()
    assert known is not None
    database = duckdb.connect()
    names = ", ".join(f"'{store.folder() / name}'" for name in known.files("cases"))
    count, most = database.execute(f"SELECT count(*), max(case_id) FROM read_parquet([{names}])").fetchone() or (0, 0)
    times = max(1, size // count)
    for month in known.months.values():
        for table in schema.TABLES:
            path = store.folder() / month[table]
            order = ", ".join(schema.ORDER[table])
            database.execute(
                f"""COPY (SELECT * EXCLUDE (copy) REPLACE (case_id - copy * {most} AS case_id)
                      FROM read_parquet('{path}'), range({times}) AS copies(copy) ORDER BY {order})
                    TO '{path}.new' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"""
            )
            Path(f"{path}.new").replace(path)
    return int(count * times)


def report_steadily(county: dict[str, Any], seconds: float, rate: int) -> dict[str, Any]:
    """`rate` reports in one transaction each second, as fast as the machine lets."""
    from random import Random

    from benchmarks.lives import draft, world
    from chengyun.casework.batch import BatchWriter
    from chengyun.casework.cases.rules import rules_for
    from chengyun.casework.cases.services import submit as door
    from chengyun.core.instants import now
    from chengyun.people.access import SYSTEM

    setting, writer, random, rules = world(county), BatchWriter(), Random(7), rules_for("")
    began, written = time.monotonic(), 0
    commits: list[tuple[float, int]] = []
    while (spent := time.monotonic() - began) < seconds:
        reports = [draft(setting, random, written + each, now()) for each in range(rate)]
        places = door.places(reports)
        numbers = door.numbers(now(), places)
        pairs = zip(reports, numbers, places, strict=True)
        writer.write([writer.begin(each, number, place, now(), SYSTEM, rules) for each, number, place in pairs])
        written += rate
        commits.append((time.time(), written))
        time.sleep(max(0.0, written / rate - (time.monotonic() - began)))
    return {"written": written, "seconds": spent, "commits": commits}


# --- twenty walls ---------------------------------------------------------------------------------------------------


@dataclass
class Viewer:
    person: Person
    until: float
    seen: str = ""
    next_in: float | None = None
    waits: list[float] = field(default_factory=list)
    news: int = 0
    errors: list[str] = field(default_factory=list)
    # When how many reports of the day stood on this wall.
    stood: list[tuple[float, int]] = field(default_factory=list)

    def watch(self) -> None:
        while (asked := time.monotonic()) < self.until:
            try:
                self.poll()
            except (OSError, ValueError) as error:
                self.errors.append(type(error).__name__)
            rest = max(POLL_S / 4, POLL_S - (time.monotonic() - asked))
            time.sleep(rest if self.next_in is None else self.next_in)

    def poll(self) -> None:
        began = time.perf_counter()
        answer = self.person.get("/screen/data", seen=self.seen)
        self.waits.append((time.perf_counter() - began) * 1000)
        self.next_in = float(answer.headers["X-Behind"]) if "X-Behind" in answer.headers else None
        if answer.status_code == 200:
            self.news += 1
            data = answer.json()
            self.seen = data["version"]
            self.stood.append((time.time(), today(data)))
        elif answer.status_code != 204:
            self.errors.append(str(answer.status_code))


def today(data: dict[str, Any]) -> int:
    """The reports of the day: the first number of the screen, told exactly."""
    return int(re.sub(r"\D", "", data["tiles"]["totals"]["rows"][0]["cells"][0]["exact"]))


def lags(viewer: Viewer, commits: list[tuple[float, int]]) -> list[float]:
    """Seconds from each commit until its reports stood on this wall."""
    begun = viewer.stood[0][1]
    found = (
        (committed, next((at for at, count in viewer.stood if count >= begun + written), None))
        for committed, written in commits
    )
    return [max(0.0, at - committed) for committed, at in found if at is not None]


def loaded(options: argparse.Namespace, ready: Any) -> dict[str, Any]:
    installation, seconds = ready.installation, options.minutes * 60
    try:
        installation.chengyun("insight", "rebuild")  # as the worker of a county has long done
        installation.start_all()
        leader = Person(installation.address, ready.county["by_role"]["leader"]).log_in()
        viewers = [Viewer(leader, 0) for _number in range(options.viewers)]
        for each in viewers:
            each.poll()
        web = installation.running["web"].pid
        before, load = machine.application_seconds(web), os.getloadavg()[0]
        writing: dict[str, Any] = {}
        arguments = {"county": ready.county, "seconds": seconds, "rate": options.rate}
        writer = threading.Thread(
            target=lambda: writing.update(installation.ask("report_steadily", module="benchmarks.screen", **arguments))
        )
        tasks = [writer, *(threading.Thread(target=each.watch) for each in viewers)]
        for each in viewers:
            each.until = time.monotonic() + seconds
        for task in tasks:
            task.start()
        for task in tasks:
            task.join()
        spent = machine.application_seconds(web) - before
        return {"viewers": viewers, "cpu": spent, "writing": writing, "load": (load, os.getloadavg()[0])}
    finally:
        installation.stop()


# --- told -----------------------------------------------------------------------------------------------------------


def at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def text(options: argparse.Namespace, made: dict[str, Any], load: dict[str, Any], about: str) -> str:
    viewers: list[Viewer] = load["viewers"]
    waits = [wait for each in viewers for wait in each.waits]
    errors = [error for each in viewers for error in each.errors]
    written = load["writing"]["written"] / load["writing"]["seconds"]
    median = at(made["cpu"], 0.5)
    late = [lag for each in viewers for lag in lags(each, load["writing"]["commits"])]
    return "\n".join(
        [
            HEADING,
            "",
            f"Written by `python benchmarks/screen.py` on {dt.date.today().isoformat()}: {about}.",
            "",
            f"**All data of the screen, {made['cases']:,} cases, {made['open']:,} of them open** (facts copied by"
            f" DuckDB, {FRESH} new cases before each): median {median:.0f} ms processor time, least"
            f" {min(made['cpu']):.0f}; {at(made['wall'], 0.5):.0f} ms by the clock, slowest of {ROUNDS}"
            f" {max(made['wall']):.0f} ms; {made['bytes'] / 1000:.0f} kB compressed. Budget ≤ 150 ms:"
            f" {report.verdict(median <= 150)}. The first after the process began took"
            f" {made['first']['cpu'] / 1000:.1f} s of processor time.",
            "",
            f"**{options.viewers} viewers, {options.rate} new cases a second**, {options.filled:,} cases before,"
            f" {options.minutes:g} minutes, SQLite, load {load['load'][0]:.0f} to {load['load'][1]:.0f}: the writer"
            f" brought {written:.0f} cases a second, {len(waits):,} polls, {sum(each.news for each in viewers):,} of"
            f" them with news, {len(errors)} errors; a poll took {at(waits, 0.5):.0f} ms (median),"
            f" {at(waits, 0.95):.0f} ms (95 %), {max(waits):.0f} ms at most. A new case stood on a wall"
            f" {at(late, 0.5):.1f} s after its commit (median), {at(late, 0.95):.1f} s (95 %),"
            f" {max(late):.1f} s at most; budget ≤ 2 s: {report.verdict(at(late, 0.95) <= 2)}. The server used"
            f" {load['cpu'] / (options.minutes * 60):.0%} of one core.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--filled", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--report", type=Path, default=ROOT / "docs" / "performance.md")
    options = parser.parse_args()
    os.environ.pop("CHENGYUN_DATABASE", "")
    ready, about = filled("", options.filled, print), machine.words()
    # First, for the load brings many cases that nobody closes.
    made = ready.installation.ask("snapshots", module="benchmarks.screen", size=options.size, county=ready.county)
    load = loaded(options, ready)
    report.put_section(options.report, HEADING, text(options, made, load, about))
    print(json.dumps(made))


if __name__ == "__main__":
    main()
