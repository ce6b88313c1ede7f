"""A form that was sent needs no draft any more, wherever it was sent from."""

from __future__ import annotations

from chengyun.casework.worktop import drafts
from chengyun.core.events import Event
from chengyun.core.handlers import handler


@handler("worktop.drafts", ["case.step"])
def drop_drafts(events: list[Event]) -> None:
    for event in events:
        if event.data.get("by"):
            drafts.drop_of_step(event.data["by"], event.data["number"], event.data["verb"])
