"""Load the national editions from the data files: adds and corrects, never deletes, changes nothing the second time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from django.db import models, transaction

from chengyun.taxonomy.models import LOCAL, ClassMapping, MajorClass, MinorClass, Standard
from chengyun.taxonomy.services.data import (
    EDITION_2013,
    EDITION_2026,
    data_rows,
    majors_by_key,
    minors_by_key,
    standards_by_code,
)
from chengyun.taxonomy.services.starting_set import load_conditions
from chengyun.taxonomy.services.state import announce

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def load_catalogues() -> Counter[str]:
    """Editions, classes, mapping, local extensions and the starting set; answers what changed, by «table added»."""
    changes: Counter[str] = Counter()
    _load_standards(changes)
    _load_majors(changes)
    _load_minors(changes)
    _load_mapping(changes)
    _load_extensions(changes)
    _load_local_mapping(changes)
    load_conditions(minors_by_key(), changes)
    if changes:
        announce("editions", changes)
    return changes


def _load_standards(changes: Counter[str]) -> None:
    known = standards_by_code()
    for row in data_rows("standards.csv"):
        wanted = {
            "title": row["title"],
            "in_force_from": _day(row["in_force_from"]),
            "in_force_to": _day(row["in_force_to"]),
        }
        store(known.get(row["code"]) or Standard(code=row["code"]), wanted, changes, "standard")


def _load_majors(changes: Counter[str]) -> None:
    standards, known = standards_by_code(), majors_by_key()
    for row in data_rows("classes.csv"):
        key = (row["standard"], row["kind"], row["major_code"])
        if key not in known:
            known[key] = MajorClass(standard=standards[row["standard"]], kind=row["kind"], code=row["major_code"])
        store(known[key], {"name": row["major_name"]}, changes, "major")


def _load_minors(changes: Counter[str]) -> None:
    standards, majors, known = standards_by_code(), majors_by_key(), minors_by_key()
    new = []
    for row in data_rows("classes.csv"):
        key = (row["standard"], row["kind"], row["code"])
        wanted = {
            "major": majors[row["standard"], row["kind"], row["major_code"]],
            "name": row["name"],
            "confidence": row["confidence"],
        }
        if key in known:
            store(known[key], wanted, changes, "minor")
        else:
            new.append(MinorClass(standard=standards[row["standard"]], kind=row["kind"], code=row["code"], **wanted))
    create_all(MinorClass, new, changes, "minor")


def _load_mapping(changes: Counter[str]) -> None:
    minors = minors_by_key()
    known = {mapping.old_id: mapping for mapping in ClassMapping.objects.filter(is_local=False)}
    new = []
    for row in data_rows("mapping_2013_to_2026.csv"):
        old = minors[EDITION_2013, row["kind"], row["old_code"]]
        successor = minors[EDITION_2026, row["kind"], row["new_code"]] if row["new_code"] else None
        wanted = {"new": successor, "note": row["note"]}
        if old.pk in known:
            store(known[old.pk], wanted, changes, "mapping")
        else:
            new.append(ClassMapping(old=old, **wanted))
    create_all(ClassMapping, new, changes, "mapping")


def _load_extensions(changes: Counter[str]) -> None:
    """Local extensions of the starting set; where the county uses such a code for something else, it keeps it."""
    local, majors, known = standards_by_code()[LOCAL], majors_by_key(), minors_by_key()
    new = []
    for row in data_rows("local_extensions.csv"):
        key = (row["major_standard"], row["kind"], row["major_code"])
        if key not in majors:
            majors[key] = MajorClass(standard=local, kind=row["kind"], code=row["major_code"])
            store(majors[key], {"name": row["major_name"]}, changes, "major")
        if (LOCAL, row["kind"], row["code"]) not in known:
            new.append(
                MinorClass(standard=local, major=majors[key], kind=row["kind"], code=row["code"], name=row["name"])
            )
    create_all(MinorClass, new, changes, "minor")


def _load_local_mapping(changes: Counter[str]) -> None:
    minors = minors_by_key()
    known = set(ClassMapping.objects.filter(is_local=True).values_list("old_id", flat=True))
    new = []
    for row in data_rows("local_mapping.csv"):
        old = minors[row["old_standard"], row["kind"], row["old_code"]]
        successor = minors[row["new_standard"], row["kind"], row["new_code"]]
        if old.pk not in known:
            new.append(ClassMapping(old=old, new=successor, note="local extension", is_local=True))
    create_all(ClassMapping, new, changes, "mapping")


def store(row: models.Model, wanted: Mapping[str, object], changes: Counter[str], name: str) -> None:
    """Save only where a value differs, so that a second run writes nothing."""
    differing = [field for field, value in wanted.items() if getattr(row, field) != value]
    if row.pk is not None and not differing:
        return
    changes[f"{name} added" if row.pk is None else f"{name} corrected"] += 1
    for field in differing:
        setattr(row, field, wanted[field])
    row.save()


def create_all(model: type[Row], rows: list[Row], changes: Counter[str], name: str) -> None:
    model._default_manager.bulk_create(rows)
    if rows:
        changes[f"{name} added"] += len(rows)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
