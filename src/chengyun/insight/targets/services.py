"""Plans and targets are set, changed and ended here; each change has its history row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.insight.figures.indicator import PER_CENT, Better, Indicator, find, indicators
from chengyun.insight.figures.possible import why_impossible
from chengyun.insight.targets import spans
from chengyun.insight.targets.access import check_sets, region_of
from chengyun.insight.targets.models import Plan, PlanTarget
from chengyun.insight.targets.subjects import SubjectKind
from chengyun.people import register
from chengyun.people.access import Actor
from chengyun.people.models import Department
from chengyun.regions.queries import townships

# A page measures and lists all targets of a year.
MOST_TARGETS: Final = 2000
# 行政处罚法 §74: money from fines is tied to no evaluation. Local rule: no money at all, so that none slips through.
MONEY: Final = ("元", "万元", "亿元")


def add_plan(*, by: Actor, name: str, year: int, words: str = "", responsible: Department | None = None) -> Plan:
    check_sets(by)
    row = Plan(
        name=name.strip(), year=year, words=words.strip(), responsible=responsible, region_code=region_of(by),
        valid_from=today(),
    )  # fmt: skip
    _refuse_same_name(row)
    return register.store(row, by=by)


@transaction.atomic
def change_plan(plan: Plan, *, by: Actor, **fields: Any) -> Plan:
    """Name, words and who is responsible; its targets are of its year."""
    row = register.locked(plan)
    check_sets(by, row.region_code)
    if fields.get("year", row.year) != row.year and row.targets.exists():
        raise UserError(_("这份计划已有 %d 年的目标，年份不能再改；请另建一份计划") % row.year, field="year")
    if "name" in fields:
        _refuse_same_name(Plan(pk=row.pk, name=fields["name"].strip(), region_code=row.region_code))
    register.change(row, fields, by=by)
    return row


@transaction.atomic
def end_plan(plan: Plan, *, by: Actor, last_day: dt.date) -> None:
    row = register.locked(plan)
    check_sets(by, row.region_code)
    register.change(row, {"valid_to": max(last_day, row.valid_from)}, by=by, action="closed")


def _refuse_same_name(plan: Plan) -> None:
    same = Plan.objects.on(today()).filter(name=plan.name, region_code=plan.region_code).exclude(pk=plan.pk)
    if same.exists():
        raise UserError(_("已有名为“%s”的计划，请换一个名称") % plan.name, field="name")


def add_target(
    *, by: Actor, plan: Plan, indicator: str, span: str, wanted: Decimal, department: Department | None = None,
    township_code: str = "", tolerance: Decimal | None = None, note: str = "",
) -> PlanTarget:  # fmt: skip
    """With neither department nor township it is the county's."""
    with transaction.atomic():
        plan = register.locked(plan)
        check_sets(by, plan.region_code)
        row = checked_new(
            plan=plan, indicator=indicator, span=span, wanted=wanted, department=department,
            township_code=township_code, tolerance=tolerance, note=note,
        )  # fmt: skip
        return register.store(row, by=by)


def checked_new(
    *, plan: Plan, indicator: str, span: str, wanted: Decimal, department: Department | None = None,
    township_code: str = "", tolerance: Decimal | None = None, note: str = "",
) -> PlanTarget:  # fmt: skip
    """The target, not stored. Raises UserError where it cannot be."""
    when = spans.read(span)
    row = PlanTarget(
        plan=plan, indicator=indicator, span_kind=when.kind, first=when.period.first, last=when.period.last,
        subject_kind=_subject_kind(department, township_code), department=department, township_code=township_code,
        wanted=wanted, tolerance=tolerance, note=note.strip(), valid_from=today(),
    )  # fmt: skip
    _check_place_in_plan(row)
    check_values(indicator, wanted, tolerance)
    _refuse_second(row)
    return row


@transaction.atomic
def change_target(target: PlanTarget, *, by: Actor, **fields: Any) -> PlanTarget:
    """How much is wanted, the tolerance and the note; what it is about stays."""
    row = register.locked(target)
    check_sets(by, row.plan.region_code)
    check_values(row.indicator, fields.get("wanted", row.wanted), fields.get("tolerance", row.tolerance))
    register.change(row, fields, by=by)
    return row


