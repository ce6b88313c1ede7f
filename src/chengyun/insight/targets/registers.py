"""Plans and targets as registers: set one by one, many at once, or from Excel."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from chengyun.core.errors import UserError
from chengyun.insight.figures.indicator import find, indicators
from chengyun.insight.targets import services, spans
from chengyun.insight.targets.access import SETTERS
from chengyun.insight.targets.forms import PlanForm, TargetForm, plans
from chengyun.insight.targets.models import Plan, PlanTarget
from chengyun.insight.targets.spans import SpanKind
from chengyun.insight.targets.subjects import SubjectKind
from chengyun.people.backoffice.cells import DEPARTMENT, department_codes
from chengyun.people.backoffice.who import CENTRE
from chengyun.people.registers.book import Heading
from chengyun.people.registers.cells import AS_IT_WAS, Cell, Kind, Read, named, plain
from chengyun.people.registers.declaration import Column, Filter, Register, Rows
from chengyun.people.registers.row_book import RowBook
from chengyun.regions.cells import REGION
from chengyun.regions.models import Region
from chengyun.regions.queries import townships

GROUP = gettext_lazy("计划与目标")
WHO = frozenset(map(str, SETTERS))


def _targets() -> Rows:
    """With the names of their townships, so that a list of them asks once."""
    place = Region.objects.filter(version__is_active=True, code=OuterRef("township_code"))
    named_rows = PlanTarget.objects.annotate(township_name=Subquery(place.values("name")[:1]))
    rows: Rows = named_rows.select_related("plan", "department")
    return rows


def _subject(row: Any) -> object:
    if row.department:
        return row.department.short_name
    return getattr(row, "township_name", None) or row.township_code or SubjectKind.COUNTY.label


def _wanted(row: PlanTarget) -> str:
    return f"{'≥' if row.at_least else '≤'} {_number(row.wanted)} {row.unit}"


# --- cells ------------------------------------------------------------------------------------------------------------


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= 10**10 or round(value, 2) != value:
        raise UserError(_("“%s”不是数，请写成 98 或 98.5，最多两位小数") % text[:20])
    return value


def _title(key: object) -> str:
    """Chinese like the headings, so that a file is the same whoever takes it out."""
    indicator = find(str(key))
    with override(settings.LANGUAGE_CODE):
        return str(indicator.title) if indicator else str(key)


def _indicator() -> Read:
    """By its title in any language, as older files have it, or its key. Also those that can have no target: why is
    told where the line is checked."""
    keys = {each.key: each.key for each in indicators()}
    for language in (settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)):
        with override(language):
            keys = {str(each.title): each.key for each in indicators()} | keys

    def read(text: str) -> str:
        if text not in keys:
            said = {"text": text, "known": "、".join(_title(key) for key, _its_title in services.choices())}
            raise UserError(_("没有“%(text)s”，请填：%(known)s。") % said)
        return keys[text]

    return read


NUMBER = plain(_number, _decimal)
MAYBE_NUMBER = plain(_number, lambda text: _decimal(text) if text else None)
INDICATOR = Kind(_title, _indicator)
SPAN = plain(str, lambda text: str(spans.read(text)))
PLAN = named(gettext_lazy("计划"), plans, lambda row: (row.name,))


def _indicator_names() -> list[str]:
    return [str(title) for _key, title in services.choices()]


def _township_codes() -> list[str]:
    return [code for code, _name in townships()]


def _standing(day: dt.date) -> Rows:
    rows: Rows = PlanTarget.objects.on(day).select_related("plan", "department").order_by("pk")
    return rows


def _check(values: dict[str, Any], row: Any) -> None:
    """What is wrong with a line, before anything is written."""
    if row is None and AS_IT_WAS not in values.values():
        services.checked_new(**values)
    elif row is not None:
        wanted, tolerance = (values.get(name, getattr(row, name)) for name in ("wanted", "tolerance"))
        services.check_values(row.indicator, wanted, tolerance)


PLANS = Register(
    key="plans",
    title=gettext_lazy("计划"),
    group=GROUP,
    order=760,
    icon="flag",
    help=gettext_lazy("一份计划管一年；目标列在计划下，完成情况在“计划与目标”页。"),
    model=Plan,
    rows=lambda: Plan.objects.select_related("responsible"),
    columns=[
        Column(gettext_lazy("计划名称"), "name"),
        Column(gettext_lazy("年份"), "year", sort="year", num=True),
        Column(gettext_lazy("责任单位"), lambda row: row.responsible or ""),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=WHO,
    sort=("-year", "pk"),
    search=("name",),
    search_hint=gettext_lazy("名称"),
    form=PlanForm,
    create=services.add_plan,
    change=services.change_plan,
    retire=services.end_plan,
    retire_rule=gettext_lazy("停用后这份计划和它的目标不再显示，已签发的报表不变。"),
    links=[(gettext_lazy("完成情况"), reverse_lazy("targets:targets"))],
)

TARGETS = Register(
    key="targets",
    title=gettext_lazy("目标"),
    group=GROUP,
    order=761,
    icon="target",
    help=gettext_lazy("每个指标、对象和时段一项目标；一次设很多项时，用 Excel 填好再导入。"),
    model=PlanTarget,
    rows=_targets,
    columns=[
        Column(gettext_lazy("指标"), "indicator_title", sort="indicator"),
        Column(gettext_lazy("对象"), _subject),
        Column(gettext_lazy("时段"), lambda row: row.span.title, sort="first"),
        Column(gettext_lazy("目标"), _wanted, num=True),
        Column(gettext_lazy("容差"), lambda row: _number(row.tolerance), num=True),
        Column(gettext_lazy("计划"), "plan.name"),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=WHO,
    sort=("-pk",),
    filters=[
        Filter("plan", gettext_lazy("计划"), lambda: [(str(row.pk), row.name) for row in plans()], "plan"),
        Filter("span", gettext_lazy("时段"), lambda: SpanKind.choices, "span_kind"),
        Filter("subject", gettext_lazy("对象"), lambda: SubjectKind.choices, "subject_kind"),
        Filter("indicator", gettext_lazy("指标"), services.choices, "indicator"),
    ],
    form=TargetForm,
    create=services.add_target,
    change=services.change_target,
    retire=services.end_target,
    retire_rule=gettext_lazy("停用后不再比较；对象、指标或时段定错的，停用后另设一项。"),
    bulk_fields=("wanted", "tolerance", "note"),
    links=[(gettext_lazy("完成情况"), reverse_lazy("targets:targets"))],
    book=RowBook(
        name="目标",
        cells=(
            Cell(Heading("计划", "计划的名称", required=True, width=24), attrgetter("plan"), "plan", PLAN),
            Cell(
                Heading("指标", "从列表中选", _indicator_names, required=True, width=20),
                attrgetter("indicator"),
                "indicator",
                INDICATOR,
            ),
            Cell(
                Heading("时段", "2026、2026-Q1 或 2026-03", required=True),
                lambda row: str(row.span),
                "span",
                SPAN,
            ),
            Cell(Heading("部门", "部门代码", department_codes), attrgetter("department"), "department", DEPARTMENT),
            Cell(
                Heading("乡镇街道", "区划代码；与部门都留空是全县", _township_codes),
                attrgetter("township_code"),
                "township_code",
                REGION,
            ),
            Cell(
                Heading("目标值", "按指标的单位，最多两位小数", required=True), attrgetter("wanted"), "wanted", NUMBER
            ),
            Cell(Heading("容差", "差在容差以内为黄灯"), attrgetter("tolerance"), "tolerance", MAYBE_NUMBER),
            Cell(Heading("备注", width=30), attrgetter("note"), "note"),
        ),
        key=("计划", "指标", "时段", "部门", "乡镇街道"),
        rows=_standing,
        create=services.add_target,
        change=services.change_target,
        retire=services.end_target,
        check=_check,
        tables=(PlanTarget,),
        notes=(
            gettext_lazy("每行一项目标；方向由指标定：越多越好的不低于目标值，越少越好的不高于目标值。"),
            gettext_lazy("改了计划、指标、时段或对象的，导入时是新的一项。"),
        ),
    ),
)
