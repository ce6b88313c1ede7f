"""The calendar's Excel round trip: days off and make-up days of this year and later, and the working hours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import calendars, instants
from chengyun.core.calendar_files import Line, Notice, NoticeFaults, checked
from chengyun.core.calendar_models import CalendarDay, WorkCalendar
from chengyun.core.declarations import Text
from chengyun.core.worktime.calendar import Period, period_problems
from chengyun.people.access import Actor
from chengyun.people.registers.book import (
    Cells,
    Differences,
    Fault,
    Heading,
    Reading,
    Sheet,
    Standing,
    Terms,
    Written,
    refuse_repeated,
)
from chengyun.people.registers.workbook import Row, tables

DAYS, HOURS = "节假日", "工作时段"
OFF, WORKED = "是", "否"


class CalendarBook:
    name = "工作日历"
    whole = "always"
    dated = False
    tables: Sequence[Any] = (WorkCalendar, CalendarDay)
    notes: Sequence[Text] = (
        gettext_lazy("“节假日”列出放假的日子和调休上班的周末；写到的年份以表为准，没写到的年份照旧。"),
        gettext_lazy("新的一年按国务院办公厅的通知写全，导入后这一年不再标为暂行。"),
        gettext_lazy("“工作时段”每段一行；按季节不同的，写明从几月几日到几月几日。"),
    )
    sheets: Sequence[Sheet] = (
        Sheet(
            DAYS,
            (
                Heading("日期", "写作 2027-01-01", required=True),
                Heading("名称", "节日名称", required=True, width=20),
                Heading("是否放假", "放假填“是”，调休上班填“否”", (OFF, WORKED), required=True, width=10),
            ),
            key=("日期",),
            label=("日期", "名称"),
        ),
        Sheet(
            HOURS,
            (
                Heading("上班", "如 08:00", required=True, width=10),
                Heading("下班", "如 12:00", required=True, width=10),
                Heading("从", "月-日，如 01-01", required=True, width=10),
                Heading("到", "月-日，如 12-31", required=True, width=10),
            ),
            key=("从", "到", "上班", "下班"),
        ),
    )

    def standing(self, terms: Terms) -> Standing:
        calendar, first = calendars.working_calendar(), dt.date(instants.today().year, 1, 1)
        days = [_day_cells(each.date, each.name, each.is_working) for each in calendar.days if each.date >= first]
        hours = [_hour_cells(period) for period in calendar.periods]
        by_sheet = zip(self.sheets, (days, hours), strict=True)
        return {sheet.title: {sheet.key_of(cells): cells for cells in rows} for sheet, rows in by_sheet}

    def read(self, content: bytes, terms: Terms) -> Reading:
        reading = Reading()
        found = tables(self, content, reading.faults)
        notices = self._notices(found.get(DAYS, []), reading)
        periods = self._periods(found.get(HOURS, []), reading) if HOURS in found else None
        years = {notice.year for notice in notices}
        reading.content = (notices, periods)
        reading.covers = lambda sheet, key: periods is not None if sheet == HOURS else int(key[0][:4]) in years
        return reading

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written:
        notices, periods = reading.content
        changed = {int(each.key[0][:4]) for each in found.rows if each.sheet == DAYS}
        for notice in notices:
            if notice.year in changed:
                calendars.take_notice(notice, by)
        if any(each.sheet == HOURS for each in found.rows):
            rule = calendars.working_calendar().day_rule
            calendars.change_hours(periods, by, name=_("工作时段调整"), day_rule=rule)
        return Written()

    def _notices(self, rows: Sequence[Row], reading: Reading) -> list[Notice]:
        by_year: defaultdict[int, list[Line]] = defaultdict(list)
        for row in rows:
            first = row["日期"][:4]
            by_year[int(first) if first.isdecimal() else 0].append(
                Line(row.number, row["日期"], row["名称"], row["是否放假"])
            )
        notices = []
        for year, lines in sorted(by_year.items()):
            try:
                notices.append(self._notice(year, lines, reading))
            except NoticeFaults as faults:
                reading.faults += [Fault(DAYS, 0, "", fault) for fault in faults.faults]
        return notices

    def _notice(self, year: int, lines: list[Line], reading: Reading) -> Notice:
        if year < instants.today().year:
            raise NoticeFaults([_("只能改今年和以后的安排，请删去 %(year)s 年的行。") % {"year": year or ""}])
        known = {day.date for day in calendars.working_calendar().days if day.date.year == year}
        # A known year is corrected day by day; a new one has to look like a whole notice.
        notice = checked(year, lines, _("Excel 导入"), force=bool(known))
        numbers = {line.date: line.number for line in lines}
        for day in notice.days:
            cells = _day_cells(day.date, day.name, day.is_working)
            reading.add(self.sheets[0], cells, numbers.get(day.date.isoformat(), 0))
        return notice

    def _periods(self, rows: Sequence[Row], reading: Reading) -> tuple[Period, ...]:
        periods = []
        for row in rows:
            try:
                period = _period(row)
            except ValueError:
                message = _("时刻请写成 08:00，月日请写成 01-01。")
                reading.faults.append(Fault(HOURS, row.number, "", message))
                continue
            if not refuse_repeated(self.sheets[1], _hour_cells(period), row.number, reading):
                reading.add(self.sheets[1], _hour_cells(period), row.number)
                periods.append(period)
        if period_problems(tuple(periods)) and not reading.faults:
            message = _("工作时段须每天至少一段、先后不重叠，且全年每天都有，请检查起止时间和季节")
            reading.faults.append(Fault(HOURS, 0, "", message))
        return tuple(periods)


def _day_cells(date: dt.date, name: str, is_working: bool) -> Cells:
    return {"日期": date.isoformat(), "名称": name, "是否放假": WORKED if is_working else OFF}


def _hour_cells(period: Period) -> Cells:
    return {
        "上班": f"{period.begins:%H:%M}",
        "下班": f"{period.ends:%H:%M}",
        "从": "{:02}-{:02}".format(*period.first),
        "到": "{:02}-{:02}".format(*period.last),
    }


def _period(row: Row) -> Period:
    first, last = (_month_day(row[name]) for name in ("从", "到"))
    return Period(dt.time.fromisoformat(row["上班"]), dt.time.fromisoformat(row["下班"]), first, last)


def _month_day(text: str) -> tuple[int, int]:
    month, day = (int(part) for part in text.split("-"))
    dt.date(2024, month, day)
    return month, day
