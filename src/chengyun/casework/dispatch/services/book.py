"""The duty list's Excel round trip in the back office, over the same table as the command line's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from chengyun.casework.dispatch.models import DutyRow
from chengyun.casework.dispatch.services import table
from chengyun.casework.dispatch.services.lines import YES, cells_of, register_on
from chengyun.casework.dispatch.services.table import SHEET, duty_of, standing_rows
from chengyun.core import instants
from chengyun.core.declarations import Text
from chengyun.people.access import Actor
from chengyun.people.models import Department
from chengyun.people.registers.book import Differences, Fault, Heading, Reading, Sheet, Standing, Terms, Written
from chengyun.people.registers.workbook import tables
from chengyun.taxonomy.models import Standard
from chengyun.taxonomy.services.sheets import Row
from chengyun.taxonomy.words import KIND_WORDS


def _department_codes() -> list[str]:
    return list(Department.objects.on(instants.today()).order_by("sort_order", "code").values_list("code", flat=True))


def _standards() -> list[str]:
    return list(Standard.objects.order_by("-code").values_list("code", flat=True))


class DutyBook:
    name = "权责清单"
    whole = "choice"
    dated = True
    tables: Sequence[Any] = (DutyRow,)
    notes: Sequence[Text] = (
        _("每行一条权责：哪个小类、在哪个区域、（哪条立案条件、哪段时间）由谁主办、谁协办。"),
        _("类型、依据标准、小类代码、区域代码、条件序号、起止时间和星期合起来确定一条；其余是它的内容。"),
        _("部门填部门代码，也可填名称或简称；多个协办部门用顿号隔开。"),
    )
    sheets: Sequence[Sheet] = (
        Sheet(
            SHEET,
            (
                Heading("类型", "部件或事项", tuple(KIND_WORDS.values()), required=True, width=8),
                Heading("依据标准", "标准号，本县扩展填 LOCAL", _standards, required=True, width=22),
                Heading("小类代码", "按文本填写，保留开头的 0", required=True, width=10),
                Heading("小类名称", told_only=True, width=22),
                Heading("区域代码", "乡镇街道 9 位、社区 12 位、单元网格 15 位；全县留空", width=16),
                Heading("条件序号", "只对这条立案条件时填，如 1", width=10),
                Heading("起始时间", "如 18:30，不分时段留空", width=10),
                Heading("结束时间", "如 06:00", width=10),
                Heading("星期", "1 至 7 的数字，如 12345；每天留空", width=10),
                Heading("主办部门", "部门代码", _department_codes, required=True, width=12),
                Heading("协办部门", "部门代码，多个用顿号隔开", width=18),
                Heading("法律依据", "写明条款，最多 300 字；不清楚就不填", width=30),
                Heading("自动派遣", "填“是”或留空", tuple(word for word in YES if word), width=10),
            ),
            key=("类型", "依据标准", "小类代码", "区域代码", "条件序号", "起始时间", "结束时间", "星期"),
            label=("小类代码", "小类名称", "区域代码", "条件序号", "起始时间"),
        ),
    )

    def standing(self, terms: Terms) -> Standing:
        register = register_on(terms.day)
        rows = [cells_of(duty_of(row), register) for row in standing_rows(terms.day)]
        return {SHEET: {self.sheets[0].key_of(cells): cells for cells in rows}}

    def read(self, content: bytes, terms: Terms) -> Reading:
        reading = Reading()
        rows = tables(self, content, reading.faults).get(SHEET, [])
        read = table.read_rows([Row(SHEET, row.number, dict(row.cells)) for row in rows], terms.day)
        reading.content = read
        register = register_on(terms.day)
        for entry, duty in read.duties.items():
            reading.add(self.sheets[0], cells_of(duty, register), read.places[entry])
        reading.faults += [Fault(each.sheet, each.row, each.column, each.message) for each in read.faults]
        return reading

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written:
        table.import_table(reading.content, terms.day, whole=terms.whole, by=by)
        return Written()
