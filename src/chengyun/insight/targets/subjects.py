"""For whom a target is set (对象): the county, a department or a township."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from chengyun.insight.figures.dimensions import Key


class SubjectKind(TextChoices):
    COUNTY = "county", gettext_lazy("全县")
    DEPARTMENT = "department", gettext_lazy("部门")
    TOWNSHIP = "township", gettext_lazy("乡镇街道")


@dataclass(frozen=True)
class Subject:
    """`key` is the key of the dimension of the same name; the county has none."""

    kind: str
    key: Key = None

    @property
    def by(self) -> tuple[str, ...]:
        """The dimension by which one question answers for all subjects of this kind."""
        return () if self.key is None else (self.kind,)

    @property
    def keys(self) -> tuple[Key, ...]:
        return () if self.key is None else (self.key,)

    @property
    def where(self) -> Mapping[str, Sequence[Key]]:
        return {} if self.key is None else {self.kind: [self.key]}


COUNTY: Final = Subject(SubjectKind.COUNTY)


def from_where(where: Mapping[str, Sequence[Key]]) -> Subject | None:
    """Of a narrowed question; None where no target can be set for it."""
    if not where:
        return COUNTY
    if len(where) == 1:
        ((kind, keys),) = where.items()
        if kind in (SubjectKind.DEPARTMENT, SubjectKind.TOWNSHIP) and len(keys) == 1 and keys[0] not in (None, ""):
            return Subject(kind, keys[0])
    return None
