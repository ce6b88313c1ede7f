"""The hand-made lists: every name is an invention, checked against the country's township list by a test."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
COUNTY_NAME = "云泽县"
# No province has the number 99, so GB/T 2260 will never give this code to a real county.
COUNTY_CODE = "990126"


@dataclass(frozen=True)
class TownshipName:
    code: str
    name: str
    kind: str

    @property
    def is_town(self) -> bool:
        return self.kind == "街道"


@dataclass(frozen=True)
class LandmarkName:
    name: str
    kind: str


@cache
def words(name: str) -> tuple[str, ...]:
    return tuple((DATA / f"{name}.txt").read_text(encoding="utf-8").split())


@cache
def groups(name: str) -> tuple[tuple[str, ...], ...]:
    """One group of words per line."""
    return tuple(tuple(line.split()) for line in (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def townships() -> tuple[TownshipName, ...]:
    return tuple(TownshipName(COUNTY_CODE + row["code"], row["name"], row["kind"]) for row in rows("townships"))


@cache
def landmarks() -> tuple[LandmarkName, ...]:
    return tuple(LandmarkName(row["name"], row["kind"]) for row in rows("landmarks"))
