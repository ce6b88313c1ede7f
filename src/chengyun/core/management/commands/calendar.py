"""`chengyun calendar import FILE`, `show YEAR`, `template YEAR FILE`: the county's working calendar."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core import calendars
from chengyun.core.calendar_files import NoticeFaults, template
from chengyun.core.errors import UserError
from chengyun.core.worktime.calendar import SATURDAY, Calendar

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Operator:
    """Whoever sits at the machine's own console."""

    user_id: int | None = None
    name: str = "命令行"


class Command(BaseCommand):
    help = "工作日历：导入国务院办公厅的节假日安排，查看某年的放假与调休，导出待填的 Excel 表"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        reading = actions.add_parser("import", help="导入一年的节假日安排（JSON 或 xlsx）")
        reading.add_argument("file", type=Path)
        reading.add_argument("--year", type=int, help="年份；不写则从文件中看出")
        reading.add_argument("--force", action="store_true", help="看起来不完整也导入")
        showing = actions.add_parser("show", help="列出一年的放假与调休")
        showing.add_argument("year", type=int)
        writing = actions.add_parser("template", help="写出待填的 Excel 表")
        writing.add_argument("year", type=int)
        writing.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        action = {"import": self.import_file, "show": self.show, "template": self.write_template}[options["action"]]
        try:
            action(options)
        except UserError as error:
            raise CommandError(str(error)) from error

    def import_file(self, options: dict[str, Any]) -> None:
        try:
            row = calendars.import_year(options["file"], Operator(), year=options["year"], force=options["force"])
        except NoticeFaults as faults:
            advice = [_("确认无误后可加 --force 导入")] if faults.code == "incomplete" else []
            raise CommandError("\n".join([*faults.faults, *advice])) from faults
        if row is None:
            self.stdout.write(_("内容与现有工作日历相同，没有改动。"))
            return
        self.stdout.write(
            _("已导入%(name)s，工作日历为第 %(version)d 版。") % {"name": row.name, "version": row.version}
        )

    def show(self, options: dict[str, Any]) -> None:
        calendar = calendars.working_calendar()
        year = _checked_year(options["year"])
        if calendar.is_provisional(year):
            self.stdout.write(_("%(year)d 年的安排尚未导入，以下为暂行：周末和日期固定的法定假日。") % {"year": year})
        for date in _named_days(calendar, year):
            state = _("上班") if calendar.is_working(date) else _("放假")
            self.stdout.write(f"{date} 周{WEEKDAYS[date.weekday()]} {state} {calendar.name_of(date)}".rstrip())

    def write_template(self, options: dict[str, Any]) -> None:
        content = template(calendars.working_calendar(), _checked_year(options["year"]))
        try:
            options["file"].write_bytes(content)
        except OSError as error:
            raise CommandError(_("无法写入文件 %(name)s") % {"name": options["file"]}) from error


def _checked_year(year: int) -> int:
    if not 2000 <= year <= 2199:
        raise UserError(_("年份应在 2000 到 2199 之间"), field="year")
    return year


def _named_days(calendar: Calendar, year: int) -> list[dt.date]:
    """Days that have a name, or differ from what their weekday says."""
    first = dt.date(year, 1, 1)
    dates = (first + dt.timedelta(days=day) for day in range((dt.date(year + 1, 1, 1) - first).days))
    return [
        date for date in dates if calendar.name_of(date) or calendar.is_working(date) != (date.weekday() < SATURDAY)
    ]
