"""The waiting room of an import: rows that are checked but not yet in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from chengyun.assets.models import StagedComponent, SurveyImport
from chengyun.assets.services.derived import COLUMNS
from chengyun.core import instants
from chengyun.core.who import Doer

# An import that has not ended for so long was killed; what it left is removed by the next one.
ABANDONED_AFTER = dt.timedelta(hours=2)

TABLE = StagedComponent._meta.db_table
STAGED = ("survey_id", "row", "component_id", *COLUMNS)


class Ready(NamedTuple):
    row: int
    component_id: int | None
    values: dict[str, Any]


def begin(file_name: str, sha256: str, system: str, *, by: Doer) -> SurveyImport:
    now = instants.now()
    for old in SurveyImport.objects.filter(stage=SurveyImport.Stage.STAGING, started_at__lt=now - ABANDONED_AFTER):
        give_up(old)
    return SurveyImport.objects.create(
        file_name=file_name[:200], sha256=sha256, system=system, started_at=now, by_id=by.user_id, by_name=by.name
    )


def give_up(survey: SurveyImport) -> None:
    """Nothing of it remains."""
    StagedComponent.objects.filter(survey=survey)._raw_delete(StagedComponent.objects.db)
    survey.delete()


def store(survey: SurveyImport, rows: Sequence[Ready]) -> None:
    """One short transaction. Past the ORM, which would spend more on these rows than everything else together."""
    tuples = [(survey.pk, row.row, row.component_id, *(row.values[name] for name in COLUMNS)) for row in rows]
    names = ", ".join(f'"{name}"' for name in STAGED)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {TABLE} ({names}) FROM STDIN") as copy:
                for each in tuples:
                    copy.write_row(each)
        else:
            marks = ", ".join(["%s"] * len(STAGED))
            cursor.executemany(f"INSERT INTO {TABLE} ({names}) VALUES ({marks})", tuples)
