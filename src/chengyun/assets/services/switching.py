"""The one step in which an import comes into force: new rows, changed rows with their history, one record of it all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from chengyun.assets.models import Component, StagedComponent, SurveyImport
from chengyun.assets.services import stamp
from chengyun.assets.services.derived import COLUMNS, CONTENT
from chengyun.core import history, instants
from chengyun.core.errors import Conflict
from chengyun.core.who import Doer
from chengyun.people import register

AT_ONCE = 500
LIVE, STAGED = Component._meta.db_table, StagedComponent._meta.db_table
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_INSERT = (
    f"INSERT INTO {LIVE} ({_NAMES}, valid_from, first_import_id)"
    f" SELECT {_NAMES}, initial_date, survey_id FROM {STAGED}"
    " WHERE survey_id = %s AND component_id IS NULL ORDER BY row"
)
_SET = ", ".join(f'"{name}" = staged."{name}"' for name in COLUMNS)
_UPDATE = (
    f"UPDATE {LIVE} SET {_SET} FROM {STAGED} AS staged WHERE staged.survey_id = %s AND staged.component_id = {LIVE}.id"
)


def switch(survey: SurveyImport, counts: dict[str, int], *, by: Doer) -> None:
    """Raises Conflict when somebody took one of the new identifiers meanwhile; nothing is changed then."""
    told = {"file": survey.file_name, "sha256": survey.sha256, "rows": _digest_of_rows(survey), **counts}
    try:
        with _room():
            _switch(survey, counts, told, by)
    except IntegrityError as error:
        raise Conflict(_("导入期间有人登记了同一标识码的部件，本次未导入；请再导入一次。")) from error
    StagedComponent.objects.filter(survey=survey)._raw_delete(StagedComponent.objects.db)


@contextmanager
def _room() -> Iterator[None]:
    """SQLite keeps two megabytes of pages and would write the same ones over and over; all writers wait meanwhile."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [before] = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute("PRAGMA cache_size = -400000")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")


@transaction.atomic
def _switch(survey: SurveyImport, counts: dict[str, int], told: dict[str, Any], by: Doer) -> None:
    for chunk in _changed(survey):
        register.record_changes(list(_differences(chunk)), action="changed", by=by)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [survey.pk])
        cursor.execute(_INSERT, [survey.pk])
    survey.stage, survey.done_at, survey.counts = SurveyImport.Stage.DONE, instants.now(), counts
    survey.save(update_fields=["stage", "done_at", "counts"])
    stamp.touch()
    history.record(f"component_import:{survey.pk}", "assets.imported", told, by=by)


def _digest_of_rows(survey: SurveyImport) -> str:
    """Proves what each row held when it came in, without a history row for every one of them."""
    found = hashlib.sha256()
    rows = StagedComponent.objects.filter(survey=survey).order_by("pk").values_list("identifier", "digest")
    for identifier, digest in rows.iterator(chunk_size=5_000):
        found.update(f"{identifier} {digest}\n".encode())
    return found.hexdigest()


def _changed(survey: SurveyImport) -> Iterator[list[StagedComponent]]:
    last = 0
    rows = StagedComponent.objects.filter(survey=survey, component__isnull=False).order_by("component_id")
    while chunk := list(rows.filter(component_id__gt=last)[:AT_ONCE]):
        yield chunk
        last = chunk[-1].component_id or 0


def _differences(chunk: list[StagedComponent]) -> Iterator[tuple[Component, dict[str, Any], dict[str, Any]]]:
    """(component, before, after), as the row stands at this moment."""
    ids = [row.component_id for row in chunk]
    standing = Component.objects.select_for_update().filter(pk__in=ids).in_bulk()
    for row in chunk:
        component = standing[row.component_id]
        changed = [name for name in CONTENT if getattr(row, name) != getattr(component, name)]
        before = {name: getattr(component, name) for name in changed}
        yield component, before, {name: getattr(row, name) for name in changed}
