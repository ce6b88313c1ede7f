"""A year's holiday notice, read from JSON (the holiday-cn schema) or Excel and checked as a whole.

Two kinds of fault: a day that cannot be (wrong year, doubled, impossible date) is never taken; a notice that looks
incomplete (a festival or the 调休 days are missing) is taken only when the reader insists.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.tables.archives import UNREADABLE, measured
from chengyun.core.worktime.calendar import SATURDAY, Calendar
from chengyun.core.worktime.statutory import Day, fixed_holidays

SHOWN_FAULTS = 5
LARGEST_FILE = 2_000_000
# Days of the turn of the year stand in either notice: 31 December 2022 is in that of 2023.
NEIGHBOURING = dt.timedelta(days=10)
LUNAR = ("春节", "端午", "中秋")
# Days off between Monday and Friday, less weekend days that are worked for them: 11–12 in the notices of 2020–2024,
# 13 since the law added two days in 2025. A notice far from this has lost a row.
BALANCE = range(10, 15)

DATE_HEADS = ("日期", "date", "放假日期", "时间")
NAME_HEADS = ("名称", "节日", "节假日", "节日名称", "name", "说明", "备注")
OFF_HEADS = ("是否放假", "放假", "休息", "是否休息", "类型", "安排", "isoffday", "状态")
OFF_WORDS = ("是", "休", "放假", "休息", "节假日", "true", "1", "1.0", "y", "yes")
WORK_WORDS = ("否", "班", "上班", "调休上班", "补班", "工作日", "调休", "false", "0", "0.0", "n", "no")


@dataclass(frozen=True)
class Notice:
    year: int
    days: tuple[Day, ...]
    source: str = ""


@dataclass(frozen=True)
class Line:
    """One row as it stood in the file; `number` is the reader's own count."""

    number: int
    date: Any
    name: Any
    is_off: Any


class NoticeFaults(UserError):
    """All that is wrong with a file; the message shows the first few."""

    def __init__(self, faults: Sequence[str], *, can_force: bool = False) -> None:
        self.faults = list(faults)
        shown = "；".join(self.faults[:SHOWN_FAULTS])
        if len(self.faults) > SHOWN_FAULTS:
            shown += _("；另有 %(count)d 处") % {"count": len(self.faults) - SHOWN_FAULTS}
        super().__init__(shown, field="file", code="incomplete" if can_force else "invalid")


def read_notice(file: Path | bytes, year: int | None = None, *, force: bool = False) -> Notice:
    content = _content(file)
    if zipfile.is_zipfile(io.BytesIO(content)):
        stated, lines, source = None, list(_excel_lines(content)), ""
    else:
        stated, lines, source = _json_lines(content)
    return checked(year or stated, lines, source or _("导入文件"), force=force, stated=stated)


def checked(
    year: int | None, lines: Sequence[Line], source: str, *, force: bool = False, stated: int | None = None
) -> Notice:
    if not lines:
        raise NoticeFaults([_("文件中没有任何日期")])
    if year and stated and year != stated:
        raise NoticeFaults([_("文件是 %(stated)d 年的安排，不是 %(year)d 年") % {"stated": stated, "year": year}])
    faults: list[str] = []
    days = list(_days(lines, faults))
    year = year or _most_common_year(days)
    faults += _year_faults(year, lines, days) + _doubled(lines, days)
    if faults:
        raise NoticeFaults(faults)
    present = [day for day in days if day is not None]
    if not force and (odd := oddities(year, present)):
        raise NoticeFaults(odd, can_force=True)
    return Notice(year, tuple(sorted(present, key=lambda day: day.date)), source)


def oddities(year: int, days: Sequence[Day]) -> list[str]:
    """Signs that rows are missing or mixed up."""
    off = {day.date for day in days if not day.is_working}
    found = [
        _("缺少%(name)s（%(date)s）") % {"name": name, "date": date}
        for date, name in sorted(fixed_holidays(year).items())
        if date not in off
    ]
    names = "".join(day.name for day in days if not day.is_working)
    found += [_("没有%(name)s") % {"name": festival} for festival in LUNAR if festival not in names]
    worked = [day.date for day in days if day.is_working]
    found += [
        _("%(date)s 是周一至周五，不必列为调休上班") % {"date": date} for date in worked if date.weekday() < SATURDAY
    ]
    on_weekdays = sum(date.weekday() < SATURDAY for date in off)
    if on_weekdays - len(worked) not in BALANCE:
        sentence = _("工作日放假 %(off)d 天、周末上班 %(worked)d 天，不相称，可能漏了调休上班的日期")
        found.append(sentence % {"off": on_weekdays, "worked": len(worked)})
    return found


