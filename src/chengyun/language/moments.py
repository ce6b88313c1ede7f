"""The ways in which people and programs write a time."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from chengyun.core.tables.records import EPOCH_1900, Cell
from chengyun.language.terms import normalise

_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[t\s]*(?:(?:周|星期)[一二三四五六日天])?\s*(?P<half>上午|下午|凌晨|中午|晚上|am|pm)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?:(?P<minute>\d{1,2})\s*分?)?(?:\s*:?\s*(?P<second>\d{1,2})\s*秒?)?(?:\.\d+)?"
    r"\s*(?P<zone>z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[ t]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?",
    re.ASCII,
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
# A spreadsheet's day numbers of the years 1990 to 2099; any other number is no day.
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_050


def parse(value: Cell, zone: ZoneInfo, epoch: dt.datetime = EPOCH_1900, *, fold: int = 0) -> dt.datetime | None:
    """The instant in UTC, or None when `value` is not a time that was ever on a calendar.

    Of an hour that a zone's clocks show twice, `fold` takes the first (0) or the second (1).
    """
    try:
        moment = _moment(value, epoch)
        return None if moment is None else _in_utc(moment.replace(fold=fold), zone)
    except (ValueError, OverflowError):
        return None


def _moment(value: Cell, epoch: dt.datetime) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, (int, float)):
        return _from_serial(float(value), epoch)
    return _written(normalise(value or ""), epoch)


def _written(text: str, epoch: dt.datetime) -> dt.datetime | None:
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text), epoch)
    match = _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    part = match.groupdict()
    year, month, day, hour, minute, second = (
        int(part[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    zone = dt.datetime.strptime(part["zone"].upper(), "%z").tzinfo if part.get("zone") else None
    hour = _hour_of_day(hour, part.get("half") or "")
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _hour_of_day(hour: int, half: str) -> int:
    if half in ("下午", "晚上", "pm") and hour < 12:
        return hour + 12
    if half in ("上午", "凌晨", "am") and hour == 12:
        return 0
    return hour


def _from_serial(days: float, epoch: dt.datetime) -> dt.datetime | None:
    if not FIRST_SERIAL <= days <= LAST_SERIAL:
        return None
    return epoch + dt.timedelta(seconds=round(days * 86_400))


def _in_utc(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
