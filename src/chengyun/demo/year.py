"""The last full calendar year: exactly as many cases as the model county published, told through the planned steps.

Filed and closed are counted at the end of the year. What was filed and not closed by then was voided or is suspended,
so that the figures stay the same however long afterwards somebody looks.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from chengyun.core.instants import start_of_day
from chengyun.demo import telling
from chengyun.demo.course import Course
from chengyun.demo.drafts import draw_draft
from chengyun.demo.fate import Fate, draw_fate, hurried
from chengyun.demo.rhythm import days_between, draw_days
from chengyun.demo.scenes import play
from chengyun.demo.world import World

SEED = 20_25
TRIES = 40


@dataclass(frozen=True)
class Size:
    """How much happens in a year. Reports: filed + refused + merged; of the filed all close but the last two."""

    filed: int
    refused: int
    merged: int
    voided: int
    stay_suspended: int
    hotline: int

    @property
    def closed(self) -> int:
        return self.filed - self.voided - self.stay_suspended

    @property
    def reports(self) -> int:
        return self.filed + self.refused + self.merged


FULL = Size(filed=5_828, refused=302, merged=288, voided=58, stay_suspended=8, hotline=1_373)
SMALL = Size(filed=60, refused=3, merged=3, voided=1, stay_suspended=1, hotline=14)

# Besides the hotline, in thousandths of what is left.
OTHER_SOURCES = {
    "collector": 884,
    "public": 62,
    "video": 30,
    "leader": 8,
    "department": 8,
    "media": 3,
    "superior": 2,
    "drone": 3,
}
# Who is refused and who reports again what is already known: citizens more often than collectors.
REFUSED = {"hotline": 45, "public": 20, "video": 15, "collector": 20}
MERGED = {"hotline": 60, "public": 20, "collector": 20}


@dataclass(frozen=True)
class Job:
    """One case to be told."""

    serial: int
    day: dt.date
    source: str
    fate: str  # filed, refused, voided, suspended
    duplicates: tuple[str, ...] = ()


def tell(world: World, year: int, size: Size = FULL, seed: int = SEED) -> list[Course]:
    random = Random(f"{seed}/{year}")
    until = start_of_day(dt.date(year + 1, 1, 1)) - dt.timedelta(seconds=1)
    return [_told(world, random, job, until) for job in jobs(random, year, size)]


def jobs(random: Random, year: int, size: Size) -> list[Job]:
    """Who reports on which day and what it comes to, in the order of days."""
    merged = _drawn(random, MERGED, size.merged)
    refused = _drawn(random, REFUSED, size.refused)
    filed = _filed_sources(random, size, Counter(merged) + Counter(refused))
    fates = ["filed"] * size.closed + ["voided"] * size.voided + ["suspended"] * size.stay_suspended
    random.shuffle(fates)
    pairs = [*zip(filed, fates, strict=True), *((source, "refused") for source in refused)]
    random.shuffle(pairs)
    days = draw_days(random, days_between(dt.date(year, 1, 1), dt.date(year, 12, 31)), len(pairs))
    hosts = _hosts(random, pairs, merged)
    return [
        Job(serial, _day(random, fate, day), source, fate, hosts.get(serial, ()))
        for serial, (day, (source, fate)) in enumerate(zip(days, pairs, strict=True))
    ]


def _drawn(random: Random, shares: dict[str, int], count: int) -> list[str]:
    return random.choices(list(shares), list(shares.values()), k=count)


def _filed_sources(random: Random, size: Size, others: Counter[str]) -> list[str]:
    """So that the hotline's reports, filed or not, are exactly as many as published."""
    hotline = size.hotline - others["hotline"]
    return ["hotline"] * hotline + _drawn(random, OTHER_SOURCES, size.filed - hotline)


def _hosts(random: Random, pairs: list[tuple[str, str]], merged: list[str]) -> dict[int, tuple[str, ...]]:
    """The case into which each second report is merged."""
    able = [serial for serial, (_, fate) in enumerate(pairs) if fate == "filed"]
    return {serial: (source,) for serial, source in zip(random.sample(able, len(merged)), merged, strict=True)}


def _day(random: Random, fate: str, day: dt.date) -> dt.date:
    """What is still suspended a year later was suspended late in the year."""
    return day.replace(month=12, day=random.randint(1, 19)) if fate == "suspended" else day


def _told(world: World, random: Random, job: Job, until: dt.datetime) -> Course:
    """Told again with more haste, and at last a little earlier, until it ends within the year."""
    fate = _fate(random, job)
    for attempt in range(TRIES):
        day = max(job.day - dt.timedelta(days=attempt // 6), job.day.replace(month=1, day=1))
        draft = draw_draft(random, world, day, job.source, job.serial, on_spot=fate.on_spot)
        course = telling.begin(world, random, draft, fate, until)
        course.duplicate_sources = job.duplicates
        play(course)
        if _is_as_wanted(course, job):
            return course
        fate = fate if job.fate == "suspended" else hurried(fate, random)
    raise RuntimeError(f"no way to tell {job}")


def _fate(random: Random, job: Job) -> Fate:
    fate = draw_fate(random, job.source)
    if job.fate == "filed":
        return replace(fate, on_spot=fate.on_spot and not job.duplicates)
    plain = replace(fate, on_spot=False, returned=False, recalled=False, extended=False, suspended=False)
    if job.fate == "refused":
        declined = random.random() < 0.12
        return replace(plain, declined=declined, refused=not declined)
    if job.fate == "voided":
        return replace(plain, voided=True)
    return replace(plain, stays_suspended=True, supervised=False)


def _is_as_wanted(course: Course, job: Job) -> bool:
    wanted = {"filed": "closed", "refused": "refused", "voided": "void", "suspended": "suspended"}
    return course.facts.stage == wanted[job.fate] and len(course.duplicates) == len(job.duplicates)


def shares(courses: list[Course]) -> Iterator[tuple[str, int]]:
    """What happened, for a look at the whole: verb and how many cases it befell."""
    counts = Counter(verb for course in courses for verb in {row.verb for row in course.thread.steps})
    yield from counts.most_common()
