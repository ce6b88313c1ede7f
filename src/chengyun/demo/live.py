"""A county that goes on living: while the mark stands, new reports come in now and then through the one door."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.core.files.base import ContentFile

from chengyun.casework import submit
from chengyun.casework.cases.services.submit import Submission
from chengyun.casework.cases.state import PlaceRef
from chengyun.core import files, instants
from chengyun.demo import organisation, pictures, telling
from chengyun.demo.drafts import Draft, make_draft
from chengyun.demo.models import DemoStep
from chengyun.demo.photos import NAME
from chengyun.demo.rhythm import SHANGHAI
from chengyun.demo.subjects import HOURS
from chengyun.demo.world import World
from chengyun.regions.locate import locate

ALIVE = "alive"
SOURCES = {"collector": 60, "hotline": 26, "public": 10, "video": 4}


def is_alive() -> bool:
    return DemoStep.objects.filter(name=ALIVE).exists()


def wake() -> None:
    DemoStep.objects.get_or_create(name=ALIVE, defaults={"done_at": instants.now(), "seconds": 0})


def rest() -> None:
    DemoStep.objects.filter(name=ALIVE).delete()


def perhaps_report(random: Random) -> Submission | None:
    """At the busiest hour nearly every time, at night hardly ever."""
    now = instants.now()
    hours = HOURS["all"]
    if random.random() > hours[now.astimezone(SHANGHAI).hour] / max(hours):
        return None
    return report(random, now)


def report(random: Random, now: dt.datetime) -> Submission:
    world = World(organisation.load(organisation.full_units()))
    source = random.choices(list(SOURCES), list(SOURCES.values()))[0]
    kind = world.draw_kind(random, instants.civil_day(now), source)
    draft = make_draft(random, source, random.randrange(10**9), kind, now, None)
    by = telling.reporter(world, random, draft, PlaceRef(*locate(draft.spot.lon, draft.spot.lat)))
    shown = [files.store(_picture(draft), by=by).pk] if draft.has_picture else []
    return submit(telling.report_of(draft, shown), by=by)


def _picture(draft: Draft) -> ContentFile[bytes]:
    return ContentFile(pictures.picture(draft.picture), name=f"{NAME}{draft.picture + 1:02}.jpg")
