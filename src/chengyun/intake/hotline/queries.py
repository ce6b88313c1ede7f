"""Orders by key, newest first, as far as the asker sees their cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chengyun.casework.cases.queries import visible_to
from chengyun.core.errors import NotAllowed, NotFound
from chengyun.intake.hotline.models import HotlineImport, HotlineOrder
from chengyun.people.access import Actor
from chengyun.people.roles import Role

ROLES = frozenset({Role.RECEIVER, Role.DUTY_CHIEF})
PAGE = 50
COLUMNS = (
    "id", "feed", "order_no", "received_at", "kind", "report__title", "report__reporter_name", "report__reporter_phone",
    "report__case__number", "report__case__stage",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    orders: Sequence[HotlineOrder]
    newer: str  # the key to ask with; blank where there is nothing
    older: str


def orders_for(actor: Actor) -> QuerySet[HotlineOrder]:
    require(actor)
    seen = visible_to(actor).filter(pk=OuterRef("report__case_id"))
    return HotlineOrder.objects.filter(Exists(seen)).select_related("report__case")


def exported(actor: Actor, params: Mapping[str, str]) -> QuerySet[HotlineOrder]:
    return orders_for(actor).only(*COLUMNS, "extra").order_by("-received_at", "-id")


def require(actor: Actor) -> None:
    if not actor.for_county(*ROLES):
        raise NotAllowed(_("热线工单由受理员和值班长查看，如需查看请联系值班长"))


def order_for(actor: Actor, pk: int) -> HotlineOrder:
    order = orders_for(actor).filter(pk=pk).first()
    if order is None:
        raise NotFound(_("没有这张热线工单，或者您无权查看"))
    return order


def import_for(actor: Actor, pk: int) -> HotlineImport:
    """Whoever uploaded a file goes on with it; its preview shows other people's words."""
    require(actor)
    run = HotlineImport.objects.filter(pk=pk, by_id=actor.user_id).first()
    if run is None:
        raise NotFound(_("没有这次导入，或者不是您上传的"))
    return run


def page_of(orders: QuerySet[HotlineOrder], params: Mapping[str, str]) -> Page:
    after = _key(params.get("after", ""))
    if after:
        return _newer_page(orders, *after)
    before = _key(params.get("before", ""))
    older = orders.filter(_older(*before)) if before else orders
    found = list(older.only(*COLUMNS).order_by("-received_at", "-id")[: PAGE + 1])
    return Page(found[:PAGE], key_of(found[0]) if before and found else "", _last_key(found))


def _newer_page(orders: QuerySet[HotlineOrder], at: dt.datetime, pk: int) -> Page:
    newer = orders.filter(Q(received_at__gte=at) & (Q(received_at__gt=at) | Q(pk__gt=pk)))
    found = list(newer.only(*COLUMNS).order_by("received_at", "id")[: PAGE + 1])
    shown = found[:PAGE][::-1]
    return Page(shown, key_of(shown[0]) if len(found) > PAGE else "", key_of(shown[-1]) if shown else "")


def _older(at: dt.datetime, pk: int) -> Q:
    return Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(pk__lt=pk))


def _last_key(found: Sequence[HotlineOrder]) -> str:
    return key_of(found[PAGE - 1]) if len(found) > PAGE else ""


def key_of(order: HotlineOrder) -> str:
    return f"{order.received_at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}_{order.pk}"


def _key(text: str) -> tuple[dt.datetime, int] | None:
    """None for whatever was not made by `key_of`; then the list begins at its top."""
    moment, _sign, pk = text.partition("_")
    try:
        at = dt.datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
        return at, min(int(pk), 2**62)
    except ValueError:
        return None


def failed_imports(start: dt.datetime, end: dt.datetime) -> list[str]:
    """Imports of that time that could not be read or left rows out, for the handover of the shift."""
    begun = HotlineImport.objects.filter(created_at__gte=start, created_at__lt=end)
    failed = begun.filter(Q(state=HotlineImport.State.FAILED) | Q(bad__gt=0)).order_by("id")[:20]
    return [_import_sentence(run) for run in failed]


def _import_sentence(run: HotlineImport) -> str:
    if run.state == HotlineImport.State.FAILED:
        return _("热线导入“%(file)s”未能读取：%(fault)s") % {"file": run.file_name, "fault": run.fault}
    return _("热线导入“%(file)s”有 %(n)s 行未收，请补录。") % {"file": run.file_name, "n": run.bad}
