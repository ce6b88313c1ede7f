"""What a step can bring: one entry per field name used in `workflow.STEPS`. Forms, API and planner read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FieldKind(StrEnum):
    TEXT = "text"
    LINE = "line"
    FINDING = "finding"
    CLASS = "class"
    CONDITION = "condition"
    DEPARTMENT = "department"
    DEPARTMENTS = "departments"
    USER = "user"
    PHOTOS = "photos"
    MOMENT = "moment"
    CASE = "case"
    CASES = "cases"
    YES = "yes"
    LOCATION = "location"


@dataclass(frozen=True)
class Field:
    kind: FieldKind
    title: str | Promise
    hint: str | Promise = ""
    max_length: int = 1000


FIELDS: Final[dict[str, Field]] = {
    "minor_class": Field(FieldKind.CLASS, _("小类"), _("输入名称或代码查找")),
    "condition": Field(FieldKind.CONDITION, _("立案条件"), _("决定处置时限和结案条件")),
    "closing_met": Field(FieldKind.YES, _("已达到结案条件")),
    "department": Field(FieldKind.DEPARTMENT, _("主办部门")),
    "co_departments": Field(FieldKind.DEPARTMENTS, _("协办部门")),
    "collector": Field(FieldKind.USER, _("采集员"), _("不选则发给责任网格的采集员")),
    "handler": Field(FieldKind.USER, _("处置人员")),
    "finding": Field(FieldKind.FINDING, _("核实结论")),
    "photos": Field(FieldKind.PHOTOS, _("照片"), _("JPEG、PNG 或 WebP")),
    "reason": Field(FieldKind.TEXT, _("理由"), _("必填，写入办理经过")),
    "note": Field(FieldKind.TEXT, _("说明")),
    "title": Field(FieldKind.LINE, _("标题"), max_length=120),
    "words": Field(FieldKind.TEXT, _("问题描述"), max_length=4000),
    "address": Field(FieldKind.LINE, _("地址"), max_length=200),
    "location": Field(FieldKind.LOCATION, _("位置"), _("在地图上点选")),
    "is_urgent": Field(FieldKind.YES, _("紧急")),
    "until": Field(FieldKind.MOMENT, _("挂账至")),
    "answer_by": Field(FieldKind.MOMENT, _("回复期限")),
    "target": Field(FieldKind.CASE, _("并入案件"), _("填写案件编号")),
    "others": Field(FieldKind.CASES, _("捆绑的案件"), _("填写案件编号，用空格分隔")),
}

# Entry on behalf of a department that never logs in (代录) rests on paper or a phone call.
EVIDENCE: Final = {"paper": _("纸质单据"), "phone": _("电话记录")}
