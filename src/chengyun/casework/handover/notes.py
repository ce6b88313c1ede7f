"""What the next shift must know of the system itself: upper floors declare `ShiftNote`, nobody names them here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chengyun.core.declarations import collect
from chengyun.core.models import HandlerFailure


@dataclass(frozen=True)
class ShiftNote:
    """`build(start, end)`: sentences about that time, none when all is well."""

    build: Callable[[dt.datetime, dt.datetime], list[str]]
    order: int = 100


def notes_of(start: dt.datetime, end: dt.datetime) -> list[str]:
    return [sentence for note in collect(ShiftNote) for sentence in note.build(start, end)]


def failures(start: dt.datetime, end: dt.datetime) -> list[str]:
    count = HandlerFailure.objects.filter(at__gte=start, at__lt=end).count()
    return [_("后台有 %(n)s 项处理失败，请告知系统管理员。") % {"n": count}] if count else []