def template(calendar: Calendar, year: int) -> bytes:
    """An Excel sheet to fill in: the year's days where known, else the days that need no notice."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has a sheet
    sheet.title = str(year)
    sheet.append([_("日期"), _("名称"), _("是否放假")])
    known = [(day.date, day.name, day.is_working) for day in calendar.days if day.date.year == year]
    fixed = [(date, name, False) for date, name in fixed_holidays(year).items()]
    for date, name, is_working in sorted(known or fixed):
        sheet.append([date, name, _("否") if is_working else _("是")])
    sheet.column_dimensions["A"].width = 14
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# --- reading ----------------------------------------------------------------------------------------------------------


def _content(file: Path | bytes) -> bytes:
    if isinstance(file, bytes):
        content = file
    else:
        try:
            content = file.read_bytes() if file.stat().st_size <= LARGEST_FILE else b" " * (LARGEST_FILE + 1)
        except OSError as error:
            raise NoticeFaults([_("无法读取文件 %(name)s") % {"name": file.name}]) from error
    if len(content) > LARGEST_FILE:
        raise NoticeFaults([_("文件太大，节假日安排不应超过 2 MB")])
    return content


def _json_lines(content: bytes) -> tuple[int | None, list[Line], str]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # also bytes that are no UTF-8
        raise NoticeFaults([_("文件既不是 JSON 也不是 Excel（xlsx）")]) from error
    if not isinstance(data, dict) or not isinstance(data.get("days"), list):
        raise NoticeFaults([_("JSON 中须有 year 和 days 两项")])
    lines = [
        Line(number, day.get("date"), day.get("name"), day.get("isOffDay")) if isinstance(day, dict)
        else Line(number, None, None, None)
        for number, day in enumerate(data["days"], 1)
    ]  # fmt: skip
    year = data.get("year")
    papers = data.get("papers")
    source = str(papers[0]) if isinstance(papers, list) and papers else ""
    return year if isinstance(year, int) and not isinstance(year, bool) else None, lines, source


def _excel_lines(content: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(measured(content), read_only=True, data_only=True).worksheets[0]
        rows = [tuple(row) for row in sheet.iter_rows(values_only=True, max_row=2000)]
    except UNREADABLE as error:
        raise NoticeFaults([_("Excel 文件损坏，无法读取")]) from error
    number, columns = _header(rows)
    for offset, row in enumerate(rows[number:], number + 1):
        cells = [row[column] if column < len(row) else None for column in columns]
        if any(cell not in (None, "") for cell in cells):
            yield Line(offset, *cells)


def _header(rows: Sequence[tuple[Any, ...]]) -> tuple[int, tuple[int, int, int]]:
    """The header's row number and its columns; titles above it are passed over."""
    for number, row in enumerate(rows[:10], 1):
        heads = [re.sub(r"[\s（(].*", "", str(cell or "").strip()).lower() for cell in row]
        found = [_column(heads, wanted) for wanted in (DATE_HEADS, NAME_HEADS, OFF_HEADS)]
        if None not in found:
            date, name, off = (column or 0 for column in found)
            return number, (date, name, off)
    raise NoticeFaults([_("没有找到表头，须有“日期”“名称”“是否放假”三列")])


def _column(heads: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((heads.index(head) for head in wanted if head in heads), None)


# --- checking ---------------------------------------------------------------------------------------------------------


def _days(lines: Iterable[Line], faults: list[str]) -> Iterator[Day | None]:
    for line in lines:
        date, off = _date(line.date), _is_off(line.is_off)
        name = str(line.name or "").strip()
        row = {"row": line.number, "value": line.date if date is None else line.is_off}
        if date is None:
            faults.append(_("第 %(row)d 行的日期“%(value)s”不存在或无法识别，请写成 2027-01-01 的形式") % row)
        elif off is None:
            faults.append(_("第 %(row)d 行“是否放假”的内容“%(value)s”无法识别，请填“是”或“否”") % row)
        elif len(name) > 50:
            faults.append(_("第 %(row)d 行的名称超过 50 字") % row)
        readable = date is not None and off is not None and len(name) <= 50
        yield Day(date, not off, name) if readable and date else None


def _date(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value or "").strip()
    parts = re.fullmatch(r"(\d{4})(\d{2})(\d{2})|(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s+0+:00(?::00)?)?", text)
    if parts is None:
        return None
    try:
        return dt.date(*(int(part) for part in parts.groups() if part is not None))
    except ValueError:
        return None


def _is_off(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str("" if value is None else value).strip().lower()
    if word in OFF_WORDS:
        return True
    return False if word in WORK_WORDS else None


def _most_common_year(days: Iterable[Day | None]) -> int:
    counted = Counter(day.date.year for day in days if day is not None)
    return counted.most_common(1)[0][0] if counted else 0


def _year_faults(year: int, lines: Sequence[Line], days: Sequence[Day | None]) -> list[str]:
    first, last = dt.date(max(year, 2), 1, 1) - NEIGHBOURING, dt.date(max(year, 2), 12, 31) + NEIGHBOURING
    return [
        _("第 %(row)d 行的日期 %(date)s 不属于 %(year)d 年") % {"row": line.number, "date": day.date, "year": year}
        for line, day in zip(lines, days, strict=True)
        if day is not None and not first <= day.date <= last
    ]


def _doubled(lines: Sequence[Line], days: Sequence[Day | None]) -> list[str]:
    seen: dict[dt.date, int] = {}
    faults = []
    for line, day in zip(lines, days, strict=True):
        if day is not None and seen.setdefault(day.date, line.number) != line.number:
            found = {"row": line.number, "first": seen[day.date], "date": day.date}
            faults.append(_("第 %(row)d 行与第 %(first)d 行的日期 %(date)s 重复") % found)
    return faults
