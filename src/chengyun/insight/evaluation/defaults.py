"""The schemes that come with the product: weights and grades of STANDARDS §3, put right (本地口径 where they differ).

The source's slips are not repeated: 受理员 counts 核实率 twice, 值班长 takes 按时结案率 for 按时立案率, 漏报率 adds up
as if more were better, and the area's weights sum to 70 (its last one is 40, not 10). What the house cannot measure is
left out and its weight spread over the other lines in proportion; each scheme's note says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import Text
from chengyun.insight.evaluation.objects import GROUPS, Group
from chengyun.insight.evaluation.scoring import Band, Grade, Line, Rule, Rules

YEAR_DAYS: Final = 365


@dataclass(frozen=True)
class Shipped:
    name: Text
    rules: Rules
    note: Text
    groups: tuple[Group, ...] = (Group(),)


GRADES: Final = (
    Grade("A", Decimal(90), "green"), Grade("B", Decimal(75), "blue"), Grade("C", Decimal(60), "yellow"),
    Grade("D", Decimal(40), "orange"), Grade("E", Decimal(0), "red"),
)  # fmt: skip


def _bands(*pairs: tuple[int, int]) -> tuple[Band, ...]:
    return tuple(Band(Decimal(threshold), Decimal(points)) for threshold, points in pairs)


# ≤50 → 10 points … >1000 → 0 of a line of 10 (STANDARDS §3), here of 100. The source names no period for them; that
# they are of a year is our reading.
FEWER: Final = _bands((50, 100), (100, 90), (200, 75), (500, 60), (1000, 40))
# ≥2001 → 100 … «thresholds are that city's» (evaluation_indicators.csv).
MORE: Final = _bands((2001, 100), (1201, 90), (501, 75), (301, 60), (101, 40))


def _line(indicator: str, weight: str, rule: Rule = Rule.UP, bands: tuple[Band, ...] = ()) -> Line:
    return Line(indicator, Decimal(weight), rule, bands, per_days=YEAR_DAYS if bands else 0)


def _rules(*lines: Line) -> Rules:
    return Rules(lines, GRADES)


def shipped(kind: str) -> Shipped:
    return SHIPPED[kind]


_AREA = Shipped(
    _("区域评价方案（随附）"),
    _rules(
        _line("told_rate", "10", Rule.DOWN),
        _line("filed", "20", Rule.AT_MOST, FEWER),
        _line("closing_rate", "30"),
        _line("on_time_closing_rate", "40"),
    ),
    _("本地口径：按期结案率权重取 40（来源代码注为 10，合计仅 70）；监督举报率越低越好，按 100 减比率计；"
      "立案数的分档来源未列明，借用同一来源的返工分档，按年计并按天数折算，越少越好。"),
)  # fmt: skip
_DEPARTMENT = Shipped(
    _("部门评价方案（随附）"),
    _rules(
        _line("closing_rate", "30"),
        _line("on_time_handling_rate", "30"),
        _line("rework_rate", "30", Rule.DOWN),
        _line("reworked", "10", Rule.AT_MOST, FEWER),
    ),
    _("本地口径：返工率越低越好，按 100 减比率计；最后一项来源兼称返工数和立案数，此处按返工数分档，"
      "按年计并按天数折算；县直部门与乡镇街道分组排名。"),
    GROUPS,
)  # fmt: skip
_COLLECTOR = Shipped(
    _("采集员评价方案（随附）"),
    _rules(
        _line("valid_report_rate", "50"),
        _line("on_time_verify_rate", "25"),
        _line("on_time_check_rate", "25"),
    ),
    _("本地口径：漏报率（权重 20）不能归到个人，未列入；其余三项按原权重 40、20、20 折算为 100。"),
)
_RECEIVER = Shipped(
    _("受理员评价方案（随附）"),
    _rules(
        _line("acceptances", "38.46", Rule.AT_LEAST, MORE),
        _line("verify_sent_rate", "61.54"),
    ),
    _("本地口径：核查派发没有时限，核查按时派发率（权重 35）不能计算，未列入，也不以核实按时派发率代替；"
      "其余两项按原权重 25、40 折算为 100。受理数按经办人计，分档为来源城市的分档，"
      "按年计并按天数折算，请按本县案件量修改。"),
)  # fmt: skip
_DUTY_CHIEF = Shipped(
    _("值班长评价方案（随附）"),
    _rules(
        _line("filing_accuracy", "53.33"),
        _line("on_time_close_rate", "46.67"),
    ),
    _("本地口径：立案没有时限，按时立案率（权重 25）不能计算，未列入，也不以按时结案率代替；"
      "其余两项按原权重 40、35 折算为 100。"),
)  # fmt: skip
_DISPATCHER = Shipped(
    _("派遣员评价方案（随附）"),
    _rules(
        _line("dispatched", "20", Rule.AT_LEAST, MORE),
        _line("on_time_dispatch_rate", "40"),
        _line("accurate_dispatch_rate", "40"),
    ),
    _("本地口径：派遣数的分档来源未列明，借用受理数的分档，按年计并按天数折算，请按本县案件量修改。"),
)

SHIPPED: Final = {
    "area": _AREA, "department": _DEPARTMENT, "collector": _COLLECTOR, "receiver": _RECEIVER,
    "duty_chief": _DUTY_CHIEF, "dispatcher": _DISPATCHER,
}  # fmt: skip
