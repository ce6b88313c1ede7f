"""What the register holds already of the rows of an import. A column that the file does not have changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chengyun.assets.models import Component
from chengyun.assets.reading.rows import Draft
from chengyun.assets.services.lookups import Lookups

# Columns of a file that may be absent, and the attribute that each fills.
OPTIONAL = {
    "name": "name", "state": "state", "owner_name": "owner_id", "maintainer_name": "maintainer_id",
    "accuracy": "accuracy", "road": "road", "changed_date": "changed_date", "source": "source", "note": "note",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A component that is in the register already; `kept` are the attributes that the file says nothing of."""

    id: int
    digest: str
    is_retired: bool
    kept: dict[str, Any]
    parties: dict[str, int | None]


class Standing:
    """Reads for a file with these columns."""

    def __init__(self, present: Mapping[str, int], lookups: Lookups) -> None:
        self.lookups = lookups
        self.absent = [attribute for column, attribute in OPTIONAL.items() if column not in present]
        # Units that the file names without their code.
        self.codeless = [party for party in ("manager", "owner", "maintainer") if f"{party}_code" not in present]

    def of(self, identifiers: Sequence[str]) -> dict[str, Known]:
        rows = Component.objects.filter(identifier__in=identifiers)
        columns = ("id", "digest", "valid_to", "former_identifier", *self.absent)
        parties = [f"{party}_id" for party in self.codeless]
        found = {}
        for identifier, *values in rows.values_list("identifier", *columns, *parties):
            pk, digest, ends, former, *rest = values
            kept = dict(zip(self.absent, rest, strict=False))
            if former:
                kept["former_identifier"] = former
            units = dict(zip(self.codeless, rest[len(self.absent) :], strict=True))
            found[identifier] = Known(pk, digest, ends is not None, kept, units)
        return found

    def fill(self, draft: Draft, known: Known | None) -> None:
        """The ids of the draft's units, and what it leaves unsaid."""
        for party in ("manager", "owner", "maintainer"):
            named = draft.parties.get(party)
            draft.values[f"{party}_id"] = self._unit(party, named, known) if named else None
        if known:
            draft.values |= known.kept

    def _unit(self, party: str, named: tuple[str, str], known: Known | None) -> int:
        standing = known.parties.get(party) if known else None
        if standing and self.lookups.name_of(standing) == named[1]:
            return standing
        return self.lookups.unit(named)
