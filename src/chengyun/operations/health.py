"""Readiness: can work be taken on right now? Each reason names what is wrong and no secret."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from chengyun.core import disk
from chengyun.operations import clock, work

KEPT_S = 2.0


def reasons() -> list[str]:
    """Against readiness, as short codes; empty when all is well."""
    try:
        return list(_reasons())
    except DatabaseError:
        return ["database"]


def _reasons() -> Iterator[str]:
    if disk.state().level >= disk.Level.NO_WRITES:
        yield "disk"
    if not is_writable():
        yield "database_read_only"
    if not is_migrated():
        yield "migrations"
        return
    silence = work.silence()
    if silence is None or silence > work.SILENT_S:
        yield "worker"
    clock.watch.look()
    if clock.ahead_of_us() > clock.SKEW_S:
        yield "clock"


def is_writable() -> bool:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'")
            return bool(cursor.fetchone()[0])
    try:
        # Begins as every write does (BEGIN IMMEDIATE, which a read-only file refuses), and changes nothing.
        with transaction.atomic():
            pass
    except DatabaseError:
        return False
    return True


_migrated = False


def is_migrated() -> bool:
    """Once it is, it stays so for this program; until then it is asked each time."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


class Kept:
    """An answer shared by probes that come close together: they must not become a load."""

    def __init__(self, ask: Callable[[], list[str]]) -> None:
        self.ask = ask
        self.answer: list[str] = []
        self.asked_at = -KEPT_S

    def __call__(self) -> list[str]:
        if time.monotonic() - self.asked_at >= KEPT_S:
            self.answer, self.asked_at = self.ask(), time.monotonic()
        return self.answer
