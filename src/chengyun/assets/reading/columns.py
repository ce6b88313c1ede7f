"""Which column of a census holds what: recognised by heading, Chinese or the standard's pinyin short names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.errors import UserError

T = gettext_lazy
# Field → its title, then the headings that it is known by. Exported workbooks use the first heading.
FIELDS: Final[dict[str, tuple[Promise, tuple[str, ...]]]] = {
    "identifier": (T("标识码"), ("标识码", "部件标识码", "管理部件标识码", "部件编码", "部件编号", "GLBJBSM")),
    "name": (T("名称"), ("名称", "部件名称", "管理部件名称", "GLBJMC")),
    "class_code": (T("小类代码"), ("小类代码", "小类编码", "部件小类代码", "部件代码", "分类代码", "XLDM")),
    "state": (T("状态"), ("状态", "部件状态", "管理部件状态", "GLBJZT")),
    "manager_code": (T("主管部门代码"), ("主管部门代码", "ZGBMDM")),
    "manager_name": (T("主管部门"), ("主管部门", "主管部门名称", "ZGBMMC")),
    "owner_code": (T("权属单位代码"), ("权属单位代码", "QSDWDM")),
    "owner_name": (T("权属单位"), ("权属单位", "权属单位名称", "QSDWMC")),
    "maintainer_code": (T("养护单位代码"), ("养护单位代码", "YHDWDM")),
    "maintainer_name": (T("养护单位"), ("养护单位", "养护单位名称", "YHDWMC")),
    "cell_code": (T("单元网格"), ("单元网格", "所在单元网格", "所在单元网格标识码", "单元网格标识码", "SZDYWGBSM")),
    "lon": (T("经度"), ("经度", "东经", "X坐标", "X", "LON", "LNG", "LONGITUDE")),
    "lat": (T("纬度"), ("纬度", "北纬", "Y坐标", "Y", "LAT", "LATITUDE")),
    "accuracy": (T("精度等级"), ("精度等级", "坐标精度", "JDDJ")),
    "road": (T("所在道路"), ("所在道路", "道路", "道路名称", "所在位置", "位置", "地址", "SZDL")),
    "initial_date": (T("初始日期"), ("初始日期", "CSRQ")),
    "changed_date": (T("变更日期"), ("变更日期", "BGRQ")),
    "source": (T("数据来源"), ("数据来源", "SJLY")),
    "note": (T("备注"), ("备注", "BZ")),
}
REQUIRED: Final = ("identifier", "lon", "lat", "manager_name", "initial_date")
# Follow from the point; a census names them too, and they are read no further.
KNOWN_OTHERS: Final = frozenset(("SZJDDM", "SZJDMC", "SZSQDM", "SZSQMC"))

_BY_HEADING: Final = {heading: field for field, (_title, headings) in FIELDS.items() for heading in headings}


def title(field: str) -> str:
    return str(FIELDS[field][0])


def heading(field: str) -> str:
    """What an exported workbook writes above the column."""
    return FIELDS[field][1][0]


def recognised(headings: Sequence[str]) -> dict[str, int]:
    """Field → column; the first of two with the same meaning counts. Raises UserError naming what is missing."""
    found: dict[str, int] = {}
    for place, text in enumerate(headings):
        field = _BY_HEADING.get(_plain(text))
        if field:
            found.setdefault(field, place)
    missing = [heading(field) for field in REQUIRED if field not in found]
    if missing:
        message = _("文件缺少列：%(columns)s；表头应在第一行。")
        raise UserError(message % {"columns": "、".join(missing)}, field="file")
    return found


def _plain(text: str) -> str:
    """Without blanks, marks and units: «经度（°）» is «经度», «*标识码» is «标识码»."""
    bare = "".join(text.split()).strip("*＊﻿").replace("（", "(")
    return bare.partition("(")[0].upper()
