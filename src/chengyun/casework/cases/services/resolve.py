"""From what a form or an API call brings (ids, codes, texts) to what the planner takes (refs)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from chengyun.casework.cases.fields import FIELDS, FieldKind
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.state import CaseRef, ClassRef, ConditionRef, DepartmentRef, PersonRef, PlaceRef
from chengyun.casework.cases.workflow import Step
from chengyun.casework.clocks.effects import Limit
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI, today
from chengyun.core.worktime.units import Unit
from chengyun.people.models import Appointment, Department
from chengyun.people.roles import Role
from chengyun.regions.locate import locate
from chengyun.taxonomy.models import FilingCondition, MinorClass
from chengyun.taxonomy.queries import conditions_for, limit_for

FINDINGS: Final = ("confirmed", "not_found")


def resolve(step: Step, raw: Mapping[str, Any], case: Case, seen: QuerySet[Case]) -> dict[str, Any]:
    """Only what the step can take; anything else that was sent is left aside. Other cases are found among `seen`."""
    given: dict[str, Any] = {}
    for name in (*step.brings, *step.may_bring):
        value = raw.get(name)
        if value is None or value == "" or value == []:
            continue
        kind = FIELDS[name].kind
        given[name] = OTHERS[kind](name, value, seen) if kind in OTHERS else RESOLVERS[kind](name, value, case)
    if place := given.pop("location", None):
        given["place"] = place
    return given


def _wrong(name: str) -> UserError:
    return UserError(_("“%s”的内容无法识别；请重新选择") % FIELDS[name].title, field=name)


def _text(name: str, value: Any, case: Case) -> str:
    return str(value).replace("\x00", "").strip()


def _yes(name: str, value: Any, case: Case) -> bool:
    return value in (True, "on", "true", "1", "yes")


def _id(name: str, value: Any) -> int:
    try:
        return int(getattr(value, "pk", value))
    except (TypeError, ValueError):
        raise _wrong(name) from None


def _class(name: str, value: Any, case: Case) -> ClassRef:
    if isinstance(value, ClassRef):
        return value
    minor = MinorClass.objects.select_related("standard").filter(pk=_id(name, value)).first()
    if minor is None:
        raise _wrong(name)
    return class_ref(minor)


def class_ref(minor: MinorClass) -> ClassRef:
    return ClassRef(minor.pk, minor.kind, minor.code, minor.name, minor.standard.code)


def _condition(name: str, value: Any, case: Case) -> ConditionRef:
    if isinstance(value, ConditionRef):
        return value
    wanted = _id(name, value)
    if case.minor_class is None:
        raise UserError(_("案件还没有小类；请先受理"), field=name)
    chosen = next((each for each in conditions_for(case.minor_class, today()) if each.pk == wanted), None)
    if chosen is None:
        raise UserError(_("该立案条件不属于案件的小类；请重新选择"), field=name)
    return condition_ref(chosen, case.area_class)


def condition_ref(condition: FilingCondition, area_class: str) -> ConditionRef:
    limit = limit_for(condition, area_class)
    pinned = Limit(limit.amount, Unit(limit.unit), limit.area_class, condition.version)
    return ConditionRef(condition.pk, condition.version, condition.text, condition.closing, pinned)


def _department(name: str, value: Any, case: Case) -> DepartmentRef:
    return value if isinstance(value, DepartmentRef) else _departments(name, [value], case)[0]


def _departments(name: str, value: Any, case: Case) -> tuple[DepartmentRef, ...]:
    if all(isinstance(each, DepartmentRef) for each in value):
        return tuple(value)
    ids = [_id(name, each) for each in value]
    found = {row.pk: row for row in Department.objects.on(today()).filter(pk__in=ids)}
    if len(found) != len(set(ids)):
        raise UserError(_("所选部门不存在或已停用；请修改“%s”") % FIELDS[name].title, field=name)
    return tuple(DepartmentRef(id, found[id].short_name, found[id].works_online) for id in ids)


def _user(name: str, value: Any, case: Case) -> PersonRef:
    if isinstance(value, PersonRef):
        return value
    role = Role.HANDLER if name == "handler" else Role.COLLECTOR
    held = Appointment.objects.on(today()).filter(user_id=_id(name, value), user__is_active=True)
    if role == Role.HANDLER:
        held = held.filter(post__department_id=case.main_department_id)
    found = next((each for each in held.select_related("user", "post") if role in each.post.roles), None)
    if found is None:
        sentence = _("所选人员不在该岗位上；请修改“%s”")
        raise UserError(sentence % FIELDS[name].title, field=name)
    return PersonRef(found.user_id, found.user.name)


def _photos(name: str, value: Any, case: Case) -> tuple[int, ...]:
    return tuple(_id(name, each) for each in (value if isinstance(value, list | tuple) else [value]))


def _moment(name: str, value: Any, case: Case) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    try:
        moment = parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        raise UserError(_("“%s”不是日期时间；请按 2026-11-22 14:05 填写") % FIELDS[name].title, field=name)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _cases(name: str, value: Any, seen: QuerySet[Case]) -> tuple[CaseRef, ...]:
    if isinstance(value, list | tuple) and all(isinstance(each, CaseRef) for each in value):
        return tuple(value)
    wanted = (
        value.replace("\x00", "").replace("，", " ").replace(",", " ").split()
        if isinstance(value, str)
        else list(value)
    )
    found = {row.number: row for row in seen.filter(number__in=wanted)}
    for number in wanted:
        if number not in found:
            raise UserError(_("没有编号为 %(number)s 的案件，或者您无权查看；请修改“%(field)s”") % {
                "number": number, "field": FIELDS[name].title}, field=name)  # fmt: skip
    return tuple(case_ref(found[number]) for number in wanted)


def case_ref(case: Case) -> CaseRef:
    return CaseRef(case.pk, case.number, case.stage, case.main_department_id, case.version)


def _case(name: str, value: Any, seen: QuerySet[Case]) -> CaseRef:
    return value if isinstance(value, CaseRef) else _cases(name, [str(value).strip()], seen)[0]


def _finding(name: str, value: Any, case: Case) -> str:
    if value not in FINDINGS:
        raise _wrong(name)
    return str(value)


def _location(name: str, value: Any, case: Case) -> PlaceRef:
    try:
        lon, lat = (float(part) for part in (value.split(",") if isinstance(value, str) else value))
    except (TypeError, ValueError):
        raise _wrong(name) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise UserError(_("经度须在 -180 到 180 之间，纬度须在 -90 到 90 之间"), field=name)
    return PlaceRef(*locate(lon, lat))


# What names other cases: only those that the actor sees.
OTHERS: Final[dict[FieldKind, Callable[[str, Any, QuerySet[Case]], Any]]] = {
    FieldKind.CASE: _case,
    FieldKind.CASES: _cases,
}
Resolver = Callable[[str, Any, Case], Any]
RESOLVERS: Final[dict[FieldKind, Resolver]] = {
    FieldKind.TEXT: _text,
    FieldKind.LINE: _text,
    FieldKind.FINDING: _finding,
    FieldKind.CLASS: _class,
    FieldKind.CONDITION: _condition,
    FieldKind.DEPARTMENT: _department,
    FieldKind.DEPARTMENTS: _departments,
    FieldKind.USER: _user,
    FieldKind.PHOTOS: _photos,
    FieldKind.MOMENT: _moment,
    FieldKind.YES: _yes,
    FieldKind.LOCATION: _location,
}
