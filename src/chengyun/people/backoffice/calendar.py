"""The working calendar: its days as a register, its hours and versions above the list, both in one workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import calendars, instants
from chengyun.core.calendar_models import CalendarDay, WorkCalendar
from chengyun.core.who import Doer
from chengyun.core.worktime.statutory import Day
from chengyun.people.backoffice.calendar_book import CalendarBook
from chengyun.people.backoffice.who import CENTRE, INSTALLATION, ORGANISERS
from chengyun.people.register_forms import day_field
from chengyun.people.registers.declaration import Column, Filter, Register, Rows

SHOWN_VERSIONS = 8
OFF, WORKED = "off", "worked"


class DayForm(forms.Form):
    date = day_field(gettext_lazy("日期"), required=True)
    state = forms.ChoiceField(
        label=gettext_lazy("安排"),
        choices=[(OFF, gettext_lazy("放假")), (WORKED, gettext_lazy("上班"))],
        help_text=gettext_lazy("周末上班或工作日放假才需要列出"),
    )
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=50, help_text=gettext_lazy("如“国庆节”或“本县活动日”")
    )

    def __init__(self, data: Any, row: CalendarDay | None = None) -> None:
        known = {"date": row.date, "state": WORKED if row.is_working else OFF, "name": row.name} if row else {}
        super().__init__(data, initial=known)
        self.fields["date"].disabled = row is not None


def _rows() -> Rows:
    newest = WorkCalendar.objects.filter(region_code="").aggregate(Max("version"))["version__max"]
    return CalendarDay.objects.filter(calendar__version=newest)


def _years() -> list[tuple[str, str]]:
    years = {day.year for day in _rows().values_list("date", flat=True)}
    return [(str(year), str(year)) for year in sorted(years, reverse=True)]


def _set_day(*, by: Doer, date: dt.date, state: str, name: str) -> CalendarDay:
    calendars.change_days([Day(date, state == WORKED, name)], by, name=f"{date} {name}")
    day: CalendarDay = _rows().get(date=date)
    return day


def _change_day(row: CalendarDay, *, by: Doer, state: str | None = None, name: str | None = None) -> CalendarDay:
    before, after = Day(row.date, row.is_working, row.name), _changed(row, state, name)
    if after == before:
        return row
    return _set_day(by=by, date=row.date, state=WORKED if after.is_working else OFF, name=after.name)


def _change_days(rows: Sequence[CalendarDay], *, by: Doer, state: str | None = None, name: str | None = None) -> None:
    """One new version for all of them."""
    days = [_changed(row, state, name) for row in rows]
    calendars.change_days(days, by, name=_("批量修改 %(n)d 天") % {"n": len(days)})


def _changed(row: CalendarDay, state: str | None, name: str | None) -> Day:
    return Day(row.date, row.is_working if state is None else state == WORKED, name or row.name)


def _forget_day(row: CalendarDay, *, by: Doer, last_day: dt.date) -> None:
    calendars.forget_days([row.date], by, name=_("%(date)s 不再列出") % {"date": row.date})


def _top() -> Mapping[str, Any]:
    calendar, year = calendars.working_calendar(), instants.today().year
    return {
        "years": [(each, calendar.is_provisional(each)) for each in (year - 1, year, year + 1)],
        "periods": calendar.periods,
        "day_rule": calendar.day_rule,
        "versions": WorkCalendar.objects.order_by("-version")[:SHOWN_VERSIONS],
    }


CALENDAR = Register(
    key="calendar",
    title=gettext_lazy("工作日历"),
    group=INSTALLATION,
    order=950,
    icon="calendar",
    help=gettext_lazy("时限按它计算。每次改动都是新的一版，已在办的按改动的影响重新计算并留痕。"),
    new_title=gettext_lazy("列出一天"),
    model=CalendarDay,
    rows=_rows,
    current=lambda rows: rows.filter(date__year__gte=instants.today().year),
    columns=[
        Column(gettext_lazy("日期"), "date", sort="date"),
        Column(gettext_lazy("星期"), lambda row: _("周%(day)s") % {"day": "一二三四五六日"[row.date.weekday()]}),
        Column(gettext_lazy("安排"), lambda row: _("上班") if row.is_working else _("放假")),
        Column(gettext_lazy("名称"), "name"),
        Column(gettext_lazy("依据"), "source"),
    ],
    readers=CENTRE,
    changers=ORGANISERS,
    sort=("date",),
    search=("name",),
    search_hint=gettext_lazy("名称"),
    filters=[Filter("year", gettext_lazy("年份"), _years, "date__year")],
    form=DayForm,
    create=_set_day,
    change=_change_day,
    change_many=_change_days,
    bulk_fields=("state", "name"),
    retire=_forget_day,
    retire_now=True,
    retire_title=gettext_lazy("不再列出"),
    retire_rule=gettext_lazy("这一天改回按星期几上班或休息；时限跨过它的案件重新计算并留痕。"),
    is_over=lambda row: row.date.year < instants.today().year,
    top=("people/_calendar.html", _top),
    book=CalendarBook(),
)
