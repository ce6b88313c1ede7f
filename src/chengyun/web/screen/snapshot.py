"""All that the screen shows of one scope at one moment, made once and shared by everybody who looks.

Twenty screens ask every second. What a poll costs is one look at the outbox; only when something happened, the day
changed or `OLDEST_S` passed (lamps turn by themselves) is a snapshot made anew, by one of those who ask, while the
others go on with the one there is, and are told when to ask again. Whoever may see the same cases shares one.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from django.utils.translation import get_language

from chengyun.core import events
from chengyun.core.declarations import ScreenAlarm, ScreenTile, collect
from chengyun.core.events import Cursor
from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.figures.kept import measure_kept
from chengyun.insight.figures.scope import EVERYTHING, Scope, scope_of
from chengyun.people.access import Actor
from chengyun.web.screen import cases
from chengyun.web.screen.looking import Looking, Seen

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

log = structlog.get_logger(__name__)

# Under a steady stream of events it is made anew this often at most, and in quiet times at least that often.
NEWEST_S, OLDEST_S = 0.5, 30.0
# And a rest of so many times what making it took, so that a busy machine has time for others.
REST = 1.0
# Scopes, languages and sets of tiles kept at once; each is some ten kilobytes.
MOST_KEPT = 100
# Whoever is behind is told to come again when a newer one can be there, within these bounds.
SOONEST_S, LATEST_S = 0.1, 1.0
# Between the two halves of a version.
MARK = "~"

Stamp = tuple[object, ...]


@dataclass(frozen=True)
class Snapshot:
    stamp: Stamp
    made_at: float
    took_s: float
    version: str  # how far of the outbox it knows, and its content
    body: bytes  # compressed once, for everybody
    counties: frozenset[str]  # of all cases there are

    def serves(self, stamp: Stamp) -> bool:
        if self.stamp == stamp:
            return time.monotonic() - self.made_at < OLDEST_S
        # The first after midnight is another day's at once.
        return self.is_of_day(stamp) and time.monotonic() < self.stands_until

    @property
    def stands_until(self) -> float:
        """Whatever happens, no newer one is made before."""
        return self.made_at + max(NEWEST_S, REST * self.took_s)

    def is_news(self, seen: str, *, is_behind: bool) -> bool:
        """Whether whoever has seen the version `seen` learns anything.

        Each process has snapshots of its own. One that is behind may know less than what another has told already, and
        a wall never counts back.
        """
        cursor, _mark, content = seen.partition(MARK)
        if content == self.version.partition(MARK)[2]:
            return False
        try:
            return not (is_behind and Cursor.parse(cursor) > self.cursor)
        except ValueError:
            return True

    @property
    def cursor(self) -> Cursor:
        return Cursor.parse(self.version.partition(MARK)[0])

    def is_of_day(self, stamp: Stamp) -> bool:
        return self.stamp[-1] == stamp[-1]


@dataclass
class _Place:
    """Where one scope's snapshot is kept, and the lock of whoever makes it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: Snapshot | None = None
    begun_at: float = 0.0

    def next_in(self, last: Snapshot) -> float:
        """In how many seconds one newer than `last` can be there: whoever asks earlier asks in vain."""
        ready = self.begun_at + last.took_s if self.lock.locked() else last.stands_until
        return min(max(SOONEST_S, ready - time.monotonic()), LATEST_S)


