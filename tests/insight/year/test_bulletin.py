"""The bulletin of a published evaluation over the demo county's year: its backlog, as Word and as Excel."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.cases.models import Case
from chengyun.casework.clocks.models import Clock
from chengyun.core import instants
from chengyun.insight.evaluation import backlog, publishing, spans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]

MAY = spans.read("2026-05")
# Weeks after the last step of the story: what was open then is late by now.
LATER = dt.datetime(2026, 7, 10, 2, 30, tzinfo=dt.UTC)


@pytest.fixture
def moment(moment):
    with instants.at(LATER):
        yield


@pytest.fixture
def published(evaluator):
    return publishing.publish("department", MAY, "bureaus", by=evaluator)


# --- what was late and not handled, recounted from plain rows --------------------------------------------------------


def late_by_rows(published):
    """Number → department and days late of the bureaus' cases that wait for handling past their deadline."""
    keys = set(published.rows.values_list("key", flat=True))
    due = dict(Clock.objects.filter(stage="handle").values_list("case_id", "due_at"))
    waiting = Case.objects.filter(stage__in=("dispatched", "handling")).select_related("main_department")
    return {
        case.number: (case.main_department.short_name, (LATER - due[case.pk]) / dt.timedelta(days=1))
        for case in waiting
        if str(case.main_department_id) in keys and due.get(case.pk) and due[case.pk] < LATER
    }


def test_the_backlog_is_what_waits_past_its_deadline(published):
    told, wanted = {case.number: case for case in backlog.kept(published)}, late_by_rows(published)
    assert wanted
    assert set(told) == set(wanted)
    for number, (department, days) in wanted.items():
        assert told[number].department == department
        assert 0 <= days - told[number].days < 0.1001
        assert told[number].class_name
