"""Changes of dispatch, by subject; callers import from here."""

from chengyun.casework.dispatch.services.controls import add_control_area, change_control_area, end_control_area
from chengyun.casework.dispatch.services.duties import Duty, add_duty, change_duty, retire_duty
from chengyun.casework.dispatch.services.feedback import check_return, decide, end_decision, remember

__all__ = [
    "Duty",
    "add_control_area",
    "change_control_area",
    "add_duty",
    "change_duty",
    "check_return",
    "decide",
    "end_control_area",
    "end_decision",
    "remember",
    "retire_duty",
]
