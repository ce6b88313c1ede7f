from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from importlib import resources

import pytest

from chengyun.taxonomy import queries
from chengyun.taxonomy.services.catalogue_rows import CatalogueRow
from chengyun.taxonomy.services.county import adopt
from chengyun.taxonomy.tests.conftest import catalogues  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogues")]
OLD, NEW = dt.date(2020, 1, 1), dt.date(2026, 7, 1)


def demo_rows(day: dt.date) -> list[CatalogueRow]:
    file = resources.files("chengyun.demo") / "data" / "county_catalogue.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    names = [field.name for field in dataclasses.fields(CatalogueRow) if field.name != "row"]
    return [CatalogueRow(*(row[name] for name in names)) for row in rows if row["valid_from"] == day.isoformat()]


def adopt_demo() -> None:
    adopt(demo_rows(OLD), OLD)
    adopt(demo_rows(NEW), NEW)


def counts(day: dt.date) -> tuple[int, int]:
    rows = list(queries.county_catalogue(day))
    return len({(row.kind, row.major_code, row.major_name) for row in rows}), len(rows)


@pytest.mark.parametrize("day", [dt.date(2025, 3, 1), dt.date(2026, 6, 30), NEW, dt.date(2026, 11, 23)])
def test_the_demo_county_has_18_majors_and_163_minors_on_any_day(day: dt.date) -> None:
    adopt_demo()
    assert counts(day) == (18, 163)


@pytest.mark.parametrize("day", [dt.date(2025, 3, 1), dt.date(2026, 11, 23)])
def test_every_class_of_the_demo_county_has_conditions(day: dt.date) -> None:
    adopt_demo()
    minors = [row.minor for row in queries.county_catalogue(day)]
    found = queries.conditions_for_many(minors, day)
    assert [str(minor) for minor in minors if not found[minor.pk]] == []


def test_every_class_of_the_old_generation_has_a_class_of_today() -> None:
    adopt_demo()
    then = [row.minor for row in queries.county_catalogue(dt.date(2025, 3, 1))]
    assert [str(minor) for minor in then if queries.current_class(minor) is None] == []


def test_adopting_it_again_changes_nothing() -> None:
    adopt_demo()
    assert not adopt(demo_rows(NEW), NEW)
    assert not adopt(demo_rows(OLD), OLD)
