"""What a reporter said can be erased; the history of the case still verifies."""

import dataclasses

import pytest

from chengyun.casework import submit
from chengyun.casework.cases import search
from chengyun.casework.cases.models import Report, Supplement
from chengyun.casework.cases.personal import erase_report
from chengyun.casework.cases.services.submit import SubmittedReport
from chengyun.core import history, instants
from chengyun.people.access import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)

COMPLAINT = SubmittedReport(
    source="hotline",
    source_id="GD-2026-0001",
    received_at=instants.now(),
    title="楼下烧烤摊",
    words="我住三单元，楼下烧烤摊每晚冒烟",
    reporter_name="王某",
    reporter_phone="13800000000",
)


@pytest.fixture
def report():
    found = submit(COMPLAINT).report
    submit(dataclasses.replace(COMPLAINT, words="我住三单元，烧烤摊又来了"))
    history.seal()
    return found


def grave():
    return [str(fault) for fault in history.verify() if fault.is_grave]


def test_what_was_said_verifies(report):
    assert history.verify() == []


def test_a_changed_telephone_number_is_named(report):
    Report.objects.update(reporter_phone="13900000000")

    [fault] = grave()
    assert "reporter_phone" in fault


def test_changed_words_of_a_supplement_are_named(report):
    Supplement.objects.update(words="什么也没有")

    [fault] = grave()
    assert "words" in fault


def test_erased_words_are_gone_everywhere_and_history_verifies(report):
    erase_report(report, by=SYSTEM, reason="本人申请删除")
    history.seal()

    report.refresh_from_db()
    case = report.case
    case.refresh_from_db()
    left = [report.words, report.reporter_name, report.reporter_phone, report.salt, case.description]
    assert left == [""] * 5
    assert case.title == "（内容已清除）"
    assert Supplement.objects.get().words == ""
    assert case.pk not in search.search_ids("烧烤")
    assert history.verify() == []


def test_the_same_message_sent_again_after_erasure_brings_nothing_back(report):
    erase_report(report, by=SYSTEM, reason="本人申请删除")

    assert submit(COMPLAINT).outcome == "known"
    assert not Report.objects.filter(words__contains="烧烤").exists()
