"""Orders of the case lists: each is walked along an index, page after page by key, however many cases there are.

An order is a row of stretches read one after the other (open cases by due time, then those that have ended). SQLite
takes an index of a filter rather than that of an order; where the filter would find very many, it is told to look at
it row by row.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import connection
from django.db.models import Case as Choose
from django.db.models import F, Func, Q, QuerySet, When
from django.db.models.expressions import Col
from django.db.models.lookups import Lookup
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.listed import ListedCase
from chengyun.casework.cases.models import Case
from chengyun.core.declarations import Text

# Found by the filters alone, up to so many are sorted; beyond, the order's own index is walked.
MOST_SORTED = 10_000
# Filters that leave few cases of however many, or have an index of their own kind.
NARROW: Final = frozenset({"q", "lamp", "open", "urgent", "area", "near"})


class Looked(Func):
    """A column that SQLite is to look at row by row: its index would lead, and everything it finds be sorted anew."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


@dataclass(frozen=True)
class Stretch:
    column: str  # what it is ordered by; a minus: falling; blank: the newest first alone
    of: Q = Q()
    urgent_first: bool = False

    @property
    def is_rising(self) -> bool:
        return bool(self.column) and not self.column.startswith("-")

    @property
    def name(self) -> str:
        return self.column.removeprefix("-")

    @property
    def order(self) -> tuple[str, ...]:
        own = (self.column, "id" if self.is_rising else "-id") if self.column else ("-id",)
        return ("-is_urgent", *own) if self.urgent_first else own

    def key(self, case: ListedCase) -> dict[str, Any]:
        found = getattr(case, self.name) if self.column else None
        urgent = {"after_urgent": int(case.is_urgent)} if self.urgent_first else {}
        return ({"after_at": found.timestamp()} if found else {}) | {"after": case.pk} | urgent

    def beyond(self, cases: QuerySet[Case], at: dt.datetime | None, pk: int, *, urgent: bool) -> QuerySet[Case]:
        if not self.column or at is None:
            return cases.filter(pk__lt=pk)
        further = "gt" if self.is_rising else "lt"
        same = Q(**{self.name: at, f"pk__{further}": pk})
        reached = Q(**{f"{self.name}__{further}e": at}) & (Q(**{f"{self.name}__{further}": at}) | same)
        if self.urgent_first:
            reached &= Q(is_urgent=urgent)
            return cases.filter(reached | Q(is_urgent=False) if urgent else reached)
        return cases.filter(reached)


@dataclass(frozen=True)
class Sort:
    title: Text
    column: str  # the head of the list that shows it
    stretches: tuple[Stretch, ...]

    @property
    def is_rising(self) -> bool:
        return self.stretches[0].is_rising


OPEN, ENDED = Q(ended_at__isnull=True), Q(ended_at__isnull=False)
SORTS: Final[dict[str, Sort]] = {
    "due": Sort(_("时限先到"), "due", (Stretch("queue_at", OPEN), Stretch("", ENDED))),
    "urgent": Sort(
        _("紧急在前"),
        "title",
        (Stretch("queue_at", OPEN, urgent_first=True), Stretch("", ENDED)),
    ),
    "reported": Sort(_("晚报在前"), "reported", (Stretch("-reported_at"),)),
    "reported-old": Sort(_("早报在前"), "reported", (Stretch("reported_at"),)),
    "changed": Sort(_("刚有变动"), "changed", (Stretch("-last_step_at"),)),
    "changed-old": Sort(_("久无变动"), "changed", (Stretch("last_step_at"),)),
}


def sort_in(params: Mapping[str, str]) -> str:
    """The order that the address names; blank for the list's own."""
    return params.get("sort", "") if params.get("sort") in SORTS else ""


def stretches_of(sort: str, *, in_queue: bool) -> tuple[Stretch, ...]:
    """A queue is short and read in one go: what has ended there waits for an answer like the rest."""
    found = SORTS[sort].stretches
    return (replace(found[0], of=Q()),) if in_queue else found


def in_order(cases: QuerySet[Case], sort: str, *, in_queue: bool) -> QuerySet[Case]:
    """All of them in one statement, for a file."""
    stretches = stretches_of(sort, in_queue=in_queue)
    if len(stretches) == 1:
        return cases.order_by(*stretches[0].order)
    urgent = [Choose(When(OPEN & Q(is_urgent=False), then=1), default=0)] if stretches[0].urgent_first else []
    tie = Choose(When(OPEN, then=F("id")), default=-F("id"))
    return cases.order_by(Choose(When(OPEN, then=0), default=1), *urgent, Choose(When(OPEN, then=F("queue_at"))), tie)


def rows(cases: QuerySet[Case], stretch: Stretch, chosen: Mapping[str, Any]) -> QuerySet[Case]:
    """The cases of one stretch in its order, by the index that is the shorter way."""
    if not stretch.column:
        return cases.filter(stretch.of).order_by(*stretch.order)
    if stretch.of or not _are_few(cases, chosen):
        return _looking(cases).filter(stretch.of).order_by(*stretch.order)
    column, (*first, _own, tie) = Looked(stretch.name), stretch.order
    return cases.order_by(*first, column.asc() if stretch.is_rising else column.desc(), tie)


def _are_few(cases: QuerySet[Case], chosen: Mapping[str, Any]) -> bool:
    if connection.vendor != "sqlite" or not chosen:
        return False
    return not NARROW.isdisjoint(chosen) or cases.order_by().values("pk")[:MOST_SORTED].count() < MOST_SORTED


def _looking(cases: QuerySet[Case]) -> QuerySet[Case]:
    if connection.vendor != "sqlite":
        return cases
    looking = cases.all()
    looking.query.where = _looked(looking.query.where)
    return looking


def _looked(node: Any) -> Any:
    changed = copy.copy(node)
    if isinstance(node, Lookup):
        if isinstance(node.lhs, Col):
            changed.lhs = Looked(node.lhs)
    elif hasattr(node, "children"):
        children: Sequence[Any] = node.children
        changed.children = [_looked(child) for child in children]
    return changed
