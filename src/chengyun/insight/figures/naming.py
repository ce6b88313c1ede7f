"""What the keys of a dimension are called, looked up when a figure is shown: facts hold no names. And the other way.

For papers also the names of a county and of its centre, whose figures they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from chengyun.core.instants import today
from chengyun.people.models import Department, User
from chengyun.regions.models import ResponsibilityGrid
from chengyun.regions.queries import region_names
from chengyun.taxonomy.models import MajorClass, MinorClass

Names = Mapping[Any, str]


def plain(keys: Collection[Any]) -> Names:
    return {key: str(key) for key in keys}


def departments(keys: Collection[int]) -> Names:
    return dict(Department.objects.filter(pk__in=keys).values_list("pk", "short_name"))


def people(keys: Collection[int]) -> Names:
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))


def department_of(code: str) -> int | None:
    return _first(Department.objects.filter(code=code))


def person_of(username: str) -> int | None:
    return _first(User.objects.filter(username=username))


def grid_of(code: str) -> int | None:
    """The grid that has the code now, or had it last."""
    return _first(ResponsibilityGrid.objects.filter(code=code).order_by("-valid_from"))


def _first(rows: QuerySet[Any]) -> int | None:
    return rows.values_list("pk", flat=True).first()


def regions(keys: Collection[str]) -> Names:
    return region_names(sorted(key for key in keys if key))


def grids(keys: Collection[int]) -> Names:
    return dict(ResponsibilityGrid.objects.filter(pk__in=keys).values_list("pk", "name"))


def majors(keys: Collection[str]) -> Names:
    return _classes(MajorClass.objects.all(), keys)


def minors(keys: Collection[str]) -> Names:
    return _classes(MinorClass.objects.all(), keys)


def _classes(rows: QuerySet[Any], keys: Collection[str]) -> Names:
    """Keys are standard/kind/code."""
    codes = {key.rpartition("/")[2] for key in keys}
    found = rows.filter(code__in=codes).values_list("standard__code", "kind", "code", "name")
    names = {f"{standard}/{kind}/{code}": name for standard, kind, code, name in found}
    return {key: names[key] or key.rpartition("/")[2] for key in keys if key in names}


# --- whose figures --------------------------------------------------------------------------------------------------


def county_name(region_code: str) -> str:
    return region_names([region_code]).get(region_code, "") if region_code else ""


def centre_name(region_code: str) -> str:
    centres = Department.objects.on(today()).filter(kind=Department.Kind.CENTRE)
    found = centres.filter(region_code__startswith=region_code).order_by("sort_order", "code").first()
    return found.name if found else ""
