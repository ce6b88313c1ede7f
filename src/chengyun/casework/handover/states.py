"""How a shift's handover stands; late and missed ones are seen without anybody looking for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chengyun.casework.handover.models import Sheet
from chengyun.casework.handover.shifts import Shift, following
from chengyun.core import configuration
from chengyun.core.instants import now


class State(TextChoices):
    RUNNING = "running", _("当班中")
    DUE = "due", _("待交班")
    LATE = "late", _("迟交")
    MISSED = "missed", _("漏交")
    SIGNED = "signed", _("待接班")
    DONE = "done", _("已交接")


# Which of them want somebody's attention.
FAULTS = frozenset({State.LATE, State.MISSED})


@dataclass(frozen=True)
class Line:
    shift: Shift
    sheet: Sheet | None
    state: State
    # Signed, but after the time for it.
    was_late: bool = False

    @property
    def is_fault(self) -> bool:
        return self.state in FAULTS


def lines_of(shifts: Sequence[Shift], sheets: Mapping[tuple[dt.date, str], Sheet]) -> list[Line]:
    """Those that have begun, newest first."""
    moment = now()
    begun = [shift for shift in shifts if shift.starts_at <= moment]
    return [line_of(shift, sheets.get(shift.key), following(shift, shifts), moment) for shift in begun]


def line_of(shift: Shift, sheet: Sheet | None, coming: Shift | None, moment: dt.datetime) -> Line:
    grace = dt.timedelta(minutes=float(configuration.value("handover.late_minutes")))
    if sheet is not None:
        state = State.DONE if sheet.taken_at else State.SIGNED
        return Line(shift, sheet, state, was_late=sheet.signed_at > shift.ends_at + grace)
    return Line(shift, None, _unsigned(shift, coming, moment, grace))


def _unsigned(shift: Shift, coming: Shift | None, moment: dt.datetime, grace: dt.timedelta) -> State:
    if moment < shift.ends_at:
        return State.RUNNING
    if moment <= shift.ends_at + grace:
        return State.DUE
    return State.MISSED if coming is None or moment >= coming.ends_at else State.LATE
