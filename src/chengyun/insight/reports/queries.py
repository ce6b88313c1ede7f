"""The list of reports, newest first, by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chengyun.core.digits import cursor, whole
from chengyun.core.errors import UserError
from chengyun.insight.reports.access import visible_to
from chengyun.insight.reports.models import Kind, WorkReport
from chengyun.people.access import Actor

PAGE = 50
NEWEST = 2**62


@dataclass(frozen=True)
class Page:
    rows: Sequence[WorkReport]
    older: int | None


@dataclass(frozen=True)
class Wish:
    """Blank is every kind; without `before` the newest."""

    kind: str = ""
    before: int | None = None


def wish_of(params: Mapping[str, str]) -> Wish:
    """What can be read of an address; the rest is as if left out, as in other lists."""
    kind = params.get("kind", "")
    return Wish(kind if kind in Kind.values else "", whole(params.get("before")))


def checked(params: Mapping[str, str]) -> Wish:
    """As a program asks, which would take the first page for what it wanted. Raises UserError with the parameter."""
    kind = params.get("kind", "")
    if kind and kind not in Kind.values:
        said = {"name": "kind", "text": kind[:20], "known": "、".join(Kind.values)}
        raise UserError(_("参数 %(name)s 的值“%(text)s”读不懂，可用的有：%(known)s") % said, field="kind")
    return Wish(kind, cursor(params.get("before", ""), field="before"))


def page_of(actor: Actor, wish: Wish) -> Page:
    before = NEWEST if wish.before is None else wish.before
    rows = visible_to(actor).filter(pk__lt=before).defer("facts", "texts", "template")
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    found = list(rows.order_by("-id")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, shown[-1].pk if len(found) > PAGE else None)