class _Shared:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.places: OrderedDict[Hashable, _Place] = OrderedDict()

    def of(self, actor: Actor) -> tuple[Snapshot, float | None]:
        stamp, tiles = _stamp(), tiles_for(actor)
        found = None
        if actor.county_wide:
            place = self._place(EVERYTHING, tiles)
            everything = self._fresh(place, EVERYTHING, stamp, tiles)
            found = everything if sees_all(actor, everything.counties) else None
        if found is None:
            scope = scope_of(actor)
            place = self._place(scope, tiles)
            found = self._fresh(place, scope, stamp, tiles)
        return found, None if found.stamp == stamp else place.next_in(found)

    def _fresh(self, place: _Place, scope: Scope, stamp: Stamp, tiles: list[ScreenTile]) -> Snapshot:
        last = place.snapshot
        if last and last.serves(stamp):
            return last
        # One makes it; whoever has this day's last one to show meanwhile does not wait.
        if not place.lock.acquire(blocking=not (last and last.is_of_day(stamp))):
            assert last is not None
            return last
        try:
            if place.snapshot is None or not place.snapshot.serves(stamp):
                place.begun_at = time.monotonic()
                place.snapshot = make(stamp, Looking(scope, today()), tiles)
            return place.snapshot
        finally:
            place.lock.release()

    def _place(self, scope: Scope, tiles: list[ScreenTile]) -> _Place:
        about = (get_language(), tuple(tile.key for tile in tiles))
        key = (scope.sql, json.dumps(scope.parameters, sort_keys=True), *about)
        with self.lock:
            place = self.places.setdefault(key, _Place())
            self.places.move_to_end(key)
            while len(self.places) > MOST_KEPT:
                self.places.popitem(last=False)
            return place

    def forget(self) -> None:
        with self.lock:
            self.places.clear()


_shared = _Shared()


def snapshot_for(actor: Actor) -> tuple[Snapshot, float | None]:
    """And where it is behind, because something happened that it does not know, in how many seconds to ask again.

    Raises UserError without the extra `insight`.
    """
    extra.require()
    return _shared.of(actor)


def forget() -> None:
    """For tests, which change the database under a running process."""
    _shared.forget()


def tiles_for(actor: Actor) -> list[ScreenTile]:
    return [tile for tile in collect(ScreenTile) if not tile.roles or actor.has(*tile.roles)]


def _stamp() -> Stamp:
    """Differs once anything was committed, and on another day; the day stands last."""
    return (events.newest(), tuple(event.id for event in events.unsettled()), today())


def sees_all(actor: Actor, counties: Iterable[str]) -> bool:
    """Whether a county-wide actor's own scope is every case there is; then he shares with all who see as much."""
    return not actor.region_codes or all(not code or code.startswith(actor.region_codes) for code in counties)


def seen_now(actor: Actor) -> Seen:
    """For what is asked beside the snapshot."""
    extra.require()
    from chengyun.insight.facts.session import session

    facts = session()
    return Seen(Looking(scope_of(actor), today()), facts, facts.as_of())


def make(stamp: Stamp, looking: Looking, tiles: list[ScreenTile]) -> Snapshot:
    from chengyun.insight.facts.session import session

    began, facts = time.monotonic(), session()
    data = told(looking, tiles, facts)
    version = f"{facts.cursor}{MARK}{hashlib.sha256(_json(data)).hexdigest()[:16]}"
    body = gzip.compress(_json({"version": version, **data}), 5)
    return Snapshot(stamp, time.monotonic(), time.monotonic() - began, version, body, cases.counties(facts))


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def told(looking: Looking, tiles: list[ScreenTile], facts: Session) -> dict[str, Any]:
    wanted = [(tile, list(tile.asks(looking))) for tile in tiles]
    figures = iter(measure_kept(facts, [each for _tile, asked in wanted for each in asked]))
    seen = Seen(looking, facts, facts.as_of())
    return {
        "day": looking.day.isoformat(),
        "tiles": {
            tile.key: _tile(tile, Seen(looking, facts, seen.as_of, [next(figures) for _each in asked]))
            for tile, asked in wanted
        },
        "points": cases.points(seen),
        "alarms": [line for each in collect(ScreenAlarm) for line in each.ringing(seen)],
    }


def _tile(tile: ScreenTile, seen: Seen) -> dict[str, Any]:
    """A tile that fails says so in its place; the wall goes on."""
    try:
        return dict(tile.tell(seen))
    except Exception:
        log.exception("a tile of the screen failed", tile=tile.key)
        return {"fault": True}
