"""The whole catalogue in memory: about a thousand classes that every step of every case reads.

One object per process and catalogue token (see `services.state`). Its rows are shared, so nobody may change them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from chengyun.taxonomy.models import ClassMapping, FilingCondition, Kind, MinorClass, Standard

# (major class, [(id of the minor class, its code and name)])
Choices = Sequence[tuple[str, Sequence[tuple[int, str]]]]
# (code, name)
Majors = Sequence[tuple[str, str]]


@dataclass
class Catalogue:
    token: str
    edition_id: int | None = None
    minors: dict[int, MinorClass] = field(default_factory=dict)
    successors: dict[int, int] = field(default_factory=dict)
    twins: dict[int, int] = field(default_factory=dict)
    conditions: dict[int, list[FilingCondition]] = field(default_factory=dict)
    # The county's own catalogue by day, as forms and lists offer it; see `queries.county_choices`, `county_majors`.
    choices: dict[dt.date, Choices] = field(default_factory=dict)
    majors: dict[dt.date, Majors] = field(default_factory=dict)

    def current(self, minor_id: int) -> MinorClass | None:
        """The class of today that `minor_id` became; itself when it is of today, None without a successor."""
        successor = self.successors.get(minor_id)
        if successor is not None:
            return self.minors[successor]
        minor = self.minors.get(minor_id)
        if minor is None or not (minor.standard_id == self.edition_id or minor.standard.is_local):
            return None
        return minor

    def filing_id(self, minor_id: int) -> int:
        """The class under which today's conditions and duties stand: the successor's matter «…异常», else itself."""
        current = self.current(minor_id)
        answer = minor_id if current is None else current.pk
        return self.twins.get(answer, answer)

    def conditions_on(self, minor_id: int, day: dt.date) -> list[FilingCondition]:
        own = _valid(self.conditions.get(minor_id, ()), day)
        return own or _valid(self.conditions.get(self.filing_id(minor_id), ()), day)


def load(token: str) -> Catalogue:
    catalogue = Catalogue(token, edition_id=_current_edition())
    catalogue.minors = {minor.pk: minor for minor in MinorClass.objects.select_related("standard", "major")}
    # National successors overwrite the county's: False sorts before True.
    for mapping in ClassMapping.objects.exclude(new=None).order_by("-is_local"):
        if mapping.new_id is not None:
            catalogue.successors[mapping.old_id] = mapping.new_id
    catalogue.twins = _twins(catalogue)
    conditions = defaultdict(list)
    for condition in FilingCondition.objects.prefetch_related("limits").order_by("minor", "number", "-version"):
        conditions[condition.minor_id].append(condition)
    catalogue.conditions = dict(conditions)
    return catalogue


def _current_edition() -> int | None:
    """The edition that came into force last; an edition known before its day is loaded on its day."""
    newest = Standard.objects.exclude(in_force_from=None).order_by("-in_force_from").values_list("pk", flat=True)
    return newest.first()


def _twins(catalogue: Catalogue) -> dict[int, int]:
    """Part → matter of the same code: GB/T 47678.5-2026 repeats its 153 parts as matters «…异常», same numbers."""
    of_edition = [minor for minor in catalogue.minors.values() if minor.standard_id == catalogue.edition_id]
    matters = {minor.code: minor.pk for minor in of_edition if minor.kind == Kind.MATTER}
    return {m.pk: matters[m.code] for m in of_edition if m.kind == Kind.PART and m.code in matters}


def _valid(conditions: list[FilingCondition] | tuple[()], day: dt.date) -> list[FilingCondition]:
    """The newest valid version of each number; rows come by number, newest version first."""
    answer: dict[int, FilingCondition] = {}
    for condition in conditions:
        if condition.is_valid_on(day):
            answer.setdefault(condition.number, condition)
    return list(answer.values())
