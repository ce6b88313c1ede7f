"""The one place where the worker survives a surprise: it is logged, and the caller decides what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)


T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What a function returned, or the exception that it ended with."""

    values: tuple[T, ...] = ()
    error: Exception | None = None

    @property
    def value(self) -> T:
        return self.values[0]


def attempt(what: str, function: Callable[[], T], **context: object) -> Outcome[T]:
    try:
        return Outcome((function(),))
    except Exception as error:
        log.exception("attempt failed", what=what, **context)
        return Outcome(error=error)


def pause_after(tries: int) -> dt.timedelta:
    """2, 4, 8 … seconds, at most ten minutes."""
    return dt.timedelta(seconds=min(2**tries, 600))
