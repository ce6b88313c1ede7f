"""What a tile of the screen gets: who looks and when, then the figures that it asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chengyun.core.errors import NotFound
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.measuring import Figure, Question
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import Scope
from chengyun.insight.figures.together import Asked

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf, Session

DAYS = 30


@dataclass(frozen=True)
class Span:
    """A period with its name, and the stretch before that it is compared with."""

    title: str
    period: Period
    before: Period
    compared: str


@dataclass(frozen=True)
class Looking:
    """One civil day, one scope: all that a question of the screen depends on."""

    scope: Scope
    day: dt.date

    @property
    def today(self) -> Span:
        yesterday = self.day - dt.timedelta(days=1)
        return Span(_("今日"), Period(self.day, self.day), Period(yesterday, yesterday), _("较昨日全天"))

    @property
    def month(self) -> Span:
        first = self.day.replace(day=1)
        last_end = first - dt.timedelta(days=1)
        until = last_end.replace(day=min(self.day.day, last_end.day))
        return Span(_("本月"), Period(first, self.day), Period(last_end.replace(day=1), until), _("较上月同期"))

    @property
    def year(self) -> Span:
        first = self.day.replace(month=1, day=1)
        year = self.day.year - 1
        # 29 February has no same day the year before.
        until = dt.date(year, self.day.month, 28 if (self.day.month, self.day.day) == (2, 29) else self.day.day)
        return Span(_("本年"), Period(first, self.day), Period(dt.date(year, 1, 1), until), _("较去年同期"))

    @property
    def days(self) -> Span:
        first = self.day - dt.timedelta(days=DAYS - 1)
        before = Period(first - dt.timedelta(days=DAYS), first - dt.timedelta(days=1))
        return Span(_("近 %d 天") % DAYS, Period(first, self.day), before, _("较前 %d 天") % DAYS)

    def asked(self, key: str, period: Period, *by: str, where: Mapping[str, Sequence[Key]] | None = None) -> Asked:
        indicator = find(key)
        if indicator is None:
            raise NotFound(_("没有“%s”这个指标") % key)
        return Asked(indicator, Question(period, self.scope, where or {}), by)


@dataclass(frozen=True)
class Seen:
    """The answers: `figures` in the order in which the tile asked, and the facts for what is no figure."""

    looking: Looking
    session: Session
    as_of: AsOf
    figures: Sequence[Figure] = field(default_factory=tuple)

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Over the tables of the facts; `{scope}` is the condition over the case `c`, `$as_of` the instant."""
        return self.session.ask(*self._said(sql, parameters))

    def moving(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """The same over cases alone that have not ended, or have lately: `facts.halves`."""
        return self.session.halves.ask_moving("cases", *self._said(sql, parameters))

    def filed(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Over `file_cases` …, which do not know what happened lately; not to depend on `$as_of`."""
        return self.session.files.recall(*self._said(sql, parameters))

    def changed(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Over `hot_cases` …, which hold all that `filed` does not know, and all of these cases that it does."""
        return self.session.halves.ask_changed(*self._said(sql, parameters))

    def _said(self, sql: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        scope = self.looking.scope
        said = sql.replace("{scope}", scope.sql)
        known = {**scope.parameters, "as_of": self.as_of.at.astimezone(dt.UTC).replace(tzinfo=None), **parameters}
        return said, {name: value for name, value in known.items() if f"${name}" in said}
