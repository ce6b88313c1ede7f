"""Faults of an imported table, each with its row, in the user's words; all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

SHOWN = 5


@dataclass(frozen=True)
class Fault:
    sheet: str
    row: int
    message: str
    # The column, where one cell is to be mended.
    column: str = ""

    def __str__(self) -> str:
        place = {"sheet": self.sheet, "row": self.row, "message": self.message}
        return _("%(sheet)s第%(row)d行：%(message)s") % place if self.row else f"{self.sheet}：{self.message}"


class FaultyTable(UserError):
    """Nothing was imported; `faults` says why, row by row."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = "；".join(str(fault) for fault in faults[:SHOWN])
        super().__init__(_("共%(count)d处有误，未导入：%(shown)s") % {"count": len(faults), "shown": shown})
        self.faults = tuple(faults)


def refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise FaultyTable(faults)
