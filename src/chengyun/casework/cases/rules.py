"""The county's numbers for the life of a case, each a setting (STANDARDS §6.3; the defaults are local rules)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from chengyun.casework.cases.state import Rules
from chengyun.casework.clocks.effects import Limit
from chengyun.core import configuration
from chengyun.core.calendars import working_calendar
from chengyun.core.declarations import SettingDeclaration, Text
from chengyun.core.shapes import Number
from chengyun.core.worktime.units import Unit

T = gettext_lazy


def _number(
    key: str, title: Text, default: int, unit: Text, low: int, high: int, *, whole: bool = True
) -> SettingDeclaration:
    return SettingDeclaration(key, title, default, Number(low, high, whole), unit, T("案件"))


def _choice(key: str, title: Text, default: bool) -> SettingDeclaration:
    return SettingDeclaration(key, title, default, group=T("案件"))


SETTINGS = [
    _number("casework.accept_minutes", T("受理时限"), 15, T("分钟"), 1, 1440),
    _number("casework.dispatch_minutes", T("派遣时限"), 15, T("分钟"), 1, 1440),
    _number("casework.verify_minutes", T("核实时限"), 30, T("分钟"), 1, 10080),
    _number("casework.check_minutes", T("核查时限"), 30, T("分钟"), 1, 10080),
    _number("casework.close_minutes", T("结案时限"), 15, T("分钟"), 1, 1440),
    _number("casework.handle_hours", T("未选条件时的处置时限"), 4, T("工作时"), 1, 1000, whole=False),
    _number("casework.yellow_percent", T("黄灯起点"), 80, "%", 1, 100),
    _number("casework.max_extensions", T("延期次数上限"), 2, T("次"), 0, 20),
    _number("casework.suspension_days", T("挂账最长"), 365, T("天"), 1, 3650),
    _number("casework.supervision_days", T("督办回复期限最长"), 90, T("天"), 1, 365),
    _number("casework.undo_seconds", T("可以撤销的时间"), 60, T("秒"), 0, 600),
    _choice("casework.two_level_approval", T("延期和挂账需部门初审"), True),
    _choice("casework.feedback_needs_photo", T("处置反馈必须附照片"), False),
    _number("casework.duplicate_metres", T("疑似重复的距离"), 50, T("米"), 1, 5000),
    _number("casework.duplicate_hours", T("疑似重复的时间"), 24, T("小时"), 1, 8760),
    _number("casework.nearby_metres", T("附近案件的距离"), 200, T("米"), 10, 5000),
    _number("casework.nearby_days", T("附近案件：已办结的看最近"), 30, T("天"), 1, 365),
]


def rules_for(region_code: str = "") -> Rules:
    return Rules(calendar=working_calendar(region_code=region_code), **configuration.made(_numbers, region_code))


def _numbers(region_code: str) -> dict[str, Any]:
    def value(name: str) -> float:
        return float(configuration.value(f"casework.{name}", region_code))

    def minutes(name: str) -> Limit:
        return Limit(Decimal(str(value(name))) / 60, Unit.URGENT_HOUR)

    return {
        "accept_limit": minutes("accept_minutes"),
        "dispatch_limit": minutes("dispatch_minutes"),
        "verify_limit": minutes("verify_minutes"),
        "check_limit": minutes("check_minutes"),
        "close_limit": minutes("close_minutes"),
        "handle_limit": Limit(Decimal(str(value("handle_hours"))), Unit.WORKING_HOUR),
        "yellow_share": Decimal(str(value("yellow_percent"))) / 100,
        "max_extensions": int(value("max_extensions")),
        "suspension_days": int(value("suspension_days")),
        "supervision_days": int(value("supervision_days")),
        "undo_seconds": int(value("undo_seconds")),
        "two_level_approval": bool(configuration.value("casework.two_level_approval", region_code)),
        "feedback_needs_photo": bool(configuration.value("casework.feedback_needs_photo", region_code)),
    }
