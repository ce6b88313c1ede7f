"""A component's history in words, newest first: changes by people and imports, and at the bottom where it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chengyun.assets.models import Accuracy, Component, Origin, State, Unit
from chengyun.assets.services.derived import DERIVED
from chengyun.people import register
from chengyun.people.models import RegisterChange

# Follow from others, which are told.
SILENT = frozenset((*DERIVED, "class_code", "minor_id", "community_code"))
CHOICES = {"state": State, "source": Origin, "accuracy": Accuracy}
UNITS = ("manager_id", "owner_id", "maintainer_id")


@dataclass(frozen=True)
class Told:
    at: dt.datetime
    by: str
    what: str
    fields: list[str]


class Naming:
    """Columns and their values in words."""

    def __init__(self, unit_ids: Iterable[int | None]) -> None:
        ids = {each for each in unit_ids if each}
        self.units = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
        self.titles = {field.attname: str(field.verbose_name) for field in Component._meta.concrete_fields}
        self.titles |= {"valid_to": _("最后有效日"), "valid_from": _("启用日")}

    def title(self, name: str) -> str:
        return self.titles.get(name, name)

    def said(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return _("（空）")
        if name in CHOICES:
            return str(dict(CHOICES[name].choices).get(value, value))
        return self.units.get(value, str(value)) if name in UNITS else str(value)


def history(component: Component) -> list[Told]:
    changes = register.history(component)
    naming = Naming(_unit_ids(changes))
    told = [_told(change, naming) for change in changes]
    survey = component.first_import
    if survey is not None and survey.done_at is not None:
        told.append(Told(survey.done_at, survey.by_name, _("普查导入 %s") % survey.file_name, []))
    return told


def _unit_ids(changes: list[RegisterChange]) -> Iterator[int | None]:
    for change in changes:
        for each in (change.before, change.after):
            yield from (each[name] for name in UNITS if name in each)


def _told(change: RegisterChange, naming: Naming) -> Told:
    names = {
        "created": _("登记"), "changed": _("修改"), "closed": _("停用"), "reactivated": _("恢复使用"),
        "pictured": _("添加照片"),
    }  # fmt: skip
    fields = list(_fields(change, naming)) if change.action not in ("created", "pictured") else []
    return Told(change.at, change.by_name, names.get(change.action, change.action), fields)


def _fields(change: RegisterChange, naming: Naming) -> Iterator[str]:
    for name, after in change.after.items():
        if name not in SILENT:
            before = naming.said(name, change.before.get(name))
            yield f"{naming.title(name)}：{before} → {naming.said(name, after)}"
