"""What the keys of a dimension are called, looked up when a figure is shown: facts hold no names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from chengyun.people.models import Department, User
from chengyun.regions.models import ResponsibilityGrid
from chengyun.regions.queries import region_names
from chengyun.taxonomy.models import Kind, MajorClass, MinorClass

Names = Mapping[Any, str]


def plain(keys: Collection[Any]) -> Names:
    return {key: str(key) for key in keys}


def hours(keys: Collection[int]) -> Names:
    return {key: f"{key:02}:00" for key in keys}


def kinds(keys: Collection[str]) -> Names:
    return {key: str(Kind(key).label) for key in keys if key in Kind.values}


def departments(keys: Collection[int]) -> Names:
    return dict(Department.objects.filter(pk__in=keys).values_list("pk", "short_name"))


def people(keys: Collection[int]) -> Names:
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))


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
