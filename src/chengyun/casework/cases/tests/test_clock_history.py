"""Clocks follow from the written history alone, also after a calendar was published."""

import datetime as dt
import json

import pytest

from chengyun.casework import take_step
from chengyun.casework.cases.models import Step
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.clocks.replay import differences, replay
from chengyun.casework.clocks.store import clocks_of
from chengyun.core import calendars, instants
from chengyun.people.access import SYSTEM

LAST_DAY = dt.datetime(2026, 12, 31, 7, tzinfo=dt.UTC)  # 15:00, three working hours before a year without a notice
# An invented notice: people work on the first Sunday of the year.
NOTICE = json.dumps({"year": 2027, "days": [{"date": "2027-01-03", "name": "元旦", "isOffDay": False}]}).encode()


@pytest.fixture(autouse=True)
def fresh_cache():
    calendars.forget()
    yield
    calendars.forget()


def history(case):
    steps = Step.objects.filter(case=case).order_by("seq").values_list("clock_effects", flat=True)
    return [effect for effects in steps for effect in effects]


def replayed(case):
    effects = history(case)
    known = calendars.calendars({effect["calendar_version"] for effect in effects})
    assert differences(effects, known) == []
    return replay(effects, known)


def test_the_main_path_replays(county):
    case = county.walk(county.report(), to="close")
    assert replayed(case) == clocks_of(case.pk)


def test_returns_extensions_and_suspensions_replay(county):
    case = county.walk(county.report(), to="dispatch")
    with instants.at(MONDAY + dt.timedelta(hours=2)):
        case = county.step(case, "apply_return", "handler", reason="不属于本部门")
        case = county.step(case, "grant_return", "dispatcher")
    with instants.at(MONDAY + dt.timedelta(hours=3)):
        case = county.step(case, "dispatch", "dispatcher", department=county.housing)
        case = county.step(case, "receive", "handler")
        case = county.step(case, "apply_extension", "handler", reason="需要调车")
        case = county.step(case, "endorse", "handler2")
        case = county.step(case, "grant_extension", "dispatcher")
        until = MONDAY + dt.timedelta(days=30)
        case = county.step(case, "apply_suspension", "handler", reason="冬季不宜施工", until=until)
        case = county.step(case, "endorse", "handler2")
        case = county.step(case, "grant_suspension", "dispatcher")
    with instants.at(MONDAY + dt.timedelta(days=20)):
        case = county.step(case, "resume", "dispatcher")
    assert replayed(case) == clocks_of(case.pk)


def test_a_published_year_settles_a_provisional_deadline_and_the_history_says_so(county):
    with instants.at(LAST_DAY):
        case = county.walk(county.report(received_at=LAST_DAY), to="dispatch")
        assert case.is_provisional
        provisional = case.due_at
        calendars.import_year(NOTICE, SYSTEM, force=True)
        take_step(case.pk, "recalculate", by=SYSTEM, version=case.version)
    case.refresh_from_db()
    assert case.due_at < provisional
    assert not case.is_provisional
    assert {effect["effect"] for effect in history(case)} >= {"start", "recalculate"}
    assert replayed(case) == clocks_of(case.pk)
