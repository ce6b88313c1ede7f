"""Two people at the same case at the same moment, in real threads; how it goes over HTTP is in tests/e2e."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from chengyun.casework import submit, take_step
from chengyun.casework.cases.models import Case, Report, Step
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.core import history
from chengyun.core.errors import Conflict, UserError
from chengyun.core.instants import now
from chengyun.demo import small
from chengyun.people.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT_ONCE = 6


@pytest.fixture
def county():
    return small.build()


def report(county, source_id="1") -> SubmittedReport:
    lon, lat = county.point
    return SubmittedReport(
        "hotline", source_id, now(), title="路灯不亮", words="迎宾路路灯不亮", lon=lon, lat=lat, address="迎宾路1号"
    )


def together(work: Callable[[int], Any], count: int = AT_ONCE) -> list[Any]:
    """What each of so many threads, begun at the same moment, returned or raised."""
    start, outcomes = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        start.wait()
        try:
            outcomes[number] = work(number)
        except UserError as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_many_who_take_the_same_step_one_wins(county):
    case = submit(report(county), by=county.actor(Role.RECEIVER)).case
    minor = county.classes[0].minor_id
    receiver = county.actor(Role.RECEIVER)
    outcomes = together(lambda _: take_step(case.pk, "accept", by=receiver, version=case.version, minor_class=minor))
    assert sum(isinstance(outcome, Case) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == AT_ONCE - 1
    assert Step.objects.filter(case=case, verb="accept").count() == 1


def test_accepting_and_refusing_at_once_leaves_one_of_them(county):
    case = submit(report(county), by=county.actor(Role.RECEIVER)).case
    receiver, minor = county.actor(Role.RECEIVER), county.classes[0].minor_id

    def choose(number: int) -> Case:
        if number % 2:
            return take_step(case.pk, "refuse", by=receiver, version=case.version, reason="重复")
        return take_step(case.pk, "accept", by=receiver, version=case.version, minor_class=minor)

    outcomes = together(choose)
    assert sum(isinstance(outcome, Case) for outcome in outcomes) == 1
    assert list(Step.objects.filter(case=case).order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_the_same_report_arriving_many_times_at_once_is_one_report(county):
    receiver = county.actor(Role.RECEIVER)
    outcomes = together(lambda _: submit(report(county), by=receiver).outcome)
    assert sorted(outcomes) == ["created"] + ["known"] * (AT_ONCE - 1)
    assert Report.objects.count() == Case.objects.count() == 1


def test_reports_arriving_at_once_get_numbers_without_gap(county):
    receiver = county.actor(Role.RECEIVER)
    together(lambda number: submit(report(county, str(number)), by=receiver))
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert [int(number) - int(numbers[0]) for number in numbers] == list(range(AT_ONCE))


def test_history_is_whole_after_many_at_once(county):
    receiver = county.actor(Role.RECEIVER)
    together(lambda number: submit(report(county, str(number)), by=receiver))
    assert [str(fault) for fault in history.verify() if fault.is_grave] == []
