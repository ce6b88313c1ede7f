"""The demo county's year, at the small scale on the full map."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from chengyun.casework.cases import rights
from chengyun.casework.cases.models import Case, Picture, Report, Step
from chengyun.casework.cases.workflow import STEPS
from chengyun.core import events, handlers, history, instants
from chengyun.core.files import StoredFile
from chengyun.core.models import HandlerCursor
from chengyun.demo import building, year
from chengyun.demo.course import Course
from chengyun.demo.models import DemoStep
from chengyun.demo.scenes import living
from chengyun.people.access import SYSTEM
from chengyun.people.models import User
from chengyun.people.services.users import create_user

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 20, 2, 30, tzinfo=dt.UTC)
SIZE = year.SMALL


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.conf import settings

    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic(), instants.at(NOW):
        task = building.Build(building.SCALES["small"])
        yield list(building.run(task, building.PARTS)), task
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = before


def in_the_year(**filters):
    return Case.objects.filter(
        filed_at__gte=instants.start_of_day(dt.date(2025, 1, 1)),
        filed_at__lt=instants.start_of_day(dt.date(2026, 1, 1)),
        **filters,
    )


def test_every_part_stands(built):
    progress, _ = built
    assert [each.number for each in progress] == list(range(1, len(building.PARTS) + 1))
    assert DemoStep.objects.count() == len(building.PARTS)


def test_exactly_so_many_cases_are_filed_in_the_year_and_closed_in_it(built):
    year_end = instants.start_of_day(dt.date(2026, 1, 1))
    assert in_the_year().count() == SIZE.filed
    assert in_the_year(stage="closed", closed_at__lt=year_end).count() == SIZE.closed
    assert in_the_year(stage="void").count() == SIZE.voided
    assert in_the_year(stage="suspended").count() == SIZE.stay_suspended


def test_more_reports_were_refused_or_merged(built):
    reports = Report.objects.filter(received_at__lt=instants.start_of_day(dt.date(2026, 1, 1)))
    assert reports.count() == SIZE.reports
    assert reports.filter(source="hotline").count() == SIZE.hotline


def test_what_was_merged_left_its_report_with_the_target(built):
    merged = Case.objects.filter(stage="merged").select_related("merged_into")
    assert merged
    for case in merged:
        assert not case.reports.exists()
        assert case.merged_into.reports.count() >= 2
        taken = Step.objects.filter(case=case.merged_into, verb="take_merged").values_list("data", flat=True)
        assert case.number in [data["merged"] for data in taken]


def test_numbers_follow_the_order_of_reports(built):
    cases = Case.objects.filter(reported_at__year=2025).order_by("reported_at", "number")
    by_day = {}
    for case in cases:
        by_day.setdefault(instants.civil_day(case.reported_at), []).append(case.number)
    assert all(numbers == sorted(numbers) for numbers in by_day.values())


def test_steps_of_a_case_run_forward_in_time(built):
    last = {}
    for step in Step.objects.order_by("case_id", "seq"):
        assert step.at >= last.get(step.case_id, step.at)
        last[step.case_id] = step.at
    assert max(last.values()) <= NOW


def test_the_history_verifies(built):
    assert [fault for fault in history.verify() if fault.kind != "unsealed"] == []


def test_every_desk_has_work(built):
    waits = Counter(Case.objects.filter(ended_at=None).values_list("stage", flat=True))
    for stage in ("reported", "verifying", "accepted", "filed", "dispatched", "handling", "returning", "voiding"):
        assert waits[stage], stage
    for stage in ("suspended", "fed_back", "checking", "checked"):
        assert waits[stage], stage
    asks = set(Case.objects.values_list("asks_role", flat=True))
    assert {"handler", "dispatcher", "evaluator", "duty_chief"} <= asks


def test_all_three_lamps_shine(built):
    lamps = Counter(case.lamp(NOW) for case in Case.objects.filter(ended_at=None))
    assert all(lamps[colour] for colour in ("green", "yellow", "red"))


def test_the_shown_collector_and_handler_have_tasks(built):
    assert Case.objects.filter(waits_user=User.objects.get(username="caiji")).exists()
    assert Case.objects.filter(waits_department__code="JS", stage="handling").count() >= 3


def test_pictures_belong_to_their_case(built):
    assert Picture.objects.exists()
    files = StoredFile.objects.in_bulk(list(Picture.objects.values_list("file_id", flat=True)))
    for picture in Picture.objects.all():
        assert (files[picture.file_id].owner_kind, files[picture.file_id].owner_id) == ("case", picture.case_id)


def test_a_department_that_never_logs_in_is_entered_on_behalf(built):
    offline = Step.objects.filter(on_behalf_of__isnull=False)
    assert offline.exists()
    assert not offline.filter(evidence_note="").exists()


def test_building_again_changes_nothing(built):
    before = Case.objects.count()
    assert all(each.was_there for each in building.build(building.SCALES["small"]))
    assert Case.objects.count() == before


def test_a_part_that_was_killed_leaves_nothing_behind(built):
    _, task = built
    before = User.objects.count()

    def killed(build):
        create_user(by=SYSTEM, username="halb", name="半")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(building.run(task, [("killed", "中断", killed)]))
    assert User.objects.count() == before
    assert not DemoStep.objects.filter(name="killed").exists()


def test_the_same_seed_tells_the_same_year(built):
    _, task = built
    assert digest(year.tell(task.world, 2025, SIZE)) == digest(year.tell(task.world, 2025, SIZE))


def test_another_seed_tells_another_year(built):
    _, task = built
    assert digest(year.tell(task.world, 2025, SIZE, seed=1)) != digest(year.tell(task.world, 2025, SIZE))


def digest(courses) -> str:
    """Of everything but salts and what rests on them."""
    told = [
        (course.draft.at, course.draft.title, course.draft.text, step.verb, step.at, step.by.name, step.note)
        for course in courses
        for step in course.thread.steps
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def test_the_full_year_has_the_published_figures():
    size = year.FULL
    assert (size.filed, size.closed, size.hotline) == (5_828, 5_762, 1_373)
    jobs = year.jobs(Random(1), 2025, size)
    merged = [source for job in jobs for source in job.duplicates]
    assert Counter(job.fate for job in jobs) == {
        "filed": size.closed,
        "refused": size.refused,
        "voided": size.voided,
        "suspended": size.stay_suspended,
    }
    assert [job.source for job in jobs].count("hotline") + merged.count("hotline") == size.hotline
    assert 0.09 < (size.refused + size.merged) / size.filed < 0.11


def test_the_test_clock_is_the_products_only_clock(built):
    assert timezone.now() > NOW
    assert not Case.objects.filter(reported_at__gt=NOW).exists()


def test_every_hotline_report_has_its_order(built):
    reports = Report.objects.filter(source="hotline")
    assert reports.exists()
    assert not reports.filter(hotline_order=None).exists()


def test_nobody_takes_a_step_that_is_not_his(built, monkeypatch):
    _, task = built
    taken = Counter()
    told = Course.step

    def watched(course, verb, by, **given):
        if by.user_id and course.at <= course.until:
            actor = task.world.actor(task.world.user(by.user_id))
            standings = rights.standings(actor, STEPS[verb], course.thread.state)
            assert (by.role, by.on_behalf_of) in [(each.role, each.on_behalf_of) for each in standings], verb
            taken[verb] += 1
        told(course, verb, by, **given)

    monkeypatch.setattr(Course, "step", watched)
    year.tell(task.world, 2025, replace(SIZE, filed=400, hotline=90))
    living.tell(task.world, NOW)
    assert len(taken) > 30


def test_last_years_steps_are_nobodys_news(monkeypatch):
    told = []
    handlers.discover()  # what is imported now does not come in between
    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handler("test.notices", kinds={"test.happened"})(told.extend)
    handlers.handler("test.counts", kinds={"test.happened"})(lambda batch: None)
    events.append("test.happened", "case:1", {})
    building.leave_history_untold()
    moved = set(HandlerCursor.objects.values_list("name", flat=True))
    assert "test.notices" in moved and "test.counts" not in moved
