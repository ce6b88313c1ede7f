"""The registers of this module for the back office: the county's catalogue, and its filing conditions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.core.who import Doer
from chengyun.people.access import Actor
from chengyun.people.backoffice.who import BUSINESS, CENTRE, KEEPERS
from chengyun.people.registers.declaration import Column, Filter, Panel, Register, Rows
from chengyun.taxonomy import queries
from chengyun.taxonomy.forms import ClassForm, ConditionForm, limits_of
from chengyun.taxonomy.models import STARTING_SET, CountyClass, FilingCondition, Kind, MinorClass, Standard
from chengyun.taxonomy.services.book import CatalogueBook
from chengyun.taxonomy.services.conditions import Wording, add_condition, change_condition, retire_condition
from chengyun.taxonomy.services.county import change_class, major_name, retire_class, select_class

OWN_ORIGIN = "本县"
BOOK = CatalogueBook()


# --- the county's catalogue -------------------------------------------------------------------------------------------


def _majors() -> list[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in queries.county_majors(instants.today())]


def _standard(standard: Standard) -> str:
    return _("本县扩展") if standard.is_local else standard.code


def _select(*, by: Doer, minor: MinorClass, valid_from: dt.date, **names: str) -> CountyClass:
    return select_class(minor, valid_from=valid_from, by=by, **names)


def _rename(row: CountyClass, *, by: Doer, valid_from: dt.date | None = None, **names: str) -> CountyClass:
    if names.get("major_code") == "":
        names |= {"major_code": row.minor.major.code, "major_name": names.get("major_name") or row.minor.major.name}
    values = {name: names.get(name) or getattr(row, name) for name in ("name", "major_code", "major_name")}
    if names.get("major_code", row.major_code) != row.major_code and not names.get("major_name"):
        values["major_name"] = major_name(values["major_code"], row, valid_from or instants.today())
    return change_class(row, by=by, valid_from=valid_from or instants.today(), **values)


def _conditions(row: CountyClass, actor: Actor) -> Mapping[str, Any]:
    return {"conditions": queries.conditions_for(row.minor, instants.today())}


CATALOGUE = Register(
    key="catalogue",
    title=gettext_lazy("分类目录"),
    group=BUSINESS,
    order=700,
    icon="sitemap",
    help=gettext_lazy("本县采用的大类和小类：从国家标准中选用，或按标准的编码规则扩展。"),
    model=CountyClass,
    rows=lambda: CountyClass.objects.select_related("minor__standard", "minor__major"),
    columns=[
        Column(gettext_lazy("小类"), "name", sort="name"),
        Column(gettext_lazy("代码"), "code", sort="code"),
        Column(gettext_lazy("类型"), "kind"),
        Column(gettext_lazy("大类"), lambda row: f"{row.major_code} {row.major_name}", sort="major_code"),
        Column(
            gettext_lazy("依据标准"),
            lambda row: _("本县扩展") if row.minor.standard.is_local else row.minor.standard.code,
        ),
        Column(gettext_lazy("自"), "valid_from"),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("sort_order", "kind", "code"),
    search=("name", "code", "major_name"),
    search_hint=gettext_lazy("名称或代码"),
    filters=[
        Filter("kind", gettext_lazy("类型"), lambda: Kind.choices, "kind"),
        Filter("major", gettext_lazy("大类"), _majors, "major_code"),
    ],
    form=ClassForm,
    create=_select,
    change=_rename,
    bulk_fields=("major_code",),
    retire=lambda row, by, last_day: retire_class(row, last_day=last_day, by=by),
    retire_rule=gettext_lazy("停用后不能再选用这个小类立案；已有案件照旧。"),
    same_thing=lambda row: list(CountyClass.objects.filter(minor=row.minor_id)),
    stands_for=lambda row: row.minor,
    panels=[Panel(gettext_lazy("立案条件"), "taxonomy/_conditions.html", _conditions)],
    titles={
        "minor_id": gettext_lazy("标准中的小类"),
        "name": gettext_lazy("小类名称"),
        "major_code": gettext_lazy("大类代码"),
        "major_name": gettext_lazy("大类名称"),
        "sort_order": gettext_lazy("排序"),
        "valid_to": gettext_lazy("有效期至"),
    },
    book=BOOK,
)


# --- filing conditions ------------------------------------------------------------------------------------------------


def _add(*, by: Doer, minor: MinorClass, valid_from: dt.date, **said: Any) -> FilingCondition:
    return add_condition(minor, _wording(None, said), origin=OWN_ORIGIN, valid_from=valid_from, by=by)


def _reword(row: FilingCondition, *, by: Doer, valid_from: dt.date | None = None, **said: Any) -> FilingCondition:
    before = Wording.of(row)
    after = _wording(before, said)
    if after == before:
        return row
    return change_condition(row, after, origin=OWN_ORIGIN, valid_from=valid_from or instants.today(), by=by)


def _wording(before: Wording | None, said: Mapping[str, Any]) -> Wording:
    given: dict[str, Any] = {name: said[name] for name in ("text", "closing") if name in said}
    if "limits" in said:
        given["limits"] = limits_of(said["limits"])
    return replace(before or Wording("", "", {}), **given)


def _versions(row: FilingCondition) -> Sequence[FilingCondition]:
    return list(FilingCondition.objects.filter(minor=row.minor_id, number=row.number))


def _of_origin(rows: Rows, origin: str) -> Rows:
    return rows.filter(origin=STARTING_SET) if origin == "starting" else rows.exclude(origin=STARTING_SET)


def _limits(row: FilingCondition) -> str:
    return "；".join(f"{limit.area_class or _('默认')} {limit}" for limit in row.limits.all())


CONDITIONS = Register(
    key="conditions",
    title=gettext_lazy("立案条件"),
    group=BUSINESS,
    order=710,
    icon="checkbox",
    help=gettext_lazy("什么情况下立案、什么情况下结案、多久办完；随产品提供的是起始集，非国标原文，请本县逐条核定。"),
    model=FilingCondition,
    rows=lambda: FilingCondition.objects.select_related("minor").prefetch_related("limits"),
    columns=[
        Column(gettext_lazy("立案条件"), "text"),
        Column(gettext_lazy("小类"), "minor", sort="minor_id"),
        Column(gettext_lazy("代码"), "minor.code"),
        Column(gettext_lazy("序号"), "number", num=True),
        Column(gettext_lazy("处置时限"), _limits),
        Column(gettext_lazy("结案条件"), "closing"),
        Column(gettext_lazy("来源"), "origin_label"),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("minor_id", "number", "version"),
    search=("text", "closing", "minor__name", "minor__code"),
    search_hint=gettext_lazy("条件、小类或代码"),
    filters=[
        Filter(
            "origin",
            gettext_lazy("来源"),
            lambda: [("starting", _("起始集，非国标原文")), ("own", _("本县核定"))],
            _of_origin,
        )
    ],
    form=ConditionForm,
    create=_add,
    change=_reword,
    retire=lambda row, by, last_day: retire_condition(row, last_day=last_day, by=by),
    retire_rule=gettext_lazy("停用后不能再按它立案；已立案的照旧。"),
    bulk_fields=("limits", "closing"),
    same_thing=_versions,
    titles={
        "text": gettext_lazy("立案条件"),
        "closing": gettext_lazy("结案条件"),
        "limits": gettext_lazy("处置时限"),
        "origin": gettext_lazy("来源"),
        "valid_to": gettext_lazy("有效期至"),
    },
    words={"origin": {STARTING_SET: gettext_lazy("起始集，非国标原文")}},
    book=BOOK,
)

DECLARATIONS: list[object] = [CATALOGUE, CONDITIONS]
