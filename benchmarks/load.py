"""Many people at once against a real `chengyun serve`: 100 desks and 200 phones, with the pauses that people make.

    python benchmarks/load.py [--size 100000] [--minutes 10] [--desks 100] [--phones 200] [--only sqlite|postgresql]

Desks look at their queue, read a case, take a step, search, report; their pages poll /live. Phones report with a
picture, look at their list and poll. Writes «Under load» into docs/performance.md. A wait of more than 30 s or any
answer that is not wanted is an error. PostgreSQL is loaded where CHENGYUN_DATABASE names a server.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import secrets
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import machine, report  # noqa: E402
from benchmarks.filled import filled  # noqa: E402
from tests.e2e.people import Person  # noqa: E402
from tests.e2e.work import PICTURE, brought  # noqa: E402

HEADING = "## Under load"
# Seconds between two things that somebody does, and between two polls of an open page.
DESK_PAUSE, PHONE_PAUSE = (8, 30), (40, 160)
# A page in sight asks every three seconds; a phone is in a pocket most of the time.
DESK_POLL, PHONE_POLL = 3, 12
DESKS = ("receiver", "duty_chief", "dispatcher", "handler")
CASE_LINK = re.compile(r'href="/cases/(\d{12,})/"')
STEP_FORM = re.compile(r'action="(/cases/\d+/(accept|file|dispatch|receive|feed_back|send_check))"')
# Where a page's polling begins.
BEGINS = re.compile(r'<live-poll [^>]*after="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
CONDITION = re.compile(r'name="condition" value="(\d+)"')
# Somebody else was faster: a person reads the message and goes on.
TOO_LATE = (403, 404, 409)


@dataclass
class Tally:
    """What was asked, how long it took, what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    late: int = 0

    def ask(self, kind: str, request: Callable[[], Any], wanted: tuple[int, ...] = (200, 204, 302)) -> Any:
        started = time.perf_counter()
        try:
            answer = request()
        except OSError as error:
            self.errors.append(f"{kind}: {type(error).__name__}")
            return None
        self.seconds[kind].append(time.perf_counter() - started)
        if kind == "step" and answer.status_code in TOO_LATE:
            self.late += 1
        elif answer.status_code not in wanted:
            self.errors.append(f"{kind}: {answer.status_code}")
        return answer


@dataclass
class Somebody:
    person: Person
    county: dict[str, Any]
    tally: Tally
    random: Random
    until: float
    source: str = "public"
    polls: int = DESK_POLL
    cursor: str = ""

    def pause(self, span: tuple[float, float]) -> None:
        """Thinks; the open page polls meanwhile."""
        resume = min(self.until, time.monotonic() + self.random.uniform(*span))
        while (left := resume - time.monotonic()) > 0:
            time.sleep(min(self.polls, left))
            if left > self.polls and self.cursor:
                self.poll()

    def poll(self) -> None:
        answer = self.tally.ask("live", lambda: self.person.get("/live", after=self.cursor))
        if answer is not None and answer.status_code == 200:
            self.cursor = str(answer.json().get("cursor", self.cursor))

    def desk(self) -> None:
        self.pause((0, DESK_PAUSE[1]))
        self.look()
        while time.monotonic() < self.until:
            self.random.choices((self.work, self.search, self.report), (8, 2, 1))[0]()
            self.pause(DESK_PAUSE)

    def phone(self) -> None:
        self.pause((0, PHONE_PAUSE[1]))
        self.look()
        while time.monotonic() < self.until:
            self.random.choices((self.report, self.look), (1, 2))[0]()
            self.pause(PHONE_PAUSE)

    def look(self) -> str:
        """The queue, then one of its cases; answers the case's page."""
        answer = self.tally.ask("queue", lambda: self.person.get("/cases/"))
        if answer is not None and (begins := BEGINS.search(answer.text)):
            self.cursor = begins.group(1)
        numbers = CASE_LINK.findall(answer.text) if answer is not None else []
        if not numbers:
            return ""
        number = self.random.choice(numbers)
        shown = self.tally.ask("case page", lambda: self.person.get(f"/cases/{number}/"), (200, 404))
        return shown.text if shown is not None and shown.status_code == 200 else ""

    def work(self) -> None:
        page = self.look()
        found, version = STEP_FORM.search(page), VERSION.search(page)
        if not (found and version):
            return
        path, verb = found.groups()
        given = {"version": version.group(1), **brought(verb, self.county)}
        if condition := CONDITION.search(page):
            given["condition"] = condition.group(1)  # of the case's own class
        self.pause((3, 10))
        self.tally.ask("step", lambda: self.person.post(path, **given), (200, 302))

    def search(self) -> None:
        words = self.random.choice(("路灯", "迎宾路 井盖", "垃圾", "水塔", "4711"))
        self.tally.ask("search", lambda: self.person.get("/cases/all", q=words))

    def report(self) -> None:
        lon, lat = self.random.choice(self.county["points"])
        given = {
            "key": secrets.token_hex(16),
            "source": self.source,
            "title": "路灯不亮",
            "words": "整条街的路灯都不亮",
        }
        picture = {"photos": ("现场.png", PICTURE, "image/png")}
        place = {"location": f"{lon},{lat}", "address": "迎宾路1号"}
        self.tally.ask(
            "report with a picture",
            lambda: self.person.post("/report/new", files=picture, **given, **place),
            (302, 303),
        )


