"""A report that names its component makes the link, whatever channel it came by."""

from __future__ import annotations

import structlog

from chengyun.casework.cases.models import Report
from chengyun.casework.components.services import EXTRA, link
from chengyun.core.errors import UserError
from chengyun.core.handlers import handler
from chengyun.core.models import Event
from chengyun.people.access import SYSTEM

log = structlog.get_logger(__name__)


@handler("case_components.reports", kinds=["report.received"])
def link_reported(events: list[Event]) -> None:
    ids = [int(event.subject.partition(":")[2]) for event in events]
    named = Report.objects.filter(case_id__in=ids, extra__has_key=EXTRA, case__component_link=None)
    for report in named.select_related("case__minor_class").order_by("id"):
        try:
            link(report.case, str(report.extra[EXTRA]), by=SYSTEM)
        except UserError as fault:
            # The report stands; whoever handles the case chooses the component on its page.
            log.info("component not linked", case=report.case_id, reason=str(fault))
