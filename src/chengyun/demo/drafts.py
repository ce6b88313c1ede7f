"""Reports before anybody has seen them: when, from whom, about what, where, in which words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from chengyun.demo import pictures, words
from chengyun.demo.rhythm import SHANGHAI, instant_on
from chengyun.demo.spots import Happening, draw_spot
from chengyun.demo.subjects import HOURS
from chengyun.demo.world import Kind, World
from chengyun.intake.hotline.services.importing import DEFAULT_FEED

# Out of a thousand reports; the hotline's exact number of the year is set by `year`.
SOURCES = {
    "collector": 696,
    "hotline": 212,
    "public": 42,
    "video": 24,
    "leader": 7,
    "department": 8,
    "media": 4,
    "superior": 3,
    "drone": 4,
}
COLLECTOR_HOURS = (0, 0, 0, 0, 0, 0, 2, 11, 14, 14, 11, 7, 4, 8, 13, 13, 10, 6, 3, 1, 0, 0, 0, 0)
DESK_HOURS = (0, 0, 0, 0, 0, 0, 0, 2, 12, 14, 13, 9, 2, 4, 12, 13, 12, 7, 1, 0, 0, 0, 0, 0)
PICTURE_WORDS = {
    "car": ("机动车", "停车", "车辆", "黑车", "单车"),
    "stall": ("经营", "游商", "市", "烧烤", "餐饮", "促销"),
    "hole": ("井盖", "道路破损", "塌陷", "箅子", "路缘石", "盲道", "盖板", "积水", "管道"),
    "tree": ("树", "绿", "林", "花"),
    "lamp": ("灯", "杆", "牌", "线缆", "亭"),
    "bins": ("垃圾箱", "垃圾间", "垃圾站", "公共厕所", "回收箱"),
}


@dataclass(frozen=True)
class Draft:
    at: dt.datetime
    source: str
    source_id: str
    kind: Kind
    spot: Happening
    title: str
    text: str
    reporter_name: str
    reporter_phone: str
    # Number of the picture that shows it; used where the reporter took one.
    picture: int
    has_picture: bool


def draw_draft(random: Random, world: World, day: dt.date, source: str, serial: int, *, on_spot: bool = False) -> Draft:
    return make_draft(random, source, serial, world.draw_kind(random, day, source, on_spot=on_spot), day, None)


def make_draft(
    random: Random, source: str, serial: int, kind: Kind, when: dt.datetime | dt.date, spot: Happening | None
) -> Draft:
    at = when if isinstance(when, dt.datetime) else instant_on(random, when, hours_of(source, kind))
    spot = spot or draw_spot(random, kind.subject.in_townships, kind.subject.where)
    is_citizen = source in ("hotline", "public")
    return Draft(
        at=at,
        source=source,
        source_id=_source_id(source, at, serial),
        kind=kind,
        spot=spot,
        title=f"{spot.wording}{kind.name.removesuffix('异常')}{_trouble(kind)}",
        text=words.describe(random, kind.subject, spot.wording, source),
        reporter_name=words.caller_name(random) if is_citizen else "",
        reporter_phone=words.phone(random) if is_citizen else "",
        picture=_picture_for(random, kind.name),
        has_picture=random.random() < {"collector": 0.85, "public": 0.7, "video": 0.9, "drone": 0.9}.get(source, 0),
    )


def _source_id(source: str, at: dt.datetime, serial: int) -> str:
    """The hotline's begin with its feed, as its import writes them."""
    own = f"{at.astimezone(SHANGHAI):%Y%m%d}{serial:05}"
    return f"{DEFAULT_FEED}/{own}" if source == "hotline" else f"{source.upper()}-{own}"


def _trouble(kind: Kind) -> str:
    """A part is a thing: «污水井盖问题»; a matter says what is wrong by its name."""
    return "问题" if kind.ref.kind == "part" or kind.name.endswith("异常") else ""


def hours_of(source: str, kind: Kind) -> tuple[int, ...]:
    if source == "collector":
        return COLLECTOR_HOURS
    return HOURS[kind.subject.hours] if source in ("hotline", "public", "video") else DESK_HOURS


def _picture_for(random: Random, class_name: str) -> int:
    shown = next(
        (shown for shown, parts in PICTURE_WORDS.items() if any(part in class_name for part in parts)), "rubbish"
    )
    street = random.randrange(pictures.COUNT // len(pictures.SUBJECTS))
    return street * len(pictures.SUBJECTS) + pictures.SUBJECTS.index(shown)
