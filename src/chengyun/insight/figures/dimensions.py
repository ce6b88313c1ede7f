"""By what a figure can be split and narrowed: one expression over fact and case each, and how its keys are called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.models import Source
from chengyun.casework.cases.workflow import CLOCK_TITLES, Stage
from chengyun.core.declarations import Text
from chengyun.insight.figures import naming

Key = Any
Names = Mapping[Key, str]

# A whole number of the database.
MOST_DIGITS: Final = 18
# Tables whose rows know a person or a department of their own; elsewhere the case's main department answers.
_OWN: Final = {"steps": "f.{}", "rounds": "f.{}", "requests": "f.{}"}


@dataclass(frozen=True)
class Dimension:
    key: str
    title: Text
    # SQL; `{when}` is the instant that puts the row into the period, as civil time.
    sql: str
    # The words for these keys.
    names: Callable[[Collection[Key]], Names]
    # For some tables another expression.
    own: Mapping[str, str]
    is_number: bool = False

    def expression(self, table: str, when: str) -> str:
        sql = self.own.get(table, self.sql)
        return sql.replace("{when}", f"({when} + INTERVAL 8 HOUR)")

    @property
    def of_what(self) -> str:
        """For the documentation: what the key is taken from."""
        if self.is_time:
            return "the instant that puts the row into the period"
        return "the case; of steps, rounds and requests their own" if self.own else "the case"

    @property
    def is_time(self) -> bool:
        """Whether its keys have an order of their own."""
        return "{when}" in self.sql

    def read(self, text: str) -> Key:
        """A key as typed. Raises ValueError where it cannot be one."""
        if not self.is_number:
            return text
        if len(text) > MOST_DIGITS:
            raise ValueError(text)
        return int(text)


def _fixed(names: Mapping[Key, Text]) -> Callable[[Collection[Key]], Names]:
    return lambda keys: {key: str(names[key]) for key in keys if key in names}


WEEKDAYS: Final = dict(enumerate((_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")), 1))
SEASONS: Final = {1: _("春（3–5月）"), 2: _("夏（6–8月）"), 3: _("秋（9–11月）"), 4: _("冬（12–2月）")}
# From the date alone: meteorological seasons.
_SEASON = "CASE WHEN month({when}) = 12 THEN 4 WHEN month({when}) < 3 THEN 4 ELSE month({when}) // 3 END"


def _dimension(
    key: str, title: Text, sql: str, names: Callable[[Collection[Key]], Names] = naming.plain, *,
    number: bool = False, **own: str,
) -> Dimension:  # fmt: skip
    return Dimension(key, title, sql, names, own, number)


DIMENSIONS: Final = {
    each.key: each
    for each in (
        _dimension("source", _("来源"), "c.source", _fixed(dict(Source.choices)), reports="f.source"),
        _dimension("kind", _("部件事件"), "c.kind", naming.kinds),
        _dimension("major", _("大类"), "c.standard || '/' || c.kind || '/' || c.major_code", naming.majors),
        _dimension("class", _("小类"), "c.standard || '/' || c.kind || '/' || c.class_code", naming.minors),
        _dimension("department", _("部门"), "c.department_id", naming.departments, number=True,
                   **{table: sql.format("department_id") for table, sql in _OWN.items()}),
        _dimension("person", _("人员"), "c.handler_id", naming.people, number=True,
                   steps="f.user_id", rounds="f.user_id", reports="f.reporter_id", requests="f.asked_by_id"),
        _dimension("county", _("区县"), "c.county_code", naming.regions),
        _dimension("township", _("乡镇街道"), "c.township_code", naming.regions),
        _dimension("community", _("社区（村）"), "c.community_code", naming.regions),
        _dimension("cell", _("单元网格"), "c.cell_code"),
        _dimension("grid", _("责任网格"), "c.grid_id", naming.grids, number=True),
        _dimension("area", _("区域类别"), "c.area_class"),
        _dimension("stage", _("环节"), "c.stage", _fixed(dict(Stage.choices))),
        _dimension("clock", _("计时环节"), "c.clock_stage", _fixed(CLOCK_TITLES), rounds="f.clock", steps="f.clock"),
        _dimension("year", _("年"), "year({when})", number=True),
        _dimension("month", _("月"), "strftime({when}, '%Y-%m')"),
        _dimension("week", _("周"), "strftime({when}, '%G-W%V')"),
        _dimension("day", _("日"), "strftime({when}, '%Y-%m-%d')"),
        _dimension("weekday", _("星期"), "isodow({when})", _fixed(WEEKDAYS), number=True),
        _dimension("hour", _("时段"), "hour({when})", naming.hours, number=True),
        _dimension("season", _("季节"), _SEASON, _fixed(SEASONS), number=True),
    )
}  # fmt: skip
