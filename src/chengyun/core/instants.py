"""The only clock of the product's code. Instants are aware and UTC; a civil day is Asia/Shanghai (DESIGN §2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moment: ContextVar[dt.datetime | None] = ContextVar("chengyun_moment", default=None)


def now() -> dt.datetime:
    return _moment.get() or dt.datetime.now(dt.UTC)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Stop the clock at `moment`, for this thread and the code it calls."""
    token = _moment.set(as_utc(moment))
    try:
        yield
    finally:
        _moment.reset(token)


def as_utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {moment!r}")
    return moment.astimezone(dt.UTC)


def civil_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()


def today() -> dt.date:
    return civil_day(now())


def start_of_day(day: dt.date) -> dt.datetime:
    """The UTC instant at which the civil day begins."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI).astimezone(dt.UTC)
