"""The five units in which limits are counted (DESIGN §5, STANDARDS §2), and how exact an amount of them is.

An amount is a Decimal with at most six places and always means a whole number of seconds of counted time: 20 minutes
are stored as 0.333333 hours, and the nearest second of that is exactly 1,200 s. Six places are enough in every unit
(half of 0.000001 day is 0.04 s), four would not be (half of 0.0001 day is 4 s).
"""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

PLACES = Decimal("0.000001")
TICKS_PER_SECOND = 1_000_000
DAY_TICKS = 86_400 * TICKS_PER_SECOND


class Unit(StrEnum):
    URGENT_HOUR = "urgent_hour"  # 紧急工作时: continuous hours; nights, weekends and holidays count
    URGENT_DAY = "urgent_day"  # 紧急工作日: continuous days of 24 hours
    WORKING_HOUR = "working_hour"  # 工作时: hours inside the working periods
    WORKING_DAY = "working_day"  # 工作日: 8 working hours, or the nth working day at the same time (a setting)
    STATUTORY_DAY = "statutory_day"  # 法定工作日: whole working days, day of receipt excluded, ends with the day


def exact(amount: Decimal | int) -> Decimal:
    """The amount as it is stored and compared: six places at most, no trailing zeros."""
    rounded = Decimal(amount).quantize(PLACES, ROUND_HALF_UP)
    whole = rounded.to_integral_value()
    return whole if whole == rounded else rounded.normalize()


@lru_cache(maxsize=4096)
def to_ticks(amount: Decimal | int, seconds_per_unit: int) -> int:
    """Microseconds of counted time, always a whole number of seconds."""
    seconds = (Decimal(amount) * seconds_per_unit).to_integral_value(ROUND_HALF_UP)
    return int(seconds) * TICKS_PER_SECOND


def from_ticks(ticks: int, seconds_per_unit: int) -> Decimal:
    return exact(Decimal(ticks) / (seconds_per_unit * TICKS_PER_SECOND))
