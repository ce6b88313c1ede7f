"""The whole year of the model county, told but not stored: its figures and the shares of what happened."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction

from chengyun.core import instants
from chengyun.demo import building, year
from chengyun.demo.rhythm import SHANGHAI

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NOW = dt.datetime(2026, 5, 20, 2, 30, tzinfo=dt.UTC)
YEAR_ENDS = instants.start_of_day(dt.date(2026, 1, 1))


@pytest.fixture(scope="module")
def courses(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), instants.at(NOW):
        task = building.Build(building.SCALES["full"])
        list(building.run(task, building.PARTS[:5]))
        yield year.tell(task.world, 2025)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def befell(courses):
    """Verb → how many cases it befell."""
    return Counter(verb for course in courses for verb in {row.verb for row in course.thread.steps})


def test_5828_cases_are_filed_and_5762_closed_by_the_end_of_the_year(courses):
    filed = [course for course in courses if course.facts.filed_at]
    assert len(filed) == 5_828
    assert all(course.facts.filed_at < YEAR_ENDS for course in filed)
    closed = [course for course in filed if course.facts.stage == "closed"]
    assert len(closed) == 5_762
    assert all(course.facts.closed_at < YEAR_ENDS for course in closed)


def test_the_hotline_brought_1373_reports(courses):
    merged = [duplicate.source for course in courses for duplicate in course.duplicates]
    assert [course.draft.source for course in courses].count("hotline") + merged.count("hotline") == 1_373


def test_collectors_find_most_of_it(courses):
    sources = Counter(course.draft.source for course in courses)
    assert 0.65 < sources["collector"] / len(courses) < 0.75


@pytest.mark.parametrize(
    ("verb", "least", "most"),
    [
        ("grant_return", 0.025, 0.05),
        ("grant_extension", 0.015, 0.04),
        ("grant_suspension", 0.006, 0.016),
        ("check_fail", 0.035, 0.075),
        ("supervise", 0.012, 0.03),
        ("grant_void", 0.008, 0.012),
        ("handle_on_spot", 0.08, 0.12),
        ("take_merged", 0.03, 0.06),
        ("appeal", 0.003, 0.02),
        ("instruct", 0.001, 0.01),
    ],
)
def test_side_paths_are_taken_in_believable_shares(befell, verb, least, most):
    assert least < befell[verb] / 5_828 < most


def test_about_six_in_a_hundred_are_overdue(courses):
    assert 0.04 < sum(course.facts.handling_overdue for course in courses) / 5_828 < 0.09


def test_all_163_classes_are_known_and_most_occur(courses):
    assert 130 < len({course.draft.kind.name for course in courses}) <= 163


def test_summer_brings_more_barbecues_than_winter(courses):
    months = Counter(c.draft.at.astimezone(SHANGHAI).month for c in courses if c.draft.kind.name == "露天烧烤")
    assert months[6] + months[7] + months[8] > 3 * (months[12] + months[1] + months[2])


def test_collectors_do_not_report_at_night(courses):
    hours = Counter(c.draft.at.astimezone(SHANGHAI).hour for c in courses if c.draft.source == "collector")
    assert not any(hours[hour] for hour in (0, 1, 2, 3, 4, 5, 22, 23))


def test_every_township_has_its_cases(courses):
    assert len({course.facts.township_code for course in courses}) == 11


def test_descriptions_are_hardly_ever_the_same(courses):
    assert len({course.draft.text for course in courses}) > 0.98 * len(courses)