# --- the crowd ------------------------------------------------------------------------------------------------------


def crowd(options: argparse.Namespace, address: str, county: dict[str, Any], until: float) -> list[Somebody]:
    """Everybody is logged in before the time begins to count; people of one role share its login."""
    random, tally = Random(3), Tally()
    roles = [DESKS[number % len(DESKS)] for number in range(options.desks)] + ["collector"] * options.phones
    sessions = {role: Person(address, county["by_role"][role]).log_in().session.cookies for role in set(roles)}
    found = []
    for number, role in enumerate(roles):
        person = Person(address, county["by_role"][role])
        person.session.cookies.update(sessions[role])
        own = {"source": "collector", "polls": PHONE_POLL} if role == "collector" else {}
        found.append(Somebody(person, county, tally, Random(random.random() + number), until, **own))
    return found


def run(options: argparse.Namespace, server: str) -> dict[str, Any]:
    ready = filled(server, options.size, print)
    installation = ready.installation
    try:
        installation.start_all()
        people = crowd(options, installation.address, ready.county, 0)
        until = time.monotonic() + options.minutes * 60
        web = installation.running["web"].pid
        before = machine.application_seconds(web), machine.memory_mb(web), os.getloadavg()[0]
        tasks = []
        for number, each in enumerate(people):
            each.until = until
            tasks.append(threading.Thread(target=each.desk if number < options.desks else each.phone))
        for task in tasks:
            task.start()
        for task in tasks:
            task.join()
        spent = machine.application_seconds(web) - before[0]
        return {
            "tally": people[0].tally, "cpu": spent, "memory": (before[1], machine.memory_mb(web)),
            "load": (before[2], os.getloadavg()[0]), "about": machine.words(),
        }  # fmt: skip
    finally:
        installation.stop()


def at(seconds: list[float], share: float) -> str:
    return f"{sorted(seconds)[int(len(seconds) * share)] * 1000:.0f}"


def lines_of(name: str, options: argparse.Namespace, result: dict[str, Any]) -> list[str]:
    tally: Tally = result["tally"]
    asked = sum(len(each) for each in tally.seconds.values())
    share = result["cpu"] / (options.minutes * 60)
    rows = [
        f"| {kind} | {len(each)} | {at(each, 0.5)} | {at(each, 0.95)} | {at(each, 0.99)} |"
        for kind, each in sorted(tally.seconds.items())
    ]
    return [
        f"**{name}, {options.size:,} cases**, {options.desks} desks and {options.phones} phones,"
        f" {options.minutes:g} minutes ({result['about']}; load {result['load'][0]:.0f} to {result['load'][1]:.0f}):"
        f" {asked:,} requests, {len(tally.errors)} errors, {tally.late} steps that somebody else had taken before."
        f" The server used {share:.0%} of one core, {result['cpu'] * 1000 / max(1, asked):.0f} ms a request;"
        f" memory {result['memory'][0]:.0f} MB before, {result['memory'][1]:.0f} MB after.",
        "",
        *([f"Errors: {', '.join(sorted(set(tally.errors)))}.", ""] if tally.errors else []),
        "| request | count | p50 ms | p95 ms | p99 ms |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--desks", type=int, default=100)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--report", type=Path, default=ROOT / "docs" / "performance.md")
    options = parser.parse_args()
    server = os.environ.pop("CHENGYUN_DATABASE", "")
    text = [HEADING, "", f"Written by `python benchmarks/load.py` on {dt.date.today().isoformat()}.", ""]
    if options.only != "postgresql":
        text += lines_of("SQLite", options, run(options, ""))
    if server.startswith("postgres") and options.only != "sqlite":
        text += lines_of("PostgreSQL", options, run(options, server))
    report.put_section(options.report, HEADING, "\n".join(text))


if __name__ == "__main__":
    main()
