"""The catalogue's Excel round trip in the back office, over the same tables as the command line's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import Text
from chengyun.people.access import Actor
from chengyun.people.registers.book import (
    Cells,
    Differences,
    Fault,
    Heading,
    Key,
    Reading,
    Sheet,
    Standing,
    Terms,
    Written,
)
from chengyun.people.registers.workbook import tables
from chengyun.taxonomy import queries
from chengyun.taxonomy.models import CountyClass, FilingCondition, Standard
from chengyun.taxonomy.services import excel
from chengyun.taxonomy.services.catalogue_rows import SHEET, CatalogueRow
from chengyun.taxonomy.services.conditions import Wording
from chengyun.taxonomy.services.excel import CATALOGUE_HEAD, CONDITIONS, CONDITIONS_HEAD, Numbered
from chengyun.taxonomy.services.sheets import Row
from chengyun.taxonomy.words import KIND_WORDS, UNIT_WORDS

ORIGIN = "本县"
KIND = Heading("类型", "部件或事项", tuple(KIND_WORDS.values()), required=True, width=8)
CODE = Heading("小类代码", "按文本填写，保留开头的 0", required=True, width=10)


def _standards() -> list[str]:
    return list(Standard.objects.order_by("-code").values_list("code", flat=True))


STANDARD = Heading("依据标准", "标准号，本县扩展填 LOCAL", _standards, required=True, width=22)


class CatalogueBook:
    name = "分类目录和立案条件"
    whole = "always"
    dated = True
    tables: Sequence[Any] = (CountyClass, FilingCondition)
    notes: Sequence[Text] = (
        _("“目录”是本县的完整目录：其中没有的小类会停用。"),
        _("“立案条件”只看表里写到的小类：这些小类的条件以表为准，没写到的小类照旧。"),
        _("一条立案条件先写默认时限的一行（区域类别留空），区域类别不同的时限另写一行。"),
    )
    sheets: Sequence[Sheet] = (
        Sheet(
            SHEET,
            (
                KIND,
                Heading("大类代码", "两位数字，按文本填写", required=True, width=10),
                Heading("大类名称", "最多 50 个字", required=True, width=18),
                CODE,
                Heading("小类名称", "最多 50 个字", required=True, width=24),
                STANDARD,
            ),
            key=("依据标准", "类型", "小类代码"),
            label=("小类代码", "小类名称"),
        ),
        Sheet(
            CONDITIONS,
            (
                KIND,
                STANDARD,
                CODE,
                Heading("小类名称", told_only=True, width=24),
                Heading("序号", "1 至 99，同一小类内不重复", required=True, width=8),
                Heading("立案条件", "最多 300 个字；区域类别的行留空", required=True, width=50),
                Heading("区域类别", "默认时限留空", width=10),
                Heading("时限", "大于 0，最多两位小数", required=True, width=8),
                Heading("单位", "", tuple(UNIT_WORDS.values()), required=True, width=12),
                Heading("结案条件", "最多 300 个字；区域类别的行留空", required=True, width=40),
                Heading("来源", told_only=True, width=24),
            ),
            key=("依据标准", "类型", "小类代码", "序号", "区域类别"),
            label=("小类代码", "小类名称", "序号", "区域类别"),
        ),
    )

    def standing(self, terms: Terms) -> Standing:
        classes = list(queries.county_catalogue(terms.day))
        catalogue = _lines(CATALOGUE_HEAD, map(excel.catalogue_cells, classes))
        conditions = _lines(CONDITIONS_HEAD, excel.all_condition_cells(classes, terms.day))
        by_sheet = zip(self.sheets, (catalogue, conditions), strict=True)
        return {sheet.title: {sheet.key_of(cells): cells for cells in lines} for sheet, lines in by_sheet}

    def read(self, content: bytes, terms: Terms) -> Reading:
        reading = Reading()
        found = tables(self, content, reading.faults)
        if SHEET not in found and not reading.faults:
            reading.faults.append(Fault(SHEET, 0, "", str(_("缺少该工作表。"))))
        classes, conditions = (
            [Row(t, row.number, dict(row.cells)) for row in found.get(t, [])] for t in (SHEET, CONDITIONS)
        )
        table = excel.read_rows(classes, conditions)
        excel.check_listed(table)
        reading.faults += [Fault(each.sheet, each.row, each.column, each.message) for each in table.faults]
        reading.content = table
        for row in table.rows:
            reading.add(self.sheets[0], _class_cells(row), row.row)
        names: dict[Key, str] = {row.key: row.name for row in table.rows}
        for numbered, wording in table.wordings.items():
            for cells in _wording_cells(numbered, wording, names):
                reading.add(self.sheets[1], cells, table.places[numbered])
        spoken_of = {_class_key(numbered[0]) for numbered in table.wordings}
        reading.covers = lambda sheet, key: sheet == SHEET or key[:3] in spoken_of
        return reading

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written:
        excel.import_catalogue(reading.content, terms.day, origin=ORIGIN, by=by)
        return Written()


def _rows(title: str, rows: Iterable[Any]) -> list[Row]:
    return [Row(title, row.number, dict(row.cells)) for row in rows]


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[Cells]:
    return [dict(zip(head, map(_text, row), strict=True)) for row in rows]


def _text(value: object) -> str:
    return f"{value:f}" if hasattr(value, "normalize") else str(value)


def _class_key(key: Key) -> Key:
    standard, kind, code = key
    return (standard, KIND_WORDS.get(kind, kind), code)


def _class_cells(row: CatalogueRow) -> Cells:
    kind = KIND_WORDS.get(row.kind, row.kind)
    values = (kind, row.major_code, row.major_name, row.code, row.name, row.standard)
    return dict(zip(CATALOGUE_HEAD, values, strict=True))


def _wording_cells(numbered: Numbered, wording: Wording, names: dict[Key, str]) -> Iterator[Cells]:
    key, number = numbered
    standard, kind, code = _class_key(key)
    for area, limit in sorted(wording.limits.items()):
        said = (wording.text, wording.closing) if area == "" else ("", "")
        amount = f"{limit.amount.normalize():f}"
        yield {
            "类型": kind,
            "依据标准": standard,
            "小类代码": code,
            "小类名称": names.get(key, ""),
            "序号": str(number),
            "立案条件": said[0],
            "区域类别": area,
            "时限": amount,
            "单位": UNIT_WORDS[limit.unit],
            "结案条件": said[1],
        }
