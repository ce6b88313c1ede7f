"""The address of a figure: all that is needed to measure it again and to open the cases behind it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from django.http import QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.core.models import Cursor
from chengyun.insight.figures import sight
from chengyun.insight.figures.dimensions import DIMENSIONS, Dimension, Key
from chengyun.insight.figures.measuring import Figure
from chengyun.insight.figures.periods import YEARS, Period, check_day
from chengyun.people.access import Actor

# A narrowing takes no more keys than an address can hold.
MOST_KEYS: Final = 200
_BETWEEN: Final = "~"
# The cursor before everything is the least whole number of the database.
_GREATEST: Final = 2**63


@dataclass(frozen=True)
class Told:
    """How a figure stood when its link was made: how far of the outbox it knew, at which instant, and its value."""

    cursor: Cursor
    at: dt.datetime
    value: float | None


@dataclass(frozen=True)
class Address:
    """What an address asks for."""

    period: Period
    where: Mapping[str, Sequence[Key]] = field(default_factory=dict)
    told: Told | None = None

    @property
    def query(self) -> list[tuple[str, str]]:
        return _query(self.period, self.where)


def figure_address(figure: Figure, group: Sequence[Key] | None = None) -> str:
    """Of the whole figure, or of one of its groups."""
    where = dict(figure.question.where)
    value = figure.total
    if group is not None:
        where |= {dimension.key: [key] for dimension, key in zip(figure.by, group, strict=True)}
        value = figure.groups[tuple(group)]
    told = Told(figure.as_of.cursor, figure.as_of.at, value.value)
    return address(figure.indicator.key, figure.question.period, where, told)


def address(
    key: str, period: Period, where: Mapping[str, Sequence[Key]] | None = None, told: Told | None = None
) -> str:
    query = _query(period, where or {})
    if told:
        query.append(("asof", f"{told.cursor}{_BETWEEN}{told.at.isoformat(timespec='seconds')}"))
        query.append(("was", "" if told.value is None else f"{told.value:.10g}"))
    return f"{_page(key, get_script_prefix())}?{urlencode(query)}"


@cache
def _page(key: str, _prefix: str) -> str:
    """A picture of the screen has a hundred of these."""
    return reverse("figures:figure", args=[key])


def _query(period: Period, where: Mapping[str, Sequence[Key]]) -> list[tuple[str, str]]:
    narrowed = [("where", f"{key}:{'' if each is None else each}") for key, wanted in where.items() for each in wanted]
    return [("from", period.first.isoformat()), ("to", period.last.isoformat()), *narrowed]


def read(query: QueryDict, *, by: Actor) -> Address:
    """Raises UserError naming what cannot be. Without a period it is the year so far."""
    period = period_of(query.get("from"), query.get("to"))
    return Address(period, narrowing(query.getlist("where"), ":", by=by), _told(query))


def period_of(first: str | None, last: str | None) -> Period:
    """From days as typed, 2026-01-31; left out they are today and the 1 January before."""
    end = _day(last, "to") or today()
    return Period(_day(first, "from") or end.replace(month=1, day=1), end)


def _day(text: str | None, name: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(_("日期“%s”读不懂，请写成 2026-01-31") % text[:20], field=name) from None
    # Before the other end is derived from it: nobody typed that.
    check_day(name, day)
    return day


def narrowing(pairs: Sequence[str], between: str = "=", *, by: Actor) -> dict[str, list[Key]]:
    """`township=990126001`; the same dimension twice means either. A blank key: those that have none.

    `by` is who typed it: login names that he cannot know are no names.
    """
    if len(pairs) > MOST_KEYS:
        raise UserError(_("条件最多 %d 个，请减少") % MOST_KEYS, field="where")
    where: dict[str, list[Key]] = {}
    for pair in pairs:
        key, found_between, text = pair.partition(between)
        dimension = DIMENSIONS.get(key)
        # PostgreSQL takes no NUL in words; left out, it would turn a key into another, or into none.
        if not found_between or dimension is None or "\x00" in pair:
            raise UserError(
                _("条件“%(pair)s”读不懂，应写成 维度%(between)s值；可用的维度：%(known)s")
                % {"pair": pair.replace("\x00", "")[:60], "between": between, "known": "、".join(DIMENSIONS)},
                field="where",
            )
        try:
            where.setdefault(key, []).append(sight.read(by, dimension, text) if text else None)
        except ValueError:
            raise UserError(_unknown(dimension, text[:20]), field="where") from None
    return where


def _unknown(dimension: Dimension, text: str) -> str:
    told = {"title": dimension.title, "text": text, "known": "、".join(map(str, dimension.choices or ()))}
    if dimension.choices:
        return _("“%(title)s”没有“%(text)s”，可用的有：%(known)s") % told
    if not dimension.called:
        return _("“%(title)s”没有“%(text)s”，请只写数字，例如 2026") % told
    return _("“%(title)s”没有“%(text)s”，请写编号、代码或登录名") % told


def _told(query: QueryDict) -> Told | None:
    """What the link remembers; an address that was typed or cut short remembers nothing."""
    cursor, _found, at = query.get("asof", "").partition(_BETWEEN)
    was = query.get("was", "")
    try:
        told = Told(Cursor.parse(cursor), dt.datetime.fromisoformat(at), float(was) if was else None)
    except ValueError:
        return None
    return told if _can_be(told) else None


def _can_be(told: Told) -> bool:
    known = max(abs(told.cursor.xid), abs(told.cursor.id)) <= _GREATEST
    return known and told.at.tzinfo is not None and told.at.year in YEARS and math.isfinite(told.value or 0)
