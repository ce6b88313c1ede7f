"""Kill web server and worker at random moments while people work; then ask what became of what was acknowledged.

An acknowledged report or step has been answered by the server; it must be there afterwards, whatever was killed when.
What was under way at a kill may be there or not: nobody was told anything.
"""

from __future__ import annotations

import contextlib
import os
import queue
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.e2e.installation import Installation, ServerEnded
from tests.e2e.people import Person
from tests.e2e.work import LIFE, new_report, take, version_seen

REPORTERS, STEPPERS = 2, 2
SHORTEST_PAUSE, LONGEST_PAUSE = 0.3, 1.5
SECONDS_TO_SETTLE = 60
# What nobody was told proves nothing: on a slow machine people go on working until this much was acknowledged.
ENOUGH = 20


@dataclass
class Ledger:
    """What the server has acknowledged, written down by the people who were told."""

    reports: dict[str, str] = field(default_factory=dict)  # words → number
    steps: dict[str, list[str]] = field(default_factory=dict)  # number → verbs, in order
    refusals: list[str] = field(default_factory=list)  # answers that no kill explains
    waiting: queue.Queue[str] = field(default_factory=queue.Queue)

    @property
    def step_count(self) -> int:
        return sum(map(len, self.steps.values()))


@dataclass
class Killing:
    installation: Installation
    county: dict[str, Any]
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    stopping: threading.Event = field(default_factory=threading.Event)
    kills: dict[str, int] = field(default_factory=dict)

    def run(self, kills: int) -> Ledger:
        work = [(self._report, f"r{n}") for n in range(REPORTERS)] + [(self._step, f"s{n}") for n in range(STEPPERS)]
        # Everybody logs in beforehand: sessions lie in the database and outlive every kill.
        threads = [threading.Thread(target=self._persist, args=(*each, self._people())) for each in work]
        for thread in threads:
            thread.start()
        try:
            self._kill(kills)
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()
        return self.ledger

    # --- those who kill -------------------------------------------------------------------------------------------

    def _kill(self, kills: int) -> None:
        chance = random.Random(self.seed)
        for _ in range(kills):
            time.sleep(chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))
            victim = chance.choice(("web", "web", "one web process", "worker"))
            self.kills[victim] = self.kills.get(victim, 0) + 1
            if victim == "one web process":
                self._kill_one_process(chance)
            else:
                self.installation.kill(victim)
                self.installation.start(victim)
            self._supervise()
        time.sleep(LONGEST_PAUSE)
        deadline = time.monotonic() + SECONDS_TO_SETTLE
        while min(len(self.ledger.reports), self.ledger.step_count) < ENOUGH and time.monotonic() < deadline:
            time.sleep(SHORTEST_PAUSE)

    def _kill_one_process(self, chance: random.Random) -> None:
        """The server is to replace it by itself."""
        from benchmarks.machine import family

        server, *processes = family(self.installation.running["web"].pid)
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(chance.choice(processes), signal.SIGKILL)
        time.sleep(SHORTEST_PAUSE)

    def _supervise(self) -> None:
        """What systemd does: a server that gave up because its processes died in quick succession is started again."""
        while True:
            try:
                return self.installation.wait_until_answering()
            except ServerEnded:
                self.installation.start("web")

    # --- those who work -------------------------------------------------------------------------------------------

    def _people(self) -> dict[str, Person]:
        roles = dict.fromkeys(role for role, _verb in LIFE)
        return {role: Person(self.installation.address, self.county["by_role"][role]).log_in() for role in roles}

    def _persist(
        self, work: Callable[[dict[str, Person], str, int], None], name: str, people: dict[str, Person]
    ) -> None:
        """Go on whatever happens to the server; people press the button again later."""
        round = 0
        while not self.stopping.is_set():
            round += 1
            try:
                work(people, name, round)
            except requests.RequestException:
                time.sleep(0.1)

    def _report(self, people: dict[str, Person], name: str, round: int) -> None:
        words = f"第{self.seed}轮 {name} 第{round}次上报：路灯不亮"
        number = new_report(people["receiver"], self.county, words)
        if not number:
            self.ledger.refusals.append(f"report {words}")
            return
        self.ledger.reports[words] = number
        self.ledger.waiting.put(number)

    def _step(self, people: dict[str, Person], name: str, round: int) -> None:
        try:
            number = self.ledger.waiting.get(timeout=0.5)
        except queue.Empty:
            return
        try:
            self._live(people, number)
        except requests.RequestException:
            self.ledger.waiting.put(number)  # somebody goes on with it when the server is back
            raise

    def _live(self, people: dict[str, Person], number: str) -> None:
        taken = self.ledger.steps.setdefault(number, [])
        for role, verb in LIFE:
            if self.stopping.is_set():
                return
            person = people[role]
            version = version_seen(person, number, verb)
            if not version:
                continue  # not offered: taken before, perhaps by a click whose answer was lost
            status = take(person, self.county, number, verb, version)
            if status not in (200, 302, 303):
                self.ledger.refusals.append(f"{verb} of {number}: {status}")
                return
            taken.append(verb)


def faults_after(killing: Killing) -> list[str]:
    """Everything that is wrong with the installation now, in words; an empty list is what we want."""
    installation, ledger = killing.installation, killing.ledger
    settled = settle(installation)
    stored = installation.ask("reports_with", words=list(ledger.reports))
    steps = installation.ask("steps_of", numbers=list(ledger.steps))
    faults = [
        f"acknowledged report is gone: {words} ({number})"
        for words, number in ledger.reports.items()
        if stored.get(words) != number
    ]
    faults += [
        f"acknowledged steps are gone: {number} had {verbs}, has {steps[number]}"
        for number, verbs in ledger.steps.items()
        if not is_within(verbs, steps[number])
    ]
    faults += [f"unexplained refusal: {refusal}" for refusal in ledger.refusals]
    faults += [f"left undone: {each}" for each in settled]
    faults += installation.ask("inconsistencies")
    installation.chengyun("audit", "seal")
    installation.chengyun("audit", "verify")
    return faults


def settle(installation: Installation) -> list[str]:
    """What the worker has not finished in a generous time."""
    deadline, undone = time.monotonic() + SECONDS_TO_SETTLE, ["never asked"]
    while undone and time.monotonic() < deadline:
        undone = installation.ask("undone")
    return undone


def is_within(acknowledged: list[str], stored: list[str]) -> bool:
    """In order; a step whose answer was lost may stand in between."""
    rest = iter(stored)
    return all(verb in rest for verb in acknowledged)
