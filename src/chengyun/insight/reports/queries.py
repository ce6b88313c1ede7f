"""The list of reports, newest first, by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chengyun.core.digits import whole
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
    wish = wish_of(params)
    for name, known in (("kind", "、".join(Kind.values)), ("before", _("上一页给出的 next"))):
        if params.get(name) and getattr(wish, name) in ("", None):
            said = {"name": name, "text": params[name][:20], "known": known}
            raise UserError(_("参数 %(name)s 的值“%(text)s”读不懂，可用的有：%(known)s") % said, field=name)
    return wish


def page_of(actor: Actor, wish: Wish) -> Page:
    before = NEWEST if wish.before is None else wish.before
    rows = visible_to(actor).filter(pk__lt=before).defer("facts", "texts", "template")
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    found = list(rows.order_by("-id")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, shown[-1].pk if len(found) > PAGE else None)
