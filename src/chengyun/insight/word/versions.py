"""The Word templates of a module by kind: the newest upload, else the one that comes with the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import models, transaction

from chengyun.casework.papers.uploads import LARGEST, filled
from chengyun.core import history
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.people.access import Actor

VERSIONS_SHOWN: Final = 20
# One byte more than may be, so that a larger one is seen to be too large.
MOST_READ: Final = LARGEST + 1

Made = TypeVar("Made")


class TemplateVersion(models.Model):
    """A version of a kind's Word template; the newest holds; without content: the one that comes with the product."""

    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=50)
    name = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Shelf:
    """`module` begins the names of its history, `check` raises UserError where a kind's template cannot hold."""

    module: str
    model: type[TemplateVersion]
    folder: Path
    check_writes: Callable[[Actor], None]
    check: Callable[[str, bytes], object]

    def delivered(self, kind: str) -> bytes:
        return (self.folder / f"{kind}.docx").read_bytes()

    def current(self, kind: str) -> bytes:
        newest = self._rows(kind).first()
        return bytes(newest.content) if newest and newest.content else self.delivered(kind)

    def versions(self, kind: str) -> list[TemplateVersion]:
        """Newest first, without their content."""
        return list(self._rows(kind).defer("content")[:VERSIONS_SHOWN])

    def version(self, kind: str, pk: int) -> TemplateVersion | None:
        return self._rows(kind).filter(pk=pk).first()

    def replace(self, kind: str, name: str, content: bytes, *, by: Actor) -> TemplateVersion:
        """Tried before it holds. Raises UserError on the field `template` where it cannot be filled."""
        self.check_writes(by)
        tried(content, lambda: self.check(kind, content))
        return self._store(kind, name, content, by)

    def back_to_delivered(self, kind: str, *, by: Actor) -> TemplateVersion:
        self.check_writes(by)
        return self._store(kind, "", b"", by)

    def _rows(self, kind: str) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(kind=kind).order_by("-id")

    @transaction.atomic
    def _store(self, kind: str, name: str, content: bytes, by: Actor) -> TemplateVersion:
        row: TemplateVersion = self.model._default_manager.create(
            kind=kind, at=now(), by_id=by.user_id, by_name=by.name, name=name[:120], content=content
        )
        told = {"name": row.name, "size": len(content)}
        history.record(f"{self.module}:template_{kind}", f"{self.module}.template_replaced", told, by=by)
        return row


def tried(content: bytes, do: Callable[[], Made]) -> Made:
    """What `do` makes of the template; all that is wrong with it belongs to the field `template`."""
    try:
        return filled(content, do)
    except UserError as error:
        raise UserError(error.message, field="template") from error
