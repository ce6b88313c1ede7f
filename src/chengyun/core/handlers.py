"""Consumers of the outbox: each follows it with its own stored cursor, at least once and in order (DESIGN §4.4).

A module writes in its `handlers.py`

    @handler("web.notices", kinds={"case.step"})
    def tell_holder(events: list[Event]) -> None: ...

The cursor moves in the transaction of the handler's effects. A handler that fails is tried again later and holds up
nobody else; an event that fails again and again is recorded as `HandlerFailure` and then left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from traceback import format_exception

import structlog
from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from chengyun.core import events
from chengyun.core.attempts import attempt, pause_after
from chengyun.core.events import Cursor, Event
from chengyun.core.instants import now
from chengyun.core.models import HandlerCursor, HandlerFailure

BATCH = 200
MAX_TRIES = 8  # about four minutes

Consume = Callable[[list[Event]], None]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Handler:
    name: str
    kinds: frozenset[str]
    consume: Consume


_handlers: dict[str, Handler] = {}


def handler(name: str, kinds: Collection[str]) -> Callable[[Consume], Consume]:
    """Register an idempotent consumer. `name` is stored: renaming it starts from the first event again."""

    def register(consume: Consume) -> Consume:
        _handlers[name] = Handler(name, frozenset(kinds), consume)
        return consume

    return register


def discover() -> None:
    autodiscover_modules("handlers")


def names() -> list[str]:
    return sorted(_handlers)


def kinds_of(name: str) -> frozenset[str]:
    return _handlers[name].kinds


def begin_now(name: str) -> None:
    """Let a handler leave behind all that has happened: a history written at once is nobody's news."""
    HandlerCursor.objects.get_or_create(name=name)[0].move_to(events.newest())


def run_handlers() -> int:
    """Give every handler what is new for it, one batch each; returns how many events were delivered."""
    newest = events.newest()
    cursors = HandlerCursor.objects.in_bulk(list(_handlers))
    delivered = 0
    for name, each in _handlers.items():
        known = cursors.get(name) or HandlerCursor.objects.get_or_create(name=name)[0]
        if known.cursor < newest and (known.retry_at is None or known.retry_at <= now()):
            delivered += _advance(each, newest, singly=known.tries > 0)
    return delivered


def run_until_quiet() -> int:
    """Deliver everything that has happened until now."""
    events.settle()
    total = 0
    while delivered := run_handlers():
        total += delivered
    return total


def _advance(each: Handler, newest: Cursor, *, singly: bool) -> int:
    """One batch; after a failure event by event, so that those before the bad one are done with."""
    if not singly:
        outcome = attempt("handler", lambda: _deliver(each, newest, BATCH), name=each.name)
        if outcome.error is None:
            return outcome.value
    done = 0
    while done < BATCH:
        outcome = attempt("handler", lambda: _deliver(each, newest, 1), name=each.name)
        if outcome.error is not None:
            _note_failure(each, outcome.error)
            break
        if not outcome.value:
            break
        done += 1
    return done


def _deliver(each: Handler, newest: Cursor, limit: int) -> int:
    with transaction.atomic():
        # On PostgreSQL another worker may be at it; on SQLite writers come one after the other anyway.
        mine = HandlerCursor.objects.select_for_update(skip_locked=True).filter(name=each.name).first()
        if mine is None:
            return 0
        batch = events.after(mine.cursor, kinds=each.kinds, limit=limit)
        if batch:
            each.consume(batch)
        if batch or mine.cursor < newest:
            # Nothing for us up to `newest`: step over it, so that it is not searched again.
            mine.move_to(batch[-1].cursor if batch else newest)
    return len(batch)


def _note_failure(each: Handler, error: Exception) -> None:
    with transaction.atomic():
        mine = HandlerCursor.objects.select_for_update().get(name=each.name)
        mine.tries += 1
        mine.retry_at = now() + pause_after(mine.tries)
        mine.save(update_fields=["tries", "retry_at"])
        if mine.tries >= MAX_TRIES:
            _leave_behind(mine, each, error)


def _leave_behind(mine: HandlerCursor, each: Handler, error: Exception) -> None:
    for event in events.after(mine.cursor, kinds=each.kinds, limit=1):
        text = "".join(format_exception(error))[-4000:]
        HandlerFailure.objects.create(handler=each.name, event=event, at=now(), tries=mine.tries, error=text)
        mine.move_to(event.cursor)
        log.error("event left behind", name=each.name, event_id=event.id, kind=event.kind, subject=event.subject)
