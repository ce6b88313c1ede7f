"""Cases join campaigns when they are classed; units are told of their tasks."""

from __future__ import annotations

from chengyun.casework.campaigns.services.linking import link_new_cases
from chengyun.casework.campaigns.telling import write_notices
from chengyun.core.events import Event
from chengyun.core.handlers import handler

# The steps that give a case its class.
CLASSING = frozenset({"accept", "handle_on_spot", "import"})


@handler("campaigns.cases", kinds=("case.step",))
def cases(batch: list[Event]) -> None:
    classed = {int(event.subject.partition(":")[2]) for event in batch if event.data.get("verb") in CLASSING}
    if classed:
        link_new_cases(classed)


@handler("campaigns.notices", kinds=("campaign.task",))
def notices(batch: list[Event]) -> None:
    write_notices(batch)
