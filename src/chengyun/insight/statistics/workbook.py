"""The table as Excel: totals, shares and changes are formulas over the numbers that were measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from chengyun.core.exports.workbook import FORMULA_STARTS
from chengyun.core.instants import SHANGHAI
from chengyun.insight.figures.measuring import Value
from chengyun.insight.statistics.asked import COMPARISONS
from chengyun.insight.statistics.pivot import Answer, Cell, adds_up
from chengyun.insight.statistics.telling import conditions, dimension_title, title_of

FORMATS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "quiet": {"font_color": "#56616F"},
    "head": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "text": {},
    "quoted": {"quote_prefix": True},
    "number": {"num_format": "#,##0.00"},
    "count": {"num_format": "#,##0"},
    "share": {"num_format": "0.0%"},
    "rate": {"num_format": "0.00"},
    "change": {"num_format": "+0.0%;-0.0%;0.0%"},
    "points": {"num_format": "+0.00;-0.00;0.00"},
    "total": {"bold": True, "top": 1},
}
HEAD = 4  # the line of the table's head; above it stand title, period and conditions


def write(target: IO[bytes], answer: Answer) -> None:
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _Sheet(book, answer).write()


class _Sheet:
    def __init__(self, book: Any, answer: Answer) -> None:
        self.answer = answer
        self.sheet = book.add_worksheet(_("统计表"))
        self.formats = {name: book.add_format(each) for name, each in FORMATS.items()}
        self.first, self.last = HEAD + 1, HEAD + len(answer.rows)
        self.words = book.add_worksheet(_("口径"))

    def write(self) -> None:
        asked, figure = self.answer.asked, self.answer.first
        self.sheet.write_string(0, 0, title_of(asked), self.formats["title"])
        period = _("期间 %(first)s 至 %(last)s") % vars(asked.period)
        self.sheet.write_string(1, 0, period, self.formats["quiet"])
        self.sheet.write_string(
            2, 0, "；".join(conditions(asked, self.answer.reader)) or _("全部案件"), self.formats["quiet"]
        )
        seen = figure.as_of.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        self.sheet.write_string(3, 0, _("数据截至 %s") % seen, self.formats["quiet"])
        self.sheet.set_column(0, 0, 24)
        self.sheet.set_column(1, 60, 12)
        self.sheet.write_string(HEAD, 0, dimension_title(asked.rows), self.formats["head"])
        for line, row in enumerate(self.answer.rows, self.first):
            self._text(line, 0, row.name)
        self.sheet.write_string(self.last + 1, 0, _("合计"), self.formats["total"])
        if self.answer.columns:
            self._cross()
        else:
            self._list()
        self.sheet.freeze_panes(HEAD + 1, 1)
        self._explain()

    def _text(self, line: int, column: int, text: str) -> None:
        style = "quoted" if text.startswith(FORMULA_STARTS) else "text"
        self.sheet.write_string(line, column, text, self.formats[style])

    # --- one dimension: for each indicator its number, its share, what it was ---

    def _list(self) -> None:
        column = 1
        for place, indicator in enumerate(self.answer.asked.indicators):
            cells = [row.cells[place] for row in self.answer.rows]
            column = self._measured(column, cells, self.answer.totals[place], f"{indicator.title}（{indicator.unit}）")

    def _measured(self, column: int, cells: Sequence[Cell], total: Cell, title: str) -> int:
        """Writes the columns of one indicator; returns the next free one."""
        value_column = self._values(column, [cell.value for cell in cells], total.value, total, title)
        column = value_column + 1
        if adds_up(total.indicator):
            self._shares(column, value_column, cells, total, title)
            column += 1
        for name, beside in total.changes.items():
            then = [cell.changes[name].then for cell in cells]
            words = {"title": title, "comparison": COMPARISONS[name]}
            then_column = self._values(column, then, beside.then, total, _("%(title)s %(comparison)s期") % words)
            column = then_column + 1
            changes = [*(cell.changes[name].by for cell in cells), beside.by]
            self._changes(column, value_column, then_column, changes, beside.is_points, str(COMPARISONS[name]))
            column += 1
        return column

    def _values(self, column: int, values: Sequence[Value], total: Value, cell: Cell, title: str) -> int:
        """A count, with its sum; a share as numerator, denominator and their quotient. Returns the value's column."""
        indicator = cell.indicator
        if indicator.over is None:
            self._head(column, title)
            self._numbers(column, [each.numerator for each in values])
            self._sum(column, total.numerator)
            return column
        for place, (words, of) in enumerate(((_("分子"), "numerator"), (_("分母"), "denominator"))):
            self._head(column + place, f"{title} {words}")
            self._numbers(column + place, [getattr(each, of) for each in values])
            self._sum(column + place, getattr(total, of) or 0)
        self._head(column + 2, title)
        factor = "*100" if indicator.is_share else ""
        for line, value in zip(self._lines(), [*values, total], strict=True):
            top, under = xl_rowcol_to_cell(line, column), xl_rowcol_to_cell(line, column + 1)
            shown = "" if value.value is None else value.value
            formula = f'=IF({under}=0,"",{top}/{under}{factor})'
            self.sheet.write_formula(line, column + 2, formula, self.formats["rate"], shown)
        return column + 2

    def _shares(self, column: int, values: int, cells: Sequence[Cell], total: Cell, title: str) -> None:
        self._head(column, f"{title} {_('占比')}")
        whole = xl_rowcol_to_cell(self.last + 1, values, row_abs=True, col_abs=True)
        for line, cell in zip(self._lines(), [*cells, total], strict=True):
            part = xl_rowcol_to_cell(line, values)
            share = "" if cell.share is None else cell.share / 100
            self.sheet.write_formula(line, column, f'=IF({whole}=0,"",{part}/{whole})', self.formats["share"], share)

    def _changes(
        self, column: int, now: int, then: int, changes: Sequence[float | None], is_points: bool, title: str
    ) -> None:
        self._head(column, f"{title} {_('百分点') if is_points else _('增减')}")
        for line, by in zip(self._lines(), changes, strict=True):
            new, old = xl_rowcol_to_cell(line, now), xl_rowcol_to_cell(line, then)
            if is_points:
                formula, shown = f'=IF(OR({new}="",{old}=""),"",{new}-{old})', "" if by is None else by
            else:
                formula = f'=IF(OR({new}="",{old}="",{old}=0),"",({new}-{old})/{old})'
                shown = "" if by is None else by / 100
            self.sheet.write_formula(line, column, formula, self.formats["points" if is_points else "change"], shown)

    # --- two dimensions ---

    def _cross(self) -> None:
        indicator = self.answer.asked.indicators[0]
        for place, column in enumerate(self.answer.columns, 1):
            self._head(place, column.name)
            cells = [row.cells[place - 1] for row in self.answer.rows]
            if adds_up(indicator):
                self._numbers(place, [cell.value.numerator for cell in cells])
                self._sum(place, self.answer.totals[place - 1].value.numerator)
            else:
                values = [*(cell.value.value for cell in cells), self.answer.totals[place - 1].value.value]
                self._plain(place, values)
        totals = [row.total for row in self.answer.rows if row.total]
        if self.answer.total:
            self._measured(len(self.answer.columns) + 1, totals, self.answer.total, _("合计"))

    # --- parts ---

    def _lines(self) -> range:
        return range(self.first, self.last + 2)

    def _head(self, column: int, title: str) -> None:
        self.sheet.write_string(HEAD, column, title, self.formats["head"])

    def _numbers(self, column: int, numbers: Sequence[float | None]) -> None:
        """Whole ones have no point: a format with places that may be left out would leave it behind them."""
        whole = all(float(number or 0).is_integer() for number in numbers)
        for line, number in enumerate(numbers, self.first):
            self.sheet.write_number(line, column, number or 0, self.formats["count" if whole else "number"])

    def _plain(self, column: int, numbers: Sequence[float | None]) -> None:
        for line, number in enumerate(numbers, self.first):
            if number is not None:
                self.sheet.write_number(line, column, number, self.formats["rate"])

    def _sum(self, column: int, value: float) -> None:
        top = xl_rowcol_to_cell(self.first, column)
        end = xl_rowcol_to_cell(max(self.last, self.first), column)
        formula = f"=SUM({top}:{end})" if self.answer.rows else "=0"
        self.sheet.write_formula(self.last + 1, column, formula, self.formats["total"], value)

    def _explain(self) -> None:
        """The second sheet: what each indicator counts, and where it comes from."""
        for column, title in enumerate((_("指标"), _("口径"), _("单位"), _("依据"))):
            self.words.write_string(0, column, title, self.formats["head"])
        for line, each in enumerate(self.answer.asked.indicators, 1):
            for column, text in enumerate((each.title, each.words, each.unit, each.source)):
                self.words.write_string(line, column, str(text))
        line = len(self.answer.asked.indicators) + 2
        for name, period in self.answer.compared.items():
            said = {"name": COMPARISONS[name], "first": period.first, "last": period.last}
            self.words.write_string(line, 0, _("%(name)s期：%(first)s 至 %(last)s") % said)
            line += 1
        self.words.set_column(0, 0, 20)
        self.words.set_column(1, 1, 60)
