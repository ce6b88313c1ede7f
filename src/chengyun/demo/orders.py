"""The hotline's own orders beside the reports that came by it, as its import would have left them."""

from __future__ import annotations

from random import Random

from chengyun.casework.cases.models import Report, Source
from chengyun.core import instants
from chengyun.demo.county import names
from chengyun.intake.hotline.models import HotlineImport, HotlineOrder
from chengyun.intake.hotline.services.importing import DEFAULT_FEED

# In percent: the hotline's people call most of it a complaint.
KINDS = {
    HotlineOrder.Kind.COMPLAINT: 68,
    HotlineOrder.Kind.HELP: 22,
    HotlineOrder.Kind.TIP_OFF: 7,
    HotlineOrder.Kind.SUGGESTION: 3,
}


def write_orders(title: str, seed: int) -> int:
    """One finished import for all hotline reports that have no order yet."""
    random = Random(seed)
    reports = list(Report.objects.filter(source=Source.HOTLINE, hotline_order=None).order_by("received_at", "id"))
    if not reports:
        return 0
    batch = HotlineImport.objects.create(
        feed=DEFAULT_FEED,
        file_name=f"{names.COUNTY_NAME}热线工单（{title}）.xlsx",
        state=HotlineImport.State.DONE,
        created_at=instants.now(),
        finished_at=instants.now(),
        created=len(reports),
    )
    kinds = random.choices(list(KINDS), list(KINDS.values()), k=len(reports))
    orders = (_order(report, kind, batch) for report, kind in zip(reports, kinds, strict=True))
    HotlineOrder.objects.bulk_create(orders, batch_size=500)
    return len(reports)


def _order(report: Report, kind: str, batch: HotlineImport) -> HotlineOrder:
    return HotlineOrder(
        feed=DEFAULT_FEED,
        order_no=report.source_id.removeprefix(f"{DEFAULT_FEED}/"),
        received_at=report.received_at,
        kind=kind,
        digest=report.digest,
        report=report,
        batch=batch,
    )
