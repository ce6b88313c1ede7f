"""The outbox and how to follow it safely (DESIGN §4.4, §4.5).

On PostgreSQL rows become visible out of id order: a transaction that began earlier may commit later. So a reader stays
below the oldest transaction still running and follows (xid, id). On SQLite
writers come one after another; id is enough.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.expressions import BaseExpression, RawSQL

from chengyun.core.db.inserted import insert
from chengyun.core.instants import now
from chengyun.core.models import Cursor, Event, HandlerCursor

__all__ = [
    "Beside",
    "Cursor",
    "Event",
    "after",
    "append",
    "append_many",
    "newest",
    "rebase",
    "settle",
    "unsettled",
]


def append(kind: str, subject: str, data: dict[str, Any] | None = None) -> Event:
    """Announce inside the caller's transaction. `data` is JSON without personal data: events are kept and sent on."""
    _refuse_outside_transactions()
    event = Event(at=now(), kind=kind, subject=subject, data=data or {})
    insert([event])
    return event


def append_many(events: Iterable[Event]) -> list[Event]:
    _refuse_outside_transactions()
    return Event.objects.bulk_create(events)


def _refuse_outside_transactions() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event belongs into the transaction of its change")


def after(cursor: Cursor, *, kinds: Collection[str] | None = None, limit: int = 500) -> list[Event]:
    """What became final after `cursor`, in order. An event of a transaction still open is seen later, never lost."""
    events = _after(cursor)
    if kinds is not None:
        events = events.filter(kind__in=kinds)
    return list(events[:limit])


def are_more_than(count: int, cursor: Cursor) -> bool:
    """Whether more than `count` events became final after `cursor`."""
    return bool(_after(cursor).values_list("id")[count : count + 1])


def unsettled() -> list[Event]:
    """What can be seen already and is not final yet: an older transaction still runs. Not in an order to follow; for
    whoever must know now what was committed, and follows `after` besides. Empty on SQLite, without a question."""
    if connection.vendor != "postgresql":
        return []
    return list(Event.objects.filter(xid__gte=RawSQL(_OLDEST, [])).order_by("id"))


def newest() -> Cursor:
    """Where somebody who only cares for the future begins."""
    last = _final().order_by("-xid", "-id").first()
    return last.cursor if last else Cursor.START


@dataclass(frozen=True)
class Beside:
    """The same with other facts of that moment, in one statement, written out once and asked often. Facts are
    whole numbers or yes and no. Nothing is known before the first event."""

    sql: str
    params: tuple[Any, ...]
    names: tuple[str, ...]

    @classmethod
    def facts(cls, **facts: BaseExpression) -> Beside:
        rows = _final().order_by("-xid", "-id").values_list("xid", "id").annotate(**facts)[:1]
        sql, params = rows.query.sql_with_params()
        return cls(sql, params, tuple(facts))

    def newest(self) -> tuple[Cursor, dict[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            row = cursor.fetchone()
        return (Cursor(*row[:2]), dict(zip(self.names, row[2:], strict=True))) if row else (Cursor.START, {})


def settle(timeout_s: float = 10) -> bool:
    """Wait until all that has been committed so far is final; False when an older transaction outlasts our patience.

    PostgreSQL counts transactions over all databases of a server, so a stranger's may be the one that we wait for.
    """
    last = Event.objects.order_by("-xid", "-id").first()
    deadline = time.monotonic() + timeout_s
    while last is not None and newest() < last.cursor:
        if connection.in_atomic_block or time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def rebase() -> None:
    """Move all events before transaction 1, order kept. A restored database starts a new count of transactions, below
    that of the rows it brings; without this they would stay invisible. Stored cursors move along."""
    top = Event.objects.aggregate(top=Max("xid"))["top"] or 0
    if top > 0:
        Event.objects.update(xid=F("xid") - top)
        HandlerCursor.objects.exclude(xid=Cursor.START.xid).update(xid=F("xid") - top)


_OLDEST = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def _after(cursor: Cursor) -> QuerySet[Event]:
    later = _final().filter(Q(xid__gte=cursor.xid) & (Q(xid__gt=cursor.xid) | Q(id__gt=cursor.id)))
    return later.order_by("xid", "id")


def _final() -> QuerySet[Event]:
    if connection.vendor != "postgresql":
        return Event.objects.all()
    return Event.objects.filter(xid__lt=RawSQL(_OLDEST, []))
