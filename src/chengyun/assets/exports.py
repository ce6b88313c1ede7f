"""The register as an Excel workbook: the columns of the standard, in the headings that an import reads again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from chengyun.assets import lists
from chengyun.assets.models import Component
from chengyun.assets.reading.columns import heading
from chengyun.core.exports import Column
from chengyun.people.access import Actor


def _unit(party: str, column: str) -> Callable[[Component], str]:
    def value(row: Component) -> str:
        unit = getattr(row, party)
        return str(getattr(unit, column)) if unit else ""

    return value


def _day(name: str) -> Callable[[Component], Any]:
    return lambda row: getattr(row, name)


COLUMNS = (
    Column(heading("identifier"), lambda row: row.identifier, 20),
    Column(heading("name"), lambda row: row.name, 18),
    Column(heading("class_code"), lambda row: row.class_code, 10),
    Column(heading("state"), lambda row: row.get_state_display(), 8),
    Column(heading("manager_code"), _unit("manager", "code"), 20),
    Column(heading("manager_name"), _unit("manager", "name"), 22),
    Column(heading("owner_code"), _unit("owner", "code"), 20),
    Column(heading("owner_name"), _unit("owner", "name"), 22),
    Column(heading("maintainer_code"), _unit("maintainer", "code"), 20),
    Column(heading("maintainer_name"), _unit("maintainer", "name"), 22),
    Column(heading("cell_code"), lambda row: row.cell_code, 17),
    Column(heading("lon"), lambda row: f"{row.lon:.7f}", 13),
    Column(heading("lat"), lambda row: f"{row.lat:.7f}", 13),
    Column(heading("accuracy"), lambda row: row.accuracy, 9),
    Column(heading("road"), lambda row: row.road, 20),
    Column(heading("initial_date"), _day("initial_date"), 12),
    Column(heading("changed_date"), _day("changed_date"), 12),
    Column(heading("source"), lambda row: row.get_source_display() if row.source else "", 12),
    Column(heading("note"), lambda row: row.note, 30),
)


def exported(actor: Actor, params: Mapping[str, str]) -> QuerySet[Component]:
    return lists.wanted(params).select_related("manager", "owner", "maintainer")
