"""The demo county that goes on living."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.db import transaction

from chengyun.casework.cases.models import Case
from chengyun.core import instants
from chengyun.core.files import StoredFile
from chengyun.demo import building, jobs, live
from chengyun.people.models import User

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 5, 20, 1, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), instants.at(NOON):
        list(building.run(building.Build(building.SCALES["small"]), building.PARTS[:4]))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def county(built, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_nothing_happens_before_it_is_told_to(county):
    jobs.let_something_happen()
    assert not Case.objects.exists()


def test_it_rests_when_told_so(county):
    live.wake()
    live.rest()
    assert not live.is_alive()


def test_a_report_comes_in_through_the_door(county):
    submission = live.report(Random(1), NOON)
    assert submission.outcome == "created"
    assert submission.case.stage == "reported"
    assert submission.case.cell_code


def test_its_picture_belongs_to_the_case(county):
    reports = [live.report(Random(seed), NOON) for seed in range(3)]
    owners = set(StoredFile.objects.values_list("owner_kind", "owner_id"))
    assert owners
    assert owners <= {("case", each.case.pk) for each in reports}


def test_collectors_report_in_their_own_name(county):
    made = [live.report(Random(seed), NOON) for seed in range(4)]
    reporters = {each.report.reporter_id for each in made if each.report.source == "collector"}
    assert reporters
    assert reporters <= set(User.objects.filter(username__startswith="caiji").values_list("pk", flat=True))
