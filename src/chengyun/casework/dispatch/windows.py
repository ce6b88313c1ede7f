"""Hours of a day and days of a week in Asia/Shanghai. From 22:00 to 06:00 belongs to the day it begins on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from chengyun.core.instants import SHANGHAI

EVERY_DAY = "1234567"


@dataclass(frozen=True)
class Window:
    from_time: dt.time | None = None
    to_time: dt.time | None = None
    weekdays: str = ""

    @property
    def is_always(self) -> bool:
        return self.from_time is None and self.to_time is None and not self.weekdays

    def contains(self, moment: dt.datetime) -> bool:
        local = moment.astimezone(SHANGHAI)
        start, end = self.from_time or dt.time.min, self.to_time or dt.time.min
        clock = local.time()
        if start < end:
            return start <= clock < end and self._has(local.date())
        if clock >= start:
            return self._has(local.date())
        # After midnight of a window that began the evening before (or, with equal ends, of yesterday's full day).
        return clock < end and self._has(local.date() - dt.timedelta(days=1))

    def __str__(self) -> str:
        days = "周" + "".join("一二三四五六日"[int(day) - 1] for day in self.weekdays) if self.weekdays else ""
        if self.from_time is None and self.to_time is None:
            return days
        start, end = self.from_time or dt.time.min, self.to_time
        hours = f"{start:%H:%M}—{end:%H:%M}" if end else f"{start:%H:%M}—24:00"
        return f"{days} {hours}".strip()

    def _has(self, day: dt.date) -> bool:
        return str(day.isoweekday()) in (self.weekdays or EVERY_DAY)
