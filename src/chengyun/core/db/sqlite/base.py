"""Django's SQLite backend with a queue in front of write transactions (DESIGN §2)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from chengyun.core.db.writelock import WriteLock, WriteLockTimeout

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class QueueingCursor(base.SQLiteCursorWrapper):
    """Takes the turn for a single write outside a transaction."""

    def __init__(self, *args: Any, backend: DatabaseWrapper) -> None:
        super().__init__(*args)
        self.backend = backend

    def execute(self, query: str, params: Any = None) -> Any:
        with self.backend.turn_for(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.backend.turn_for(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    # Django's own hooks for a transaction's life; its stubs do not know them.
    transaction_mode: str | None

    _lock: WriteLock | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        name = os.path.realpath(self.settings_dict["NAME"])
        is_file = not self.is_in_memory_db()
        self._lock = WriteLock(f"{name}.lock", float(params.get("timeout", 20))) if is_file else None
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=partial(QueueingCursor, backend=self))

    @contextmanager
    def turn_for(self, query: str) -> Iterator[None]:
        """Holds the turn around one statement, unless a transaction holds it or nothing is written."""
        is_write = query.lstrip()[:7].upper().startswith(WRITES)
        if self._lock is None or not is_write or self._lock.is_held or self.connection.in_transaction:
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._lock.release()

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode in ("IMMEDIATE", "EXCLUSIVE"):
            self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        # After a failed commit the transaction is still open; the rollback that follows gives the turn.
        super()._commit()  # type: ignore[misc]
        self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self._lock is not None:
                self._lock.close()

    def _take_turn(self) -> None:
        if self._lock is not None:
            try:
                self._lock.acquire()
            except WriteLockTimeout as timeout:
                raise OperationalError(f"database is locked: {timeout}") from timeout

    def _give_turn(self) -> None:
        if self._lock is not None:
            self._lock.release()
