"""The weeks up to this minute, so that the desks have living work: cases go as far as the clock on the wall allows."""

from __future__ import annotations

import datetime as dt
from random import Random

from chengyun.core.instants import civil_day, start_of_day
from chengyun.demo import telling
from chengyun.demo.course import Course
from chengyun.demo.drafts import SOURCES, draw_draft
from chengyun.demo.fate import Fate, draw_fate
from chengyun.demo.rhythm import days_between, draw_days
from chengyun.demo.scenes import play
from chengyun.demo.world import World

DAYS = 40
PER_DAY = 17.6
REFUSED, MERGED, VOIDED = 0.05, 0.045, 0.01
SEED = 40


def tell(world: World, now: dt.datetime, per_day: float = PER_DAY) -> list[Course]:
    """Never earlier than the year after the last full one, whose figures are complete."""
    today = civil_day(now)
    first = max(today - dt.timedelta(days=DAYS), today.replace(month=1, day=1))
    random = Random(f"{SEED}/{today}")
    days = days_between(first, today)
    drawn = draw_days(random, days, round(per_day * len(days)))
    courses = [_told(world, random, serial, day, now) for serial, day in enumerate(drawn)]
    return [course for course in courses if course is not None]


def _told(world: World, random: Random, serial: int, day: dt.date, now: dt.datetime) -> Course | None:
    """None where the report would only come later today."""
    source = random.choices(list(SOURCES), list(SOURCES.values()))[0]
    fate = _fate(random, source)
    draft = draw_draft(random, world, day, source, serial, on_spot=fate.on_spot)
    if draft.at > now or draft.at < start_of_day(day):
        return None
    course = telling.begin(world, random, draft, fate, now)
    if not course.fate.on_spot and random.random() < MERGED:
        course.duplicate_sources = (random.choice(("hotline", "public", "collector")),)
    play(course)
    return course


def _fate(random: Random, source: str) -> Fate:
    chance = random.random()
    if chance < REFUSED:
        return Fate(refused=True, verified=random.random() < 0.4)
    if chance < REFUSED + VOIDED:
        return Fate(voided=True)
    return draw_fate(random, source)
