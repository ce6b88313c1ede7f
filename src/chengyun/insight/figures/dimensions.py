"""By what a figure can be split and narrowed: one expression over fact and case each, and how its keys are called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.models import Source
from chengyun.casework.cases.workflow import CLOCK_TITLES, Stage
from chengyun.core.declarations import Text
from chengyun.core.digits import whole
from chengyun.insight.figures import naming
from chengyun.taxonomy.models import Kind

Key = Any
Names = Mapping[Key, str]

# A whole number of the database.
MOST_DIGITS: Final = 18


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
    # All keys that there can be, where they are few; else whatever is known to the facts.
    choices: Mapping[Key, Text] | None = None
    # The key of what people call by a code or a login name.
    called: Callable[[str], Key | None] | None = None

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
        """A key as typed: as figures give it, or as people call it. Raises ValueError where there is none such."""
        key = self._key(text)
        if key is None or (self.choices is not None and key not in self.choices):
            raise ValueError(text)
        return key

    def _key(self, text: str) -> Key | None:
        if not self.is_number:
            return text
        if (number := whole(text, most=MOST_DIGITS)) is not None:
            return number
        return self.called(text) if self.called else None


WEEKDAYS: Final = dict(enumerate((_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")), 1))
SEASONS: Final = {1: _("春（3–5月）"), 2: _("夏（6–8月）"), 3: _("秋（9–11月）"), 4: _("冬（12–2月）")}
HOURS: Final = {hour: f"{hour:02}:00" for hour in range(24)}
# From the date alone: meteorological seasons.
_SEASON = "CASE WHEN month({when}) = 12 THEN 4 WHEN month({when}) < 3 THEN 4 ELSE month({when}) // 3 END"


def _dimension(
    key: str, title: Text, sql: str, names: Callable[[Collection[Key]], Names] = naming.plain, *,
    number: bool = False, called: Callable[[str], Key | None] | None = None, **own: str,
) -> Dimension:  # fmt: skip
    return Dimension(key, title, sql, names, own, number or called is not None, called=called)


def _fixed(key: str, title: Text, sql: str, choices: Mapping[Key, Text], **own: str) -> Dimension:
    """Of few keys, known beforehand."""

    def names(keys: Collection[Key]) -> Names:
        return {each: str(choices[each]) for each in keys if each in choices}

    return Dimension(key, title, sql, names, own, all(isinstance(each, int) for each in choices), choices)


DIMENSIONS: Final = {
    each.key: each
    for each in (
        _fixed("source", _("来源"), "c.source", dict(Source.choices), reports="f.source"),
        _fixed("kind", _("部件事件"), "c.kind", dict(Kind.choices)),
        _dimension("major", _("大类"), "c.major_standard || '/' || c.kind || '/' || c.major_code", naming.majors),
        _dimension("class", _("小类"), "c.standard || '/' || c.kind || '/' || c.class_code", naming.minors),
        # Tables whose rows know a person or a department of their own say so; elsewhere the case's main one answers.
        _dimension("department", _("部门"), "c.department_id", naming.departments,
                   called=naming.department_of,
                   steps="f.department_id", rounds="f.department_id", requests="f.department_id"),
        _dimension("person", _("人员"), "c.handler_id", naming.people, called=naming.person_of,
                   steps="f.user_id", rounds="f.user_id", reports="f.reporter_id", requests="f.asked_by_id"),
        _dimension("county", _("区县"), "c.county_code", naming.regions),
        _dimension("township", _("乡镇街道"), "c.township_code", naming.regions),
        _dimension("community", _("社区（村）"), "c.community_code", naming.regions),
        _dimension("cell", _("单元网格"), "c.cell_code"),
        _dimension("grid", _("责任网格"), "c.grid_id", naming.grids, called=naming.grid_of),
        _dimension("area", _("区域类别"), "c.area_class"),
        _fixed("stage", _("环节"), "c.stage", dict(Stage.choices)),
        _fixed("clock", _("计时环节"), "c.clock_stage", CLOCK_TITLES, rounds="f.clock", steps="f.clock"),
        _dimension("year", _("年"), "year({when})", number=True),
        _dimension("month", _("月"), "strftime({when}, '%Y-%m')"),
        _dimension("week", _("周"), "strftime({when}, '%G-W%V')"),
        _dimension("day", _("日"), "strftime({when}, '%Y-%m-%d')"),
        _fixed("weekday", _("星期"), "isodow({when})", WEEKDAYS),
        _fixed("hour", _("时段"), "hour({when})", HOURS),
        _fixed("season", _("季节"), _SEASON, SEASONS),
    )
}  # fmt: skip
