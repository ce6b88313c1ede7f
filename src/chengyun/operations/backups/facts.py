"""What is counted inside the snapshot of the database, so that a restored copy can be compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]
# Working tables: they change by themselves or hold nothing that anybody entered.
NOT_COUNTED = ("django_session", "core_schedule", "core_joblease")
NEWEST_EVENT = "SELECT xid, id FROM core_event ORDER BY xid DESC, id DESC LIMIT 1"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
SEAL_KEYS = "SELECT DISTINCT key_id FROM core_seal ORDER BY key_id"
PICTURES = "SELECT DISTINCT sha256 FROM core_storedfile WHERE salt <> ''"


def counts(ask: Ask, tables: list[str]) -> dict[str, int]:
    wanted = [table for table in sorted(tables) if table not in NOT_COUNTED]
    return {table: ask(f'SELECT count(*) FROM "{table}"')[0][0] for table in wanted}


def read(ask: Ask, tables: list[str]) -> dict[str, Any]:
    """As the manifest holds it, and the hashes of all pictures that the database knows under `pictures`."""
    return {
        "rows": counts(ask, tables),
        "newest_event": [int(each) for row in ask(NEWEST_EVENT) for each in row],
        "migrations": [list(row) for row in ask(MIGRATIONS)],
        "seal_keys": [key for (key,) in ask(SEAL_KEYS)],
        "pictures": [sha256 for (sha256,) in ask(PICTURES)],
    }
