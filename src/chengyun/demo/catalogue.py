"""The county's own catalogue, 18 major and 163 minor classes, in two generations: of the 2013 edition and of 2026's."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from chengyun.demo.county import names
from chengyun.taxonomy.services.catalogue_rows import CatalogueRow
from chengyun.taxonomy.services.county import adopt


def adopt_catalogue() -> int:
    """A generation holds until the day before the next; the number of classes of both."""
    rows = names.rows("county_catalogue")
    for day, generation in groupby(rows, lambda row: row["valid_from"]):
        adopt([_row(row) for row in generation], dt.date.fromisoformat(day))
    return len(rows)


def _row(row: dict[str, str]) -> CatalogueRow:
    return CatalogueRow(row["standard"], row["kind"], row["major_code"], row["major_name"], row["code"], row["name"])
