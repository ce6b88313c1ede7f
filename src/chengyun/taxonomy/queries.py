"""What other modules ask the catalogue. All but `county_catalogue` cost one statement: the token guarding the cache."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.taxonomy import catalogue as memory
from chengyun.taxonomy.models import CatalogueState, ConditionLimit, CountyClass, FilingCondition, MinorClass

_cached: memory.Catalogue | None = None


@dataclass(frozen=True)
class ThenAndNow:
    """A class as it was filed, and what it is called today; `now` is None where nothing took its place."""

    then: MinorClass
    now: MinorClass | None

    @property
    def differs(self) -> bool:
        return self.now is None or self.now.pk != self.then.pk


def catalogue(token: str | None = None) -> memory.Catalogue:
    """The catalogue in memory; ask once and use it for many answers. A caller who has just read the token passes it."""
    global _cached
    wanted = token or current_token()
    if _cached is None or not wanted or _cached.token != wanted:
        _cached = memory.load(wanted)
    return _cached


def current_token() -> str:
    return CatalogueState.objects.values_list("token", flat=True).first() or ""


def county_catalogue(day: dt.date) -> QuerySet[CountyClass]:
    rows: QuerySet[CountyClass] = CountyClass.objects.on(day)
    return rows.select_related("minor__standard", "minor__major")


def county_majors(day: dt.date) -> memory.Majors:
    """(code, name) of the major classes of a day's county catalogue, by code; kept with the catalogue in memory."""
    known = catalogue()
    if day not in known.majors:
        rows = CountyClass.objects.on(day).order_by().values_list("major_code", "major_name").distinct()
        known.majors[day] = sorted(rows)
    return known.majors[day]


def county_choices(day: dt.date) -> memory.Choices:
    """The county's catalogue of a day by major class; read once and kept with the catalogue in memory."""
    known = catalogue()
    if day not in known.choices:
        groups: dict[str, list[tuple[int, str]]] = {}
        for major, minor_id, code, name in CountyClass.objects.on(day).values_list(
            "major_name", "minor_id", "code", "name"
        ):
            groups.setdefault(major, []).append((minor_id, f"{code} {name}"))
        known.choices[day] = list(groups.items())
    return known.choices[day]


def current_class(minor: MinorClass) -> MinorClass | None:
    """The class of the edition in force that `minor` became, through the mapping."""
    return catalogue().current(minor.pk)


def filing_class(minor: MinorClass) -> MinorClass:
    """The class whose conditions and duties hold for `minor` today (a part's are those of its matter «…异常»)."""
    memory_now = catalogue()
    return memory_now.minors.get(memory_now.filing_id(minor.pk), minor)


def class_then_and_now(minor: MinorClass) -> ThenAndNow:
    return ThenAndNow(then=minor, now=current_class(minor))


def conditions_for(minor: MinorClass, day: dt.date) -> list[FilingCondition]:
    """The class's own conditions on that day, else those of what it became; limits are prefetched."""
    return catalogue().conditions_on(minor.pk, day)


def conditions_for_many(minors: Iterable[MinorClass], day: dt.date) -> dict[int, list[FilingCondition]]:
    memory_now = catalogue()
    return {minor.pk: memory_now.conditions_on(minor.pk, day) for minor in minors}


def limit_for(condition: FilingCondition, area_class: str = "") -> ConditionLimit:
    """The limit of the area class, else the default one."""
    limits = {limit.area_class: limit for limit in condition.limits.all()}
    try:
        return limits.get(area_class) or limits[""]
    except KeyError:
        message = _("立案条件“%(condition)s”没有默认时限，请先在目录中补全。") % {"condition": condition.text}
        raise UserError(message, field="condition") from None
