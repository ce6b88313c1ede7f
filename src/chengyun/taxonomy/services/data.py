"""The data files, and rows of the catalogue by their natural keys."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chengyun.taxonomy.models import MajorClass, MinorClass, Standard

DATA: Final = Path(__file__).resolve().parent.parent / "data"
EDITION_2013: Final = "GB/T 30428.2-2013"
EDITION_2026: Final = "GB/T 47678.5-2026"

# Standard code, kind, class code.
Key = tuple[str, str, str]


def data_rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def standards_by_code() -> dict[str, Standard]:
    return {standard.code: standard for standard in Standard.objects.all()}


def majors_by_key() -> dict[Key, MajorClass]:
    majors = MajorClass.objects.select_related("standard")
    return {(major.standard.code, major.kind, major.code): major for major in majors}


def minors_by_key() -> dict[Key, MinorClass]:
    minors = MinorClass.objects.select_related("standard", "major")
    return {(minor.standard.code, minor.kind, minor.code): minor for minor in minors}
