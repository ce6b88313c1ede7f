"""What the desk's filters offer; read once a minute, since registers change rarely."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache

from chengyun.casework.cases.models import Source
from chengyun.casework.cases.workflow import Stage
from chengyun.core.instants import today
from chengyun.people.models import Department
from chengyun.regions.models import Level, Region
from chengyun.taxonomy.queries import county_catalogue

KEEP_S = 60


def filter_options() -> dict[str, list[tuple[str, str]]]:
    found: Any = cache.get_or_set("cases.filter_options", _read, KEEP_S)
    labels = {"stage": Stage.choices, "source": Source.choices}
    return {**{name: [(value, str(label)) for value, label in each] for name, each in labels.items()}, **found}


def _read() -> dict[str, list[tuple[str, str]]]:
    return {"minor": _minors(), "township": _townships(), "department": _departments()}


def _minors() -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in county_catalogue(today())]


def _townships() -> list[tuple[str, str]]:
    rows = Region.objects.filter(version__is_active=True, level=Level.TOWNSHIP).order_by("code")
    return list(rows.values_list("code", "name"))


def _departments() -> list[tuple[str, str]]:
    kinds = (Department.Kind.DEPARTMENT, Department.Kind.TOWNSHIP, Department.Kind.COMPANY)
    rows = Department.objects.on(today()).filter(kind__in=kinds)
    return [(str(pk), name) for pk, name in rows.values_list("id", "short_name")]
