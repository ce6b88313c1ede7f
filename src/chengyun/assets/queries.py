"""Questions over components. Each costs the same whatever the register's size; see the indexes of `models`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from chengyun.assets import identifiers, mercator
from chengyun.assets.models import Caption, Component, State, Unit
from chengyun.core.errors import NotFound
from chengyun.core.geometry import box_around, metres_between
from chengyun.taxonomy.models import Kind, MinorClass
from chengyun.taxonomy.queries import catalogue

# West, south, east, north in degrees.
Box = tuple[float, float, float, float]
# Up to so many captions a search names their ids; above, the words are frequent and the list's own order finds them.
FEW_CAPTIONS = 300
# A word that one caption in so many holds stands among the newest components, too.
EVERYWHERE = 40
# The first look for what is near: most askers stand in front of the thing.
FIRST_LOOK_M = 30.0
# Digits of an identifier: with division and class, and with all but the last three of its sequence.
CLASS_ENDS, NARROW = 11, 14


# The class as something that no index knows: the place narrows the search down, the class only picks among the few.
CLASS_READ = Concat("class_code", Value(""))


@dataclass(frozen=True)
class Near:
    component: Component
    metres: float


def in_service() -> QuerySet[Component]:
    return Component.objects.filter(valid_to__isnull=True)


def component_for(identifier: str) -> Component:
    """By its identifier, or by the one that it had before 2026."""
    text = identifier.replace("\x00", "")  # PostgreSQL refuses NUL in a text
    rows = Component.objects.select_related("manager", "owner", "maintainer", "minor", "first_import")
    found: Component | None = rows.filter(identifier=text).first() or (
        rows.filter(former_identifier=text).first() if text else None
    )
    if found is None:
        raise NotFound(_("没有标识码为 %s 的部件") % text[:30], field="component")
    return found


def nearest(
    lon: float,
    lat: float,
    class_code: str = "",
    limit: int = 10,
    within_m: float = 100.0,
    class_codes: Iterable[str] = (),
) -> list[Near]:
    """Components in service around a point, nearest first; one statement, two where few stand close by."""
    codes = [class_code] if class_code else list(class_codes)
    close = min(FIRST_LOOK_M, within_m)
    found = _around(lon, lat, codes, limit, close)
    if len(found) < limit and close < within_m:
        found = _around(lon, lat, codes, limit, within_m)
    return found


def _around(lon: float, lat: float, codes: list[str], limit: int, within_m: float) -> list[Near]:
    rows = inside(box_around(lon, lat, within_m)).exclude(state=State.REMOVED).select_related("maintainer")
    if codes:
        rows = rows.alias(code=CLASS_READ).filter(code__in=codes)
    # Near enough to a distance to choose by; what is chosen is then measured. Half as many again, because a square's
    # corners come along, and because the two measures differ in the last centimetre.
    east, north = (F("lon") - lon) * cos(radians(lat)), F("lat") - lat
    chosen = rows.order_by(east * east + north * north, "id")[: limit + limit // 2 + 4]
    measured = (Near(each, metres_between(lon, lat, each.lon, each.lat)) for each in chosen)
    return sorted((near for near in measured if near.metres <= within_m), key=lambda near: near.metres)[:limit]


def inside(box: Box) -> QuerySet[Component]:
    """Components in service in a box of degrees."""
    west, south, east, north = box
    (min_x, min_y), (max_x, max_y) = mercator.steps(west, north), mercator.steps(east, south)
    return in_service().filter(y__range=(min_y, max_y), x__range=(min_x, max_x))


# --- the register's list ------------------------------------------------------------------------------------------


def filtered(rows: QuerySet[Component], chosen: Mapping[str, Any]) -> QuerySet[Component]:
    """`chosen`: q, minor (5 digits), major (2), state, department (id of the county's), township (9 digits), region
    (the beginning of those), moved (as `_moved` reads it); blanks are left aside."""
    for name, narrow in FILTERS.items():
        if chosen.get(name):
            rows = narrow(rows, chosen[name])
    return rows


def _search(rows: QuerySet[Component], text: str) -> QuerySet[Component]:
    """Digits are the beginning of an identifier, everything else words of name and road."""
    words = text.replace("\x00", "").split()
    for word in words[:5]:
        rows = _starting(rows, word) if word.isascii() and word.isdigit() and len(word) >= 5 else _named(rows, word)
    return rows


def _starting(rows: QuerySet[Component], digits: str) -> QuerySet[Component]:
    """What is narrow goes by the identifier's index; what is wide is walked in the list's own order."""
    span = identifiers.span(digits[: identifiers.LENGTH])
    if len(digits) == identifiers.LENGTH - 1 and (former := rows.filter(former_identifier=digits)).exists():
        return former
    if len(digits) >= NARROW:
        return rows.filter(identifier__range=span)
    if not Component.objects.filter(identifier__range=span).exists():
        return rows.none()
    if len(digits) >= CLASS_ENDS:
        rows = rows.filter(class_code=digits[6:CLASS_ENDS])
    return rows.alias(read=Concat("identifier", Value(""))).filter(read__startswith=digits)


def _named(rows: QuerySet[Component], word: str) -> QuerySet[Component]:
    captions = Caption.objects.filter(text__contains=word)
    few = list(captions.values_list("pk", flat=True)[: FEW_CAPTIONS + 1])
    if len(few) <= FEW_CAPTIONS:
        return rows.filter(caption_id__in=few)
    if connection.vendor == "sqlite" and max(few) - min(few) < EVERYWHERE * FEW_CAPTIONS:
        # SQLite would read all captions before the first component. Here each component asks for its own, and the
        # list is full after a few pages' worth of them.
        return rows.filter(Exists(captions.filter(pk=OuterRef("caption_id"))))
    # No index of captions leads the way.
    return rows.alias(found_by=F("caption_id") + 0).filter(found_by__in=captions.values_list("pk", flat=True))


def _of_major(rows: QuerySet[Component], code: str) -> QuerySet[Component]:
    """A few are named by their ids, many are found in the list's own order."""
    of_it = Component.objects.filter(class_code__range=(f"{code}000", f"{code}999"))
    few = list(of_it.values_list("pk", flat=True)[: FEW_CAPTIONS + 1])
    if len(few) <= FEW_CAPTIONS:
        return rows.filter(pk__in=few)
    return rows.alias(read=CLASS_READ).filter(read__startswith=code)


def moved(rows: QuerySet[Component], move: str, first: dt.date, last: dt.date) -> QuerySet[Component]:
    """Put in service (begun), changed or out of service (ended) on these days, both included, as the register dates
    it; what ended is no longer in service."""
    return rows.filter(**{f"{MOVES[move]}__range": (first, last)})


def _moved(rows: QuerySet[Component], text: str) -> QuerySet[Component]:
    """`begun:2025-01-01:2025-12-31`."""
    move, first, last = text.split(":")
    return moved(rows, move, dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def _of_department(rows: QuerySet[Component], department_id: int) -> QuerySet[Component]:
    units = list(Unit.objects.filter(department_id=department_id).values_list("pk", flat=True))
    return rows.filter(manager_id__in=units)


# What became of a component, and the day that says so.
MOVES = {"begun": "valid_from", "changed": "changed_date", "ended": "valid_to"}
FILTERS: dict[str, Callable[[QuerySet[Component], Any], QuerySet[Component]]] = {
    "q": _search,
    "minor": lambda rows, value: rows.filter(class_code=value),
    "state": lambda rows, value: rows.filter(state=value),
    "major": _of_major,
    "region": lambda rows, value: rows.filter(township_code__startswith=value),
    "moved": _moved,
    "township": lambda rows, value: rows.filter(township_code=value),
    "department": _of_department,
}


# --- the census in figures ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heap:
    """How many components in service share a class, township and state."""

    class_code: str
    township_code: str
    state: str
    count: int


def heaps() -> list[Heap]:
    """One walk through the register; whoever shows it keeps it while the register stands still."""
    rows = in_service().order_by().values_list("class_code", "township_code", "state").annotate(count=Count("pk"))
    return [Heap(*row) for row in rows]


def part_classes() -> dict[str, MinorClass]:
    """Code → class of every part that a component can be, by code."""
    known = catalogue()
    found = (minor for minor in known.minors.values() if minor.kind == Kind.PART and len(minor.code) == 5)
    current = {minor.code: minor for minor in found if known.current(minor.pk) is minor}
    return dict(sorted(current.items()))


def component_codes(minor: MinorClass | None) -> list[str]:
    """The class codes of components that a case of this class can be about; none for what is no part.

    A part of an older edition through the mapping; a matter «…异常» of GB/T 47678.5-2026 is its part's twin, same code.
    """
    if minor is None:
        return []
    known = catalogue()
    current = known.current(minor.pk) or minor
    if current.kind == Kind.PART:
        return [current.code]
    twin = next((part for part, matter in known.twins.items() if matter == current.pk), None)
    return [known.minors[twin].code] if twin else []
