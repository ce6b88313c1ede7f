"""Cases for the map: the lists' own filters and access, one statement, no more points than a screen can show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from chengyun.casework.cases import area, filters
from chengyun.casework.cases.listed import ListedCase
from chengyun.casework.cases.models import Case, lamp_at
from chengyun.casework.cases.queries import visible_to
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.people.access import Actor

# The newest so many of what is in view; the map says when there are more.
MOST_POINTS = 6000
MOST_COUNTED = 10_000
LAMPS = ("", "green", "yellow", "red", "grey")
MEASURED = ("class_code", "class_name", "due_at", "yellow_at", "is_paused")

Box = tuple[float, float, float, float]


def chosen_on_map(params: Mapping[str, str]) -> dict[str, Any]:
    """The lists' filters; open cases alone unless one asks for all of them or for a stage."""
    chosen = filters.chosen(params)
    if params.get("scope") != "all" and "stage" not in chosen:
        chosen["open"] = True
    return chosen


def cases_on_map(actor: Actor, params: Mapping[str, str]) -> QuerySet[Case]:
    return filters.filtered(visible_to(actor), chosen_on_map(params))


def list_query(params: QueryDict, **changes: str) -> str:
    """The same filters for the list of cases."""
    kept = {name: params[name] for name in filters.FILTERS if name in params}
    if chosen_on_map(params).get("open"):
        kept["open"] = "1"
    return urlencode(kept | changes)


def box_of(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise UserError(_("范围应是四个数：最小经度,最小纬度,最大经度,最大纬度。"), field="bbox") from error
    if not all(map(math.isfinite, (west, south, east, north))) or west > east or south > north:
        raise UserError(_("范围的最小值不能大于最大值。"), field="bbox")
    return west, south, east, north


def within(cases: QuerySet[Case], box: Box) -> QuerySet[Case]:
    return area.within(cases, *box)


def points(cases: QuerySet[Case]) -> dict[str, Any]:
    """Columns, not rows: half the size. Coordinates in millionths of a degree, lamps and classes by their index."""
    columns = ("id", "lon", "lat", "class_code", "due_at", "yellow_at", "is_paused")
    rows = list(cases.order_by("-id").values_list(*columns)[: MOST_POINTS + 1])
    shown, moment = rows[:MOST_POINTS], now()
    classes = {code: index for index, code in enumerate(sorted({row[3] for row in shown}))}
    return {
        "id": [row[0] for row in shown],
        "lon": [round(row[1] * 1e6) for row in shown],
        "lat": [round(row[2] * 1e6) for row in shown],
        "class": [classes[row[3]] for row in shown],
        "lamp": [LAMPS.index(lamp_at(moment, *row[4:])) for row in shown],
        "classes": list(classes),
        "lamps": LAMPS,
        "more": len(rows) > MOST_POINTS,
    }


def listed(cases: QuerySet[Case]) -> tuple[list[ListedCase], bool]:
    """The newest of them as the list beside the map shows them, and whether there are more."""
    found = filters.fetched(cases.order_by("-id"))
    return found[: filters.PAGE], len(found) > filters.PAGE


@dataclass
class AreaCount:
    """What lies in an area; `more`: counting stopped at MOST_COUNTED, the newest."""

    total: int
    more: bool
    lamps: list[tuple[str, int]] = field(default_factory=list)
    classes: list[tuple[str, str, int]] = field(default_factory=list)


def counted_in(cases: QuerySet[Case], drawn: str) -> AreaCount:
    found = list(area.inside(cases, drawn).order_by("-id").values_list(*MEASURED)[: MOST_COUNTED + 1])
    rows, moment = found[:MOST_COUNTED], now()
    lamps = Counter(lamp_at(moment, *row[2:]) or "none" for row in rows)
    return AreaCount(len(rows), len(found) > MOST_COUNTED, lamps.most_common(), _classes(rows))


def _classes(rows: Iterable[tuple[Any, ...]]) -> list[tuple[str, str, int]]:
    """(code, name, count), most first."""
    return [(code, name, count) for (code, name), count in Counter(row[:2] for row in rows).most_common()]