@transaction.atomic
def end_target(target: PlanTarget, *, by: Actor, last_day: dt.date) -> None:
    """One of today's holds through today."""
    row = register.locked(target)
    check_sets(by, row.plan.region_code)
    register.change(row, {"valid_to": max(last_day, row.valid_from)}, by=by, action="closed")


# --- what cannot be ---------------------------------------------------------------------------------------------------


def choices() -> list[tuple[str, Any]]:
    """Key and title of the indicators that can have a target."""
    return [(each.key, each.title) for each in indicators() if not why_not(each)]


def why_not(indicator: Indicator) -> str:
    """Why it can have no target; blank where it can."""
    said = {"title": indicator.title}
    if str(indicator.unit) in MONEY:
        return _("“%(title)s”是钱款，罚没收入不得与考核挂钩（行政处罚法第七十四条），不能定目标") % said
    if indicator.better == Better.NEITHER:
        return _("“%(title)s”多少无所谓好坏，不能定目标") % said
    if indicator.is_of_now:
        return _("“%(title)s”只反映现在，过后无从核对，不能定目标") % said
    return ""


def check_values(key: str, wanted: Decimal, tolerance: Decimal | None) -> None:
    indicator = find(key)
    if indicator is None:
        raise UserError(_("没有“%s”这个指标，请从列表中选择") % key[:40], field="indicator")
    if reason := why_not(indicator):
        raise UserError(reason, field="indicator")
    for field, value in (("wanted", wanted), ("tolerance", tolerance)):
        if value is not None and (not value.is_finite() or value < 0):
            raise UserError(_("目标值和容差不能小于 0"), field=field)
    is_share = indicator.unit == PER_CENT
    if reason := why_impossible(indicator.title, wanted, share=is_share, whole=indicator.over is None):
        raise UserError(reason, field="wanted")
    if tolerance is not None and is_share and tolerance > 100:
        raise UserError(_("“%s”是百分比，容差应在 0 到 100 之间") % indicator.title, field="tolerance")
    if tolerance is not None and indicator.better == Better.MORE and tolerance > wanted:
        raise UserError(_("容差比目标值还大，就怎样都不算落后；请填小一些"), field="tolerance")


def _subject_kind(department: Department | None, township_code: str) -> str:
    if department and township_code:
        raise UserError(_("部门和乡镇街道只能选一个；都不选则为全县"), field="township_code")
    if department:
        return SubjectKind.DEPARTMENT
    return SubjectKind.TOWNSHIP if township_code else SubjectKind.COUNTY


def _check_place_in_plan(row: PlanTarget) -> None:
    if row.first.year != row.plan.year:
        said = {"plan": row.plan, "year": row.plan.year}
        raise UserError(_("“%(plan)s”是 %(year)d 年的计划，时段应在这一年内") % said, field="span")
    if row.township_code and row.township_code not in dict(townships()):
        raise UserError(_("没有代码为 %s 的乡镇街道，请核对") % row.township_code, field="township_code")
    if row.department and not row.department.is_valid_on(today()):
        raise UserError(_("“%s”已撤销，请选现有的部门") % row.department, field="department")
    if row.plan.targets.count() >= MOST_TARGETS:
        raise UserError(_("一份计划最多 %d 项目标，请另建一份计划") % MOST_TARGETS, field="plan")


def _refuse_second(row: PlanTarget) -> None:
    """One standing target per indicator, period and object in a county, in whichever plan."""
    same = PlanTarget.objects.filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from)).filter(
        plan__region_code=row.plan.region_code, indicator=row.indicator, span_kind=row.span_kind, first=row.first,
        department=row.department, township_code=row.township_code,
    )  # fmt: skip
    if (other := same.select_related("plan").first()) is not None:
        said = {"plan": other.plan, "target": other}
        raise UserError(_("“%(plan)s”里已有这个对象的“%(target)s”目标，请直接修改那一项") % said, field="indicator")
