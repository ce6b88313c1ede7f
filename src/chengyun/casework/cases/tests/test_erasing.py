"""The page that erases personal words: who may, what it shows, what is left."""

import pytest
from django.urls import reverse

from chengyun.casework.cases.models import Report
from chengyun.core import history
from chengyun.core.models import Record
from chengyun.people.roles import Role
from chengyun.people.tests.cast import appoint, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def guard(client, county):
    user = person("guard")
    appoint(user, county.centre, Role.SECURITY_ADMIN)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def page(county):
    return f"{reverse('cases:erasing')}?number={county.report().number}"


def form(**fields: object) -> dict[str, object]:
    report = Report.objects.get()
    return {"keys": [f"report:{report.source}/{report.source_id}"], "reason": "本人申请", **fields}


def test_the_page_shows_what_there_is_but_not_what_it_says(guard, page):
    said = guard.get(page).content.decode()
    assert "报告（含补充）" in said
    assert "张三" not in said and "凤凰街" not in said


def test_erased_words_are_gone_and_history_still_verifies(guard, page):
    assert guard.post(page, form()).status_code == 302
    report = Report.objects.get()
    assert (report.words, report.reporter_phone, report.salt) == ("", "", "")
    assert Record.objects.get(verb="personal.erased").data["reason"] == "本人申请"
    assert [fault for fault in history.verify() if fault.is_grave] == []
    assert "已清除" in guard.get(page).content.decode()


@pytest.mark.parametrize("fields", [{"reason": " "}, {"keys": []}, {"keys": ["report:desk/nothing"]}])
def test_without_a_reason_or_a_choice_nothing_goes(guard, page, fields):
    assert guard.post(page, form(**fields)).status_code == 200
    assert Report.objects.get().words


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))
def test_nobody_else_opens_it(client, county, page, role):
    user = person("x")
    appoint(user, county.centre, role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page).status_code == 403
