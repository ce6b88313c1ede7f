"""What is evaluated: areas at four levels, departments in groups, persons in four posts (GB/T 30428.4-2016)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.insight.evaluation import fines
from chengyun.insight.figures.dimensions import DIMENSIONS, Key
from chengyun.insight.figures.indicator import Indicator, indicators
from chengyun.insight.figures.periods import Period
from chengyun.people.models import Appointment, Department
from chengyun.people.roles import Role, merged
from chengyun.regions.models import Level, Region
from chengyun.regions.queries import version_on

T = gettext_lazy
AREA, DEPARTMENT, POST = "area", "department", "post"


@dataclass(frozen=True)
class ObjectKind:
    """`key` as commands and addresses write it; `scheme` names its scheme; `dimension` splits the figures."""

    key: str
    title: Text
    scheme: str
    dimension: str
    of: str  # AREA, DEPARTMENT or POST
    detail: str = ""  # the level, or the role


KINDS: Final = {
    each.key: each
    for each in (
        ObjectKind("area:county", T("区县"), AREA, "county", AREA, Level.COUNTY),
        ObjectKind("area:township", T("乡镇街道（区域）"), AREA, "township", AREA, Level.TOWNSHIP),
        ObjectKind("area:community", T("社区（村）"), AREA, "community", AREA, Level.COMMUNITY),
        ObjectKind("area:cell", T("单元网格"), AREA, "cell", AREA, Level.CELL),
        ObjectKind("department", T("部门"), DEPARTMENT, "department", DEPARTMENT),
        ObjectKind("post:collector", T("采集员"), "collector", "person", POST, Role.COLLECTOR),
        ObjectKind("post:receiver", T("受理员"), "receiver", "person", POST, Role.RECEIVER),
        ObjectKind("post:duty_chief", T("值班长"), "duty_chief", "person", POST, Role.DUTY_CHIEF),
        ObjectKind("post:dispatcher", T("派遣员"), "dispatcher", "person", POST, Role.DISPATCHER),
    )
}
# What a scheme is made for, in the order of the pages.
SCHEMES: Final[dict[str, Text]] = {
    AREA: T("区域"), DEPARTMENT: T("部门"), "collector": T("采集员"), "receiver": T("受理员"),
    "duty_chief": T("值班长"), "dispatcher": T("派遣员"),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Objects that are ranked with each other. Of departments: those chosen, or without a choice all of these kinds."""

    key: str = ""
    name: Text = ""
    kinds: tuple[str, ...] = ()
    departments: tuple[int, ...] = ()


# 许昌 ranks bureaus and townships apart (STANDARDS §3).
GROUPS: Final = (
    Group("bureaus", T("县直部门"), (Department.Kind.DEPARTMENT, Department.Kind.COMPANY)),
    Group("townships", T("乡镇街道"), (Department.Kind.TOWNSHIP,)),
)


def kind_for(key: str) -> ObjectKind:
    found = KINDS.get(key)
    if found is None:
        raise UserError(
            _("没有“%(key)s”这种评价对象，可用的有：%(known)s") % {"key": key[:40], "known": "、".join(KINDS)},
            field="kind",
        )
    return found


def misfit(indicator: Indicator, scheme: str) -> str:
    """Why an indicator cannot be measured for the objects of a scheme; blank where it can."""
    measured = [indicator.of, indicator.over] if indicator.over else [indicator.of]
    if any(not each.when for each in measured):
        return _("按现在的状态计数，不属于某个时段")
    person = DIMENSIONS["person"]
    if scheme not in (AREA, DEPARTMENT) and any(each.table not in person.own for each in measured):
        return _("不能归到经办人")
    return ""


def choices_for(scheme: str) -> list[Indicator]:
    """The indicators that a scheme may choose from."""
    return [each for each in indicators() if not misfit(each, scheme) and not fines.is_of_fines(each)]


def members(kind: ObjectKind, group: Group, period: Period, region_code: str = "") -> Mapping[Key, str]:
    """The objects of a group by key, with their names, as they stood in the period; in the order of the register."""
    if kind.of == AREA:
        return _areas(kind, period, region_code)
    if kind.of == DEPARTMENT:
        return _departments(group, period, region_code)
    return _people(kind, period, region_code)


def _areas(kind: ObjectKind, period: Period, region_code: str) -> Mapping[Key, str]:
    """Of the regions that counted on the period's last day."""
    rows = Region.objects.filter(version=version_on(period.last), level=kind.detail, code__startswith=region_code)
    return {code: name or code for code, name in rows.order_by("code").values_list("code", "name")}


def _departments(group: Group, period: Period, region_code: str) -> Mapping[Key, str]:
    rows = Department.objects.filter(_within(period))
    rows = rows.filter(pk__in=group.departments) if group.departments else rows.filter(kind__in=group.kinds)
    rows = rows.filter(Q(region_code="") | Q(region_code__startswith=region_code)) if region_code else rows
    return dict(rows.order_by("sort_order", "code").values_list("pk", "short_name"))


def _people(kind: ObjectKind, period: Period, region_code: str) -> Mapping[Key, str]:
    """Who held a post with the role in the centre on any day of the period."""
    held = Appointment.objects.filter(_within(period), post__department__kind=Department.Kind.CENTRE)
    held = held.filter(post__department__region_code__startswith=region_code)
    rows = held.order_by("post__code", "user__username").values_list("user_id", "user__name", "post__roles")
    return {user: name for user, name, roles in rows if kind.detail in _merged(roles)}


def _merged(roles: Iterable[str]) -> frozenset[Role]:
    return merged(Role(each) for each in roles)


def _within(period: Period) -> Q:
    return Q(valid_from__lte=period.last) & (Q(valid_to__isnull=True) | Q(valid_to__gte=period.first))


def group_of(groups: Sequence[Group], key: str) -> Group:
    found = next((each for each in groups if each.key == key), None)
    if found is None:
        raise UserError(_("没有“%s”这个分组") % key[:40], field="group")
    return found


def json_of(group: Group) -> dict[str, Any]:
    chosen = {"kinds": list(group.kinds), "departments": list(group.departments)}
    return {"key": group.key, "name": str(group.name), **chosen}
