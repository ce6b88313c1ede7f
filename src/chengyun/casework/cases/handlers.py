"""What cases do when something happened."""

from __future__ import annotations

from chengyun.casework.cases.notices import write_notices
from chengyun.core.events import Event
from chengyun.core.handlers import handler


@handler("cases.notices", kinds=("case.step", "case.lamp", "report.supplemented"))
def notices(batch: list[Event]) -> None:
    write_notices(batch)
