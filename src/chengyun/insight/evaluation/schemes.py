"""Schemes: which holds on a day, how one is written and read, and what is wrong with one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from chengyun.core import history
from chengyun.core.declarations import Text
from chengyun.core.errors import NotFound, UserError
from chengyun.core.instants import now, today
from chengyun.insight.evaluation import defaults, fines, objects
from chengyun.insight.evaluation.access import check_writes, region_of
from chengyun.insight.evaluation.models import Scheme
from chengyun.insight.evaluation.objects import Group
from chengyun.insight.evaluation.scoring import Band, Grade, Line, Rule, Rules
from chengyun.insight.figures.indicator import Indicator, find
from chengyun.people import register
from chengyun.people.access import Actor

RULES: Final[dict[Rule, Text]] = {
    Rule.UP: T("比率正向：比率×100"),
    Rule.DOWN: T("比率反向：100−比率×100"),
    Rule.AT_MOST: T("分档：不超过"),
    Rule.AT_LEAST: T("分档：达到"),
}
COLOURS: Final[dict[str, Text]] = {
    "green": T("绿"), "blue": T("蓝"), "yellow": T("黄"), "orange": T("橙"), "red": T("红"), "grey": T("灰"),
}  # fmt: skip
# What is judged and published is Chinese, whoever does it and in whichever language he works.
LANGUAGE: Final = "zh-hans"
MOST_LINES: Final = 12
MOST_GRADES: Final = 8
MOST_BANDS: Final = 10


@dataclass(frozen=True)
class Plan:
    """A scheme as it holds. `pk` is None for the shipped one."""

    kind: str
    name: str
    rules: Rules
    groups: tuple[Group, ...] = (Group(),)
    note: str = ""
    valid_from: dt.date | None = None
    pk: int | None = None
    indicators: tuple[Indicator, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        found = tuple(indicator_of(line.indicator) for line in self.rules.lines)
        for each in found:
            fines.refuse_fines(each)
        object.__setattr__(self, "indicators", found)


def indicator_of(key: str) -> Indicator:
    found = find(key)
    if found is None:
        raise NotFound(_("方案引用的指标“%s”已经没有了，请修改方案") % key[:60])
    return found


def in_force(kind: str, day: dt.date, region_code: str = "") -> Plan:
    """The scheme that holds on `day`: for a period ask for its first, so that the rules were known before it began."""
    rows = Scheme.objects.filter(kind=kind, region_code=region_code, valid_from__lte=day)
    row = rows.order_by("-valid_from", "-id").first()
    return plan_of(row) if row else shipped(kind)


def shipped(kind: str) -> Plan:
    made = defaults.shipped(kind)
    return Plan(kind, str(made.name), made.rules, made.groups, str(made.note))


def to_change(kind: str, region_code: str = "") -> Plan:
    """What the form of a new version begins with: the scheme in force today, whatever is to follow it.

    In Chinese whoever opens it and in whichever language: what the form holds is saved, and stands in official papers.
    """
    with translation.override(LANGUAGE):
        plan = in_force(kind, today(), region_code)
        groups = tuple(replace(group, name=str(group.name)) for group in plan.groups)
    return replace(plan, groups=groups)


def versions(kind: str, region_code: str = "") -> list[Scheme]:
    """Newest first, by the day from which they hold."""
    rows = Scheme.objects.filter(kind=kind, region_code=region_code)
    return list(rows.order_by("-valid_from", "-id")[:100])


def plan_of(row: Scheme) -> Plan:
    return read(row.kind, row.name, row.content, note=row.note, valid_from=row.valid_from, pk=row.pk)


# --- written and read -------------------------------------------------------------------------------------------------


def plain(plan: Plan) -> dict[str, Any]:
    """As JSON: kind, name, note, lines, grades, groups. Decimals are words, so that nothing is lost."""
    return {
        "kind": plan.kind,
        "name": plan.name,
        "note": plan.note,
        "valid_from": plan.valid_from.isoformat() if plan.valid_from else None,
        "lines": [_plain_line(line) for line in plan.rules.lines],
        "grades": [{"name": g.name, "limit": str(g.limit), "colour": g.colour} for g in plan.rules.grades],
        "groups": [objects.json_of(group) for group in plan.groups],
    }


def _plain_line(line: Line) -> dict[str, Any]:
    told: dict[str, Any] = {"indicator": line.indicator, "weight": str(line.weight), "rule": line.rule.value}
    if line.is_banded:
        bands = [[str(band.threshold), str(band.points)] for band in line.bands]
        told |= {"bands": bands, "rest": str(line.rest), "per_days": line.per_days}
    return told


def read(kind: str, name: str, content: Mapping[str, Any], *, note: str = "", valid_from: dt.date | None = None,
         pk: int | None = None) -> Plan:  # fmt: skip
    """What `plain` wrote."""
    lines = tuple(
        Line(
            each["indicator"], Decimal(each["weight"]), Rule(each["rule"]),
            tuple(Band(Decimal(threshold), Decimal(points)) for threshold, points in each.get("bands", ())),
            Decimal(each.get("rest", 0)), each.get("per_days", 0),
        )
        for each in content["lines"]
    )  # fmt: skip
    grades = tuple(Grade(each["name"], Decimal(each["limit"]), each["colour"]) for each in content["grades"])
    groups = tuple(
        Group(each["key"], each["name"], tuple(each["kinds"]), tuple(each["departments"])) for each in content["groups"]
    )
    return Plan(kind, name, Rules(lines, grades), groups, note, valid_from, pk)


def frozen(content: Mapping[str, Any]) -> Plan:
    """The scheme that a publication keeps."""
    day = content["valid_from"]
    return read(
        content["kind"], content["name"], content, note=content["note"],
        valid_from=dt.date.fromisoformat(day) if day else None,
    )  # fmt: skip


# --- saved ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save(plan: Plan, valid_from: dt.date, *, by: Actor) -> Scheme:
    """A new version that holds from this day on; what was published before keeps its own."""
    check_writes(by)
    check(plan)
    _check_day(plan.kind, valid_from, region_of(by))
    row = Scheme(
        kind=plan.kind, region_code=region_of(by), name=plan.name.strip(), valid_from=valid_from, content=plain(plan),
        note=plan.note.strip(), made_at=now(), made_by_id=by.user_id, made_by=by.name,
    )  # fmt: skip
    register.check(row)
    row.save(force_insert=True)
    history.record(
        f"evaluation_scheme:{row.pk}", "evaluation_scheme.saved",
        {"kind": row.kind, "valid_from": valid_from.isoformat(), "content": row.content}, by=by,
    )  # fmt: skip
    return row


def check(plan: Plan) -> None:
    """Raise UserError for the first thing that is wrong; `field` is lines, grades or groups."""
    _check_lines(plan)
    _check_grades(plan.rules.grades)
    if plan.kind == objects.DEPARTMENT:
        _check_groups(plan.groups)


def _check_day(kind: str, day: dt.date, region_code: str) -> None:
    """A scheme is known before the periods that it judges begin. Only a county's first may reach back, to the beginning
    of last year: one that starts with the system would else have its year judged by the delivered scheme."""
    present = today()
    first = present if versions(kind, region_code) else dt.date(present.year - 1, 1, 1)
    last = dt.date(present.year + 1, 12, 31)
    if not first <= day <= last:
        told = {"first": first, "last": last}
        raise UserError(
            _("生效日期请在 %(first)s 至 %(last)s 之间选：方案应在所评周期开始之前公布") % told, field="valid_from"
        )


def _check_lines(plan: Plan) -> None:
    lines = plan.rules.lines
    if not 1 <= len(lines) <= MOST_LINES:
        raise UserError(_("方案应有 1 至 %d 项指标") % MOST_LINES, field="lines")
    keys = [line.indicator for line in lines]
    for line, indicator in zip(lines, plan.indicators, strict=True):
        fines.refuse_fines(indicator)
        if keys.count(line.indicator) > 1:
            raise UserError(_("“%s”重复了，每项指标只计一次") % indicator.title, field="lines")
        if reason := objects.misfit(indicator, plan.kind):
            words = {"title": indicator.title, "kind": objects.SCHEMES[plan.kind], "reason": reason}
            raise UserError(_("“%(title)s”不能用于%(kind)s评价：%(reason)s；请换用其他指标") % words, field="lines")
        _check_line(line, indicator)
    total = sum((line.weight for line in lines), Decimal(0))
    if total != 100:
        raise UserError(_("权重合计为 %s，应为 100；请调整各项权重") % total.normalize().__format__("f"), field="lines")


def _check_line(line: Line, indicator: Indicator) -> None:
    title = indicator.title
    if not 0 < line.weight <= 100 or line.weight.as_tuple().exponent < -2:  # type: ignore[operator]
        raise UserError(_("“%s”的权重应大于 0、不超过 100，最多两位小数") % title, field="lines")
    if not line.is_banded:
        if not indicator.is_share:
            raise UserError(_("“%s”不是比率，请用分档计分") % title, field="lines")
        return
    if not 1 <= len(line.bands) <= MOST_BANDS or line.per_days < 0:
        raise UserError(_("“%(title)s”应有 1 至 %(most)d 个分档") % {"title": title, "most": MOST_BANDS}, field="lines")
    thresholds = [band.threshold for band in line.bands]
    rising = line.rule == Rule.AT_MOST
    if any((after <= before) if rising else (after >= before) for before, after in pairwise(thresholds)):
        words = _("从小到大") if rising else _("从大到小")
        raise UserError(_("“%(title)s”的分档界限应%(order)s排列") % {"title": title, "order": words}, field="lines")
    if not indicator.of.amount and any(each < 0 for each in thresholds):
        raise UserError(_("“%s”不会小于 0，分档界限请写 0 或更大的数") % title, field="lines")
    given = [*(band.points for band in line.bands), line.rest]
    if any(not 0 <= each <= 100 for each in given) or any(after > before for before, after in pairwise(given)):
        raise UserError(_("“%s”的分档得分应在 0 至 100 之间，并且依次不增") % title, field="lines")


def _check_grades(grades: Sequence[Grade]) -> None:
    if not 2 <= len(grades) <= MOST_GRADES:
        raise UserError(_("等级应有 2 至 %d 个") % MOST_GRADES, field="grades")
    names = [grade.name.strip() for grade in grades]
    if not all(names) or len(set(names)) < len(names) or any(len(name) > 10 for name in names):
        raise UserError(_("等级名称不能为空、不能重复，最多 10 个字"), field="grades")
    if any(after.limit >= before.limit for before, after in pairwise(grades)):
        raise UserError(_("等级界限应从高到低排列"), field="grades")
    if grades[-1].limit != 0 or grades[0].limit > 100:
        raise UserError(_("等级界限应在 0 至 100 之间，最低一级从 0 起"), field="grades")
    if any(grade.colour not in COLOURS for grade in grades):
        raise UserError(_("等级的颜色请从列出的颜色里选"), field="grades")


def _check_groups(groups: Sequence[Group]) -> None:
    if not groups or any(not str(group.name).strip() for group in groups):
        raise UserError(_("分组请写明名称"), field="groups")
    chosen = [pk for group in groups for pk in group.departments]
    if len(chosen) != len(set(chosen)):
        raise UserError(_("同一个部门只能在一个分组里"), field="groups")
