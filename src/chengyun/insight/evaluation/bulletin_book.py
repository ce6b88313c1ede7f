"""The bulletin as Excel: numbers as numbers, and no text that a spreadsheet could take for a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.core.exports.workbook import FORMULA_STARTS
from chengyun.insight.evaluation.bulletin import Bulletin, change_of, compose
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.schemes import LANGUAGE
from chengyun.people.access import Actor

FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 14},
    "quiet": {"font_color": "#56616F"},
    "head": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "text": {},
    "quoted": {"quote_prefix": True},
    "count": {"num_format": "#,##0.##"},
    "score": {"num_format": "0.00"},
    "change": {"num_format": "+0.00;-0.00;0.00"},
    "days": {"num_format": "0.0"},
}
HEAD: Final = 5  # the line of the table's head; above it stand title, period, version, moment and digest
OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
Column = tuple[str, str, Sequence[Any]]  # head, format, values


def write(target: IO[bytes], actor: Actor, publication: Publication) -> None:
    with translation.override(LANGUAGE):
        bulletin = compose(actor, publication)
        with xlsxwriter.Workbook(target, dict(OPTIONS)) as book:
            formats = {name: book.add_format(each) for name, each in FORMATS.items()}
            _Sheet(book, formats, _("评价结果"), bulletin).table(_results(bulletin))
            if bulletin.late is not None:
                _Sheet(book, formats, _("遗留超期未处置件"), bulletin).table(_late(bulletin))
            _Sheet(book, formats, _("评价办法"), bulletin).table(_method(bulletin), _remarks(bulletin))


class _Sheet:
    def __init__(self, book: Any, formats: Mapping[str, Any], name: str, bulletin: Bulletin) -> None:
        self.sheet, self.formats = book.add_worksheet(name), formats
        publication = bulletin.publication
        above = [
            bulletin.title, bulletin.period_words, bulletin.version_words,
            f"{bulletin.as_of_words}；{bulletin.issued_words}", _("指纹（SHA-256）：%s") % publication.digest,
        ]  # fmt: skip
        for line, text in enumerate(above):
            self._write(line, 0, text, "quiet" if line else "title")

    def table(self, columns: Sequence[Column], remarks: Sequence[str] = ()) -> None:
        for place, (head, style, values) in enumerate(columns):
            self.sheet.set_column(place, place, 12 if style not in ("text", "head") else 22)
            self._write(HEAD, place, head, "head")
            for line, value in enumerate(values, HEAD + 1):
                self._write(line, place, value, style)
        for line, remark in enumerate(remarks, HEAD + 2 + len(columns[0][2])):
            self._write(line, 0, remark, "text")
        self.sheet.freeze_panes(HEAD + 1, 2)

    def _write(self, line: int, column: int, value: Any, style: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, int | float | Decimal):
            self.sheet.write_number(line, column, value, self.formats[style])
            return
        text = str(value)
        quoted = style == "text" and text.startswith(FORMULA_STARTS)
        self.sheet.write_string(line, column, text, self.formats["quoted" if quoted else style])


def _results(bulletin: Bulletin) -> list[Column]:
    rows = bulletin.rows

    def of(name: str) -> list[Any]:
        return [getattr(row, name) for row in rows]

    columns: list[Column] = [
        (_("名次"), "count", of("rank")), (bulletin.name, "text", of("name")), (_("总分"), "score", of("total")),
        (_("等级"), "text", of("grade")), (_("较上期"), "change", [change_of(row) for row in rows]),
        (_("上期总分"), "score", of("previous_total")), (_("上期名次"), "count", of("previous_rank")),
    ]  # fmt: skip
    if bulletin.subject.has_late:
        columns += [(_("超期数（原始）"), "count", of("late")), (_("申诉豁免数"), "count", of("exempted"))]
    for each in bulletin.lines:
        columns += _line(str(each.indicator.title), str(each.indicator.unit), each.place, rows)
    return columns


def _line(title: str, unit: str, place: int, rows: Sequence[PublishedRow]) -> list[Column]:
    """Value, of how many, score and weight of one line."""
    figures = [row.figures[place] for row in rows]

    def of(name: str) -> list[Any]:
        return [figure[name] for figure in figures]

    def numbers(name: str) -> list[Any]:
        return [None if value is None else Decimal(value) for value in of(name)]

    columns: list[Column] = [(f"{title}（{unit}）", "score", of("value"))]
    if any(value is not None for value in of("denominator")):
        columns += [
            (_("%s 分子") % title, "count", of("numerator")),
            (_("%s 分母") % title, "count", of("denominator")),
        ]
    return [
        *columns,
        (_("%s 得分") % title, "score", numbers("score")),
        (_("%s 权重") % title, "score", numbers("weight")),
    ]


def _late(bulletin: Bulletin) -> list[Column]:
    cases, names = bulletin.late or (), bulletin.names
    return [
        (_("案件编号"), "text", [case.number for case in cases]),
        (bulletin.name, "text", [names.get(case.key, "") for case in cases]),
        (_("小类"), "text", [case.class_name for case in cases]),
        (_("责任部门"), "text", [case.department for case in cases]),
        (_("超期天数"), "days", [case.days for case in cases]),
    ]


def _method(bulletin: Bulletin) -> list[Column]:
    lines = bulletin.lines
    return [
        (_("指标"), "text", [each.indicator.title for each in lines]),
        (_("权重"), "score", [each.line.weight for each in lines]),
        (_("口径"), "text", [each.indicator.words for each in lines]),
        (_("计分"), "text", [each.rule for each in lines]),
        (_("依据"), "text", [each.indicator.source for each in lines]),
    ]


def _remarks(bulletin: Bulletin) -> list[str]:
    plan = bulletin.subject.plan
    late = [bulletin.late_words] if bulletin.late is not None else []
    return [plan.name, _("等级：%s。") % bulletin.grade_words, bulletin.rank_words, *late, plan.note]
