"""Append-only rows, chained by hash (DESIGN §4.7): each row's hash covers its content and the hash before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from chengyun.core.instants import as_utc

# Made once: it is asked for every row of a verification.
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

FIRST = ""  # what the first row of a chain has in front of it


class ChainedRow(models.Model):
    """A subclass names in `HASHED_FIELDS` the attributes that its hash covers besides chain, seq and at."""

    chain = models.CharField(max_length=64)
    seq = models.IntegerField()
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True, default=FIRST)
    hash = models.CharField(max_length=64)

    HASHED_FIELDS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="%(app_label)s_%(class)s_chain_seq")]


def link(row: ChainedRow, previous: ChainedRow | str | None) -> None:
    """Fill in the hashes. `previous`: the row before (then `seq` follows from it), its hash, or None for the first."""
    if isinstance(previous, ChainedRow):
        row.seq = previous.seq + 1
        row.previous_hash = previous.hash
    else:
        row.previous_hash = previous or FIRST
        if previous is None and not row.seq:
            row.seq = 1
    content = {name: _column(row, name).to_python(getattr(row, name)) for name in row.HASHED_FIELDS}
    row.hash = row_hash(row.previous_hash, row.chain, row.seq, row.at, content)


def _column(row: ChainedRow, name: str) -> models.Field[Any, Any]:
    column = row._meta.get_field(name)
    assert isinstance(column, models.Field)
    return column


def row_hash(previous_hash: str, chain: str, seq: int, at: dt.datetime, content: dict[str, Any]) -> str:
    payload = {"chain": chain, "seq": seq, "at": _plain(at), "content": {k: _plain(v) for k, v in content.items()}}
    return hashlib.sha256((previous_hash + canonical(payload)).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON that comes out the same for the same content, whatever database it went through."""
    return _encoder.encode(value)


def commitment(salt: str, name: str, value: str) -> str:
    """What history keeps of a personal value: proof of it while value and salt exist, and nothing afterwards."""
    return hashlib.sha256(canonical([salt, name, value]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A column's value as canonical JSON can carry it."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, dt.datetime):
        return as_utc(value).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, dt.date | uuid.UUID):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return _json_plain(value)


def _json_plain(value: Any) -> Any:
    """A JSON column's value. Only JSON's own types may stand in it; a whole float is the integer PostgreSQL returns."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: _json_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_plain(item) for item in value]
    raise TypeError(f"history cannot hold {type(value).__name__}: {value!r}")
