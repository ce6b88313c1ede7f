"""Units and captions by their words: each read once per import, made where they are new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from chengyun.assets.models import Caption, Unit
from chengyun.core import instants
from chengyun.people.models import Department

UNKNOWN = 0


def unit_for(code: str, name: str) -> Unit:
    """The unit of this code and name; a new one finds its department by name."""
    unit = Unit.objects.filter(code=code, name=name).first()
    return unit or Unit.objects.create(code=code, name=name, department=_department(name))


def _department(name: str) -> Department | None:
    named = Q(name=name) | Q(short_name=name)
    found: Department | None = Department.objects.on(instants.today()).filter(named).first()
    return found


@dataclass
class Lookups:
    """`may_create` false: what is new has the id UNKNOWN, and nothing is written."""

    may_create: bool = True
    units: dict[tuple[str, str], int] = field(default_factory=dict)
    captions: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.units = {(unit.code, unit.name): unit.pk for unit in Unit.objects.all()}

    def unit(self, party: tuple[str, str]) -> int:
        if party not in self.units:
            self.units[party] = unit_for(*party).pk if self.may_create else UNKNOWN
        return self.units[party]

    def name_of(self, unit_id: int) -> str:
        if len(self.names) != len(self.units):
            self.names = {pk: name for (_code, name), pk in self.units.items()}
        return self.names.get(unit_id, "")

    def learn_captions(self, texts: Iterable[str]) -> None:
        """Read the ids of these, and make those that are not there."""
        missing = list({text for text in texts if text not in self.captions})
        if not missing:
            return
        if self.may_create:
            Caption.objects.bulk_create([Caption(text=text) for text in missing], ignore_conflicts=True)
        found = Caption.objects.filter(text__in=missing).values_list("text", "pk")
        self.captions |= dict.fromkeys(missing, UNKNOWN) | dict(found)
