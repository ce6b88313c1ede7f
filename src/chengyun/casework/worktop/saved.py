"""Saved views: whose they are, what they hold, and how they are changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chengyun.casework.cases import filters, orders
from chengyun.casework.worktop.models import SavedView
from chengyun.core.errors import NotFound, UserError
from chengyun.core.instants import today
from chengyun.people.access import Actor
from chengyun.people.models import Appointment

PAGES = {"queue": "cases:queue", "list": "cases:list"}
MOST = 20
LONGEST = 500
# What a view keeps besides the list's own filters.
BESIDES = ("tab", "sort")


def query_of(params: Mapping[str, str]) -> str:
    """The filters of an address in one spelling, so that two can be compared; places in the list are left out."""
    chosen = filters.chosen(params)
    kept = {name: params[name] for name in (*chosen, *BESIDES) if params.get(name)}
    if not orders.sort_in(params):
        kept.pop("sort", None)
    if kept.get("tab") == "mine":
        del kept["tab"]
    return urlencode(sorted(kept.items()))


def views_of(actor: Actor, page: str = "") -> QuerySet[SavedView]:
    """Own ones first, then those of the posts held today; one statement."""
    posts = Appointment.objects.on(today()).filter(user_id=actor.user_id).values("post_id")
    found = SavedView.objects.filter(Q(owner_id=actor.user_id) | Q(post_id__in=posts)).select_related("post", "owner")
    return found.filter(page=page) if page else found


def save(actor: Actor, page: str, name: str, query: str, *, shared: bool) -> SavedView:
    if page not in PAGES:
        raise UserError(_("没有这张清单；请从待办或案件页保存"), field="page")
    if actor.user_id is None:
        raise NotFound(_("请先登录"))
    clean = query_of(dict(parse_qsl(query)))
    if not clean or len(clean) > LONGEST:
        raise UserError(_("视图没有条件，或条件太长；请先筛选再保存"), field="query")
    with transaction.atomic():
        mine = SavedView.objects.filter(owner_id=actor.user_id)
        count = mine.count()
        if count >= MOST:
            raise UserError(_("每人最多 %d 个视图；请先删除不用的") % MOST, field="name")
        view = SavedView(owner_id=actor.user_id, page=page, query=clean, position=count, name=_named(name))
        view.post_id = _post(actor, shared)
        view.save(force_insert=True)
    return view


def change(actor: Actor, pk: int, *, name: str, shared: bool) -> None:
    view = own(actor, pk)
    view.name, view.post_id = _named(name), _post(actor, shared)
    view.save(update_fields=["name", "post"])


def move(actor: Actor, pk: int, by: int) -> None:
    """One place up (-1) or down (1) among one's own."""
    with transaction.atomic():
        mine = list(SavedView.objects.select_for_update().filter(owner_id=actor.user_id))
        at = next((index for index, view in enumerate(mine) if view.pk == pk), None)
        if at is None:
            raise NotFound(_("没有这个视图，或者不是您保存的"))
        mine.insert(max(0, min(len(mine) - 1, at + by)), mine.pop(at))
        _number(mine)


def delete(actor: Actor, pk: int) -> None:
    own(actor, pk).delete()


def own(actor: Actor, pk: int) -> SavedView:
    view = SavedView.objects.filter(owner_id=actor.user_id, pk=pk).first()
    if view is None:
        raise NotFound(_("没有这个视图，或者不是您保存的"))
    return view


def _number(views: Iterable[SavedView]) -> None:
    for position, view in enumerate(views):
        view.position = position
    SavedView.objects.bulk_update(views, ["position"])


def _named(name: str) -> str:
    said = " ".join(name.replace("\x00", "").split())
    if not said or len(said) > 20:
        raise UserError(_("请填写视图的名称，最多 20 字"), field="name")
    return said


def _post(actor: Actor, shared: bool) -> int | None:
    if shared and actor.post_id is None:
        raise UserError(_("您现在没有岗位，不能与岗位共用；请去掉“与岗位共用”"), field="shared")
    return actor.post_id if shared else None
