"""Tables of the ground floor: counters, settings, the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from chengyun.core.calendar_models import CalendarDay, PublishedYear, WorkCalendar  # noqa: F401 -- tables of this app
from chengyun.core.chained import ChainedRow
from chengyun.core.file_models import StoredFile  # noqa: F401 -- a table of this app


class Counter(models.Model):
    series = models.CharField(max_length=80, primary_key=True)
    value = models.BigIntegerField()


class Setting(models.Model):
    """A county's own value; blank region is the whole installation, a code prefix is a subtree."""

    key = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12, blank=True, default="")
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "region_code"], name="one_setting_per_region")]


class SettingsStamp(models.Model):
    """One row; its value changes with every change of a setting, so that a cache knows."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.CharField(max_length=32)


@dataclass(frozen=True, order=True)
class Cursor:
    """How far somebody has read the outbox."""

    xid: int
    id: int

    START: ClassVar[Cursor]

    def __str__(self) -> str:
        return f"{self.xid}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises ValueError on anything that `str(cursor)` did not make."""
        xid, _, id = text.partition(".")
        return cls(int(xid), int(id))


# Below every event, also those that `events.rebase` moved under zero.
Cursor.START = Cursor(-(2**63), 0)


class CurrentTransaction(models.Func):
    """The writing transaction's id where commits can overtake each other (PostgreSQL); 0 where they cannot (SQLite)."""

    template = "0"
    output_field = models.BigIntegerField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(pg_current_xact_id()::text::bigint)", **extra)


class Event(models.Model):
    """Outbox row: what happened, stored in the transaction that did it. Follow it with `core.events.after`."""

    # On SQLite Django's primary keys are AUTOINCREMENT: an id is never used twice, so a cursor cannot be overtaken.
    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["xid", "id"]
        indexes = [
            models.Index(fields=["xid", "id"]),
            models.Index(fields=["subject", "id"]),
        ]

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.xid, self.id)


class HandlerCursor(models.Model):
    """How far a handler has followed the outbox, and how it fares."""

    name = models.CharField(max_length=80, primary_key=True)
    xid = models.BigIntegerField(default=Cursor.START.xid)
    event_id = models.BigIntegerField(default=Cursor.START.id)
    # Tries of the batch that stands next; not before `retry_at` after a failure.
    tries = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.xid, self.event_id)

    def move_to(self, cursor: Cursor) -> None:
        self.xid, self.event_id, self.tries, self.retry_at = cursor.xid, cursor.id, 0, None
        self.save(update_fields=["xid", "event_id", "tries", "retry_at"])


class Record(ChainedRow):
    """What happened to things that have no history table of their own: settings, users, erasures, imports."""

    HASHED_FIELDS: ClassVar[tuple[str, ...]] = ("verb", "data", "by_id", "by_name")

    verb = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=50)

    class Meta(ChainedRow.Meta):
        indexes = [models.Index(fields=["verb", "at"])]


class Seal(models.Model):
    """Signed heads of the chains that grew since the seal before (`history.sealing.SealRecord`)."""

    number = models.BigIntegerField(primary_key=True)
    # As signed, so that no database's rounding can touch it.
    at_text = models.CharField(max_length=40)
    previous_hash = models.CharField(max_length=64, blank=True)
    heads = models.JSONField()
    totals = models.JSONField()
    hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=8)
    signature = models.CharField(max_length=64)


class SealedHead(models.Model):
    """How far each chain is sealed: the sealer's notebook. The proof itself is in the signed seals."""

    model = models.CharField(max_length=60)
    chain = models.CharField(max_length=64)
    seq = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "chain"], name="one_sealed_head_per_chain")]


class SealMark(models.Model):
    """Up to which row the sealer has looked for chains that grew."""

    model = models.CharField(max_length=60, primary_key=True)
    row_id = models.BigIntegerField(default=0)


class HandlerFailure(models.Model):
    """An event that a handler could not digest and left behind, kept so that somebody can look after it."""

    handler = models.CharField(max_length=80)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    tries = models.IntegerField()
    error = models.TextField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["handler", "at"])]


class JobLease(models.Model):
    """Who runs a job right now, and until when we believe it; a killed worker stops renewing."""

    task_id = models.UUIDField(primary_key=True)
    worker = models.CharField(max_length=64)
    until = models.DateTimeField(db_index=True)


class Schedule(models.Model):
    """When a timed function is due next. Taking it is one conditional UPDATE."""

    name = models.CharField(max_length=120, primary_key=True)
    due_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")
