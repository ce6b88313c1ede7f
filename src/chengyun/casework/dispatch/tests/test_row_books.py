"""Decided disputes and control areas out as Excel and in again, and many of them at once."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.dispatch.models import ControlArea, DecidedDispute
from chengyun.casework.dispatch.services import add_control_area, decide
from chengyun.core import instants
from chengyun.core.instants import SHANGHAI
from chengyun.people.access import SYSTEM
from chengyun.people.roles import Role
from chengyun.people.tests.books import applied, at, exported, put, told, uploaded
from chengyun.people.tests.cast import appoint, department, person
from chengyun.regions.tests import land
from chengyun.taxonomy.cells import minor_label
from chengyun.taxonomy.models import CountyClass

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
SQUARE = "117.001000,37.001000;117.009000,37.001000;117.009000,37.009000"


@pytest.fixture(autouse=True)
def _noon() -> object:
    with instants.at(NOON):
        yield


@pytest.fixture
def chief(client):
    user = person("chief")
    appoint(user, department("centre", "centre", region_code="990101"), Role.DUTY_CHIEF)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.user = user
    return client


@pytest.fixture
def decision(lamps, lighting):
    CountyClass.objects.create(
        minor=lamps, code=lamps.code, name=lamps.name, kind=lamps.kind, major_code="01", major_name="公用设施"
    )
    return decide(lamps, "", lighting.pk, by=SYSTEM, reason="路灯所维护")


@pytest.fixture
def area(chief):
    return add_control_area(
        "夜市",
        approved_by_id=chief.user.pk,
        reason="活动",
        starts_at=NOON,
        ends_at=NOON + dt.timedelta(days=3),
    )


def test_both_come_back_as_they_went(chief, decision, area):
    for key in ("disputes", "controls"):
        page = uploaded(chief, key, exported(chief, key), whole="on")
        assert (page.context["found"].faults, told(page)) == ([], [])


def test_a_decision_of_the_file_takes_the_place_of_the_one_before(chief, decision, power):
    book = put(exported(chief, "disputes"), "争议裁定", 2, 负责部门="供电", 理由="供电公司所有")
    page = uploaded(chief, "disputes", book)
    assert told(page)[0][2] == [("负责部门", "D1", "D2"), ("理由", "路灯所维护", "供电公司所有")]
    applied(chief, "disputes", page)
    held = DecidedDispute.objects.on(instants.today()).get()
    assert (held.department, held.decided_by, held.pk != decision.pk) == (power, chief.user, True)


def test_a_class_by_its_code_alone_is_understood_and_an_unknown_one_is_told(chief, decision, lamps):
    book = put(exported(chief, "disputes"), "争议裁定", 2, 小类=lamps.code)
    assert told(uploaded(chief, "disputes", book)) == []
    page = uploaded(chief, "disputes", put(book, "争议裁定", 2, 小类="99999"))
    assert "没有小类“99999”" in page.context["found"].faults[0].message


def test_a_drawn_area_is_added_changed_and_ended_by_the_file(chief, area, decision, lamps):
    land.active_version()
    book = put(exported(chief, "controls"), "管控区域", 2, 结束="2026-11-30 18:00", 小类=minor_label(lamps))
    put(book, "管控区域", 0, 名称="庙会", 开始="2026-12-01 08:00", 结束="2026-12-02 18:00", 原因="批复", 图形=SQUARE)
    applied(chief, "controls", uploaded(chief, "controls", book))
    area.refresh_from_db()
    assert (area.ends_at, list(area.minors.all())) == (dt.datetime(2026, 11, 30, 18, tzinfo=SHANGHAI), [lamps])
    drawn = ControlArea.objects.get(name="庙会")
    assert (drawn.approved_by, drawn.shape is not None, drawn.weekdays) == (chief.user, True, "")
    book = exported(chief, "controls")
    assert told(uploaded(chief, "controls", book)) == []
    book["管控区域"].delete_rows(2)
    applied(chief, "controls", uploaded(chief, "controls", book, whole="on"))
    area.refresh_from_db()
    assert area.ends_at == NOON


def test_a_line_that_ends_before_it_begins_is_told_before_anything_is_written(chief, area):
    page = uploaded(chief, "controls", put(exported(chief, "controls"), "管控区域", 2, 结束="2026-11-01 08:00"))
    assert [(each.row, each.column) for each in page.context["found"].faults] == [(2, "结束")]


def test_many_areas_end_at_once_and_what_is_over_stays(chief, area):
    asked = {"ids": [area.pk], "field": "do-end"}
    shown = chief.post(at("many", "controls"), {**asked, "do": "preview"})
    assert [(each.before, each.after, each.differs) for each in shown.context["preview"].changes] == [
        ("", "现在结束管控", True)
    ]
    chief.post(at("many", "controls"), {**asked, "do": "apply", "seen": shown.context["preview"].seen})
    area.refresh_from_db()
    assert area.ends_at == NOON
    again = chief.post(at("many", "controls"), {**asked, "do": "preview"})
    assert again.context["preview"].differing == 0


def test_many_decisions_get_another_department(chief, decision, power):
    asked = {"ids": [decision.pk], "field": "department", "department": power.pk}
    shown = chief.post(at("many", "disputes"), {**asked, "do": "preview"})
    chief.post(at("many", "disputes"), {**asked, "do": "apply", "seen": shown.context["preview"].seen})
    assert DecidedDispute.objects.on(instants.today()).get().department == power
