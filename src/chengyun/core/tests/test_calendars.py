import datetime as dt
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from chengyun.core import calendar_versions, calendars
from chengyun.core.calendar_models import WorkCalendar
from chengyun.core.calendars import calendars as replay_calendars
from chengyun.core.calendars import change_days, change_hours, forget, import_year, prepare, working_calendar
from chengyun.core.errors import NotFound, UserError
from chengyun.core.models import Event
from chengyun.core.tests.test_calendar_files import as_json, invented_notice, with_rows
from chengyun.core.worktime import Day, Period, Unit, due, statutory_calendar
from chengyun.core.worktime.statutory import SHIPPED_YEARS

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Clerk:
    user_id: int | None = 7
    name: str = "系统管理员"


CLERK = Clerk()
START = dt.datetime(2026, 12, 31, 8, tzinfo=dt.UTC)
SUMMER = (
    Period(dt.time(8), dt.time(12)),
    Period(dt.time(14), dt.time(18), first=(10, 1), last=(5, 31)),
    Period(dt.time(14, 30), dt.time(18, 30), first=(6, 1), last=(9, 30)),
)


@pytest.fixture(autouse=True)
def fresh_cache():
    forget()
    yield
    forget()


def changes():
    return list(Event.objects.filter(kind="calendar.changed").values_list("subject", "data"))


def test_an_installation_that_imported_nothing_has_the_shipped_calendar():
    assert working_calendar() == statutory_calendar()


def test_preparing_writes_the_shipped_calendar_down():
    prepare(CLERK)
    stored, shipped = working_calendar(1), statutory_calendar()
    assert (stored.days, stored.periods, stored.published_years) == (
        shipped.days,
        shipped.periods,
        shipped.published_years,
    )


def test_preparing_twice_changes_nothing():
    prepare(CLERK)
    assert prepare(CLERK) is None
    assert WorkCalendar.objects.count() == 1


def test_a_release_that_ships_another_year_adds_it(monkeypatch):
    with monkeypatch.context() as older:
        for module in (calendars, calendar_versions):
            older.setattr(module, "SHIPPED_YEARS", SHIPPED_YEARS - {2026})
        prepare(CLERK)
        assert working_calendar().is_provisional(2026)
    assert prepare(CLERK).version == 2
    assert working_calendar().is_working(dt.date(2026, 2, 14))


def test_importing_a_year_makes_a_version_that_settles_it():
    assert due(working_calendar(), START, 4, Unit.WORKING_HOUR).provisional
    row = import_year(as_json(invented_notice()), CLERK)
    assert (row.version, row.name, row.created_by_name) == (1, "2027 年节假日安排", "系统管理员")
    assert not due(working_calendar(), START, 4, Unit.WORKING_HOUR).provisional


def test_importing_the_same_again_changes_nothing():
    import_year(as_json(invented_notice()), CLERK)
    assert import_year(as_json(invented_notice()), CLERK) is None
    assert WorkCalendar.objects.count() == 1


def test_importing_announces_the_change():
    import_year(as_json(invented_notice()), CLERK)
    assert changes() == [("calendar:1", {"version": 1, "region_code": "", "years": [2027]})]


def test_a_bad_file_changes_nothing():
    with pytest.raises(UserError):
        import_year(with_rows(("2027-02-30", "春节", True)), CLERK)
    assert (WorkCalendar.objects.count(), changes()) == (0, [])


def test_an_old_version_stays_as_it_was():
    import_year(as_json(invented_notice()), CLERK)
    before = working_calendar(1)
    corrected = invented_notice()
    corrected["days"] = [day for day in corrected["days"] if day["date"] != "2027-09-26"]
    import_year(as_json(corrected), CLERK)
    assert working_calendar(1) == before
    assert working_calendar(1).is_working(dt.date(2027, 9, 26))
    assert not working_calendar().is_working(dt.date(2027, 9, 26))


def test_every_published_day_of_a_stored_version_is_the_shipped_one():
    import_year(as_json(invented_notice()), CLERK)
    stored, shipped = working_calendar(), statutory_calendar()
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=n) for n in range(7 * 365)]
    assert [day for day in days if stored.is_working(day) != shipped.is_working(day)] == []


def test_the_county_may_work_a_single_day():
    change_days([Day(dt.date(2026, 11, 28), True, "创城集中行动")], CLERK, name="创城集中行动")
    assert working_calendar().is_working(dt.date(2026, 11, 28))
    assert working_calendar().name_of(dt.date(2026, 11, 28)) == "创城集中行动"


def test_other_hours_make_another_deadline():
    change_hours(SUMMER, CLERK, name="夏季作息")
    start = dt.datetime(2026, 7, 1, 3, tzinfo=dt.UTC)  # 11:00
    assert due(working_calendar(), start, 2, Unit.WORKING_HOUR).at == dt.datetime(2026, 7, 1, 7, 30, tzinfo=dt.UTC)


def test_a_subtree_may_have_its_own_hours():
    change_hours(SUMMER, CLERK, name="夏季作息", region_code="990001")
    assert working_calendar(region_code="990001002").periods == SUMMER
    assert working_calendar(region_code="990002").periods == statutory_calendar().periods


def test_a_notice_reaches_a_subtree_that_has_its_own_hours():
    change_hours(SUMMER, CLERK, name="夏季作息", region_code="990001")
    import_year(as_json(invented_notice()), CLERK)
    own = working_calendar(region_code="990001")
    assert (own.periods, own.is_provisional(2027)) == (SUMMER, False)


def test_overlapping_hours_are_refused():
    with pytest.raises(UserError, match="工作时段"):
        change_hours((Period(dt.time(8), dt.time(12)), Period(dt.time(11), dt.time(18))), CLERK, name="错")


def test_an_unknown_day_rule_is_refused():
    with pytest.raises(UserError, match="nth_day"):
        change_hours(SUMMER, CLERK, name="错", day_rule="half")


def test_an_unknown_version_is_not_found():
    with pytest.raises(NotFound, match="没有第 99 版工作日历"):
        working_calendar(99)


def test_replaying_gets_every_version_it_names():
    import_year(as_json(invented_notice()), CLERK)
    assert {version: c.version for version, c in replay_calendars([0, 1]).items()} == {0: 0, 1: 1}


def test_asking_again_costs_no_statement(django_assert_num_queries):
    working_calendar()
    with django_assert_num_queries(0):
        working_calendar()


@pytest.mark.django_db(transaction=True)
def test_a_committed_version_is_seen_at_once():
    assert working_calendar().version == 0
    import_year(as_json(invented_notice()), CLERK)
    assert working_calendar().version == 1
    assert working_calendar() is working_calendar()


def test_the_command_imports_and_shows_a_year(tmp_path, capsys):
    file = tmp_path / "2027.json"
    file.write_bytes(as_json(invented_notice()))
    call_command("calendar", "import", str(file))
    call_command("calendar", "show", "2027")
    shown = capsys.readouterr().out
    assert "已导入2027 年节假日安排，工作日历为第 1 版。" in shown
    assert "2027-09-26 周日 上班 国庆节" in shown


def test_the_command_says_when_nothing_is_new(tmp_path, capsys):
    file = tmp_path / "2027.json"
    file.write_bytes(as_json(invented_notice()))
    call_command("calendar", "import", str(file))
    call_command("calendar", "import", str(file))
    assert "没有改动" in capsys.readouterr().out


def test_the_command_says_that_a_year_is_provisional(capsys):
    call_command("calendar", "show", "2028")
    assert "2028 年的安排尚未导入" in capsys.readouterr().out


def test_the_command_lists_all_faults(tmp_path):
    file = tmp_path / "bad.json"
    file.write_bytes(with_rows(("2027-02-30", "春节", True), ("2027-02-31", "春节", True)))
    with pytest.raises(CommandError, match=r"第 32 行[\s\S]*第 33 行"):
        call_command("calendar", "import", str(file))


def test_the_command_tells_how_to_insist(tmp_path):
    file = tmp_path / "short.json"
    file.write_bytes(as_json(invented_notice(days=invented_notice()["days"][:3])))
    with pytest.raises(CommandError, match="--force"):
        call_command("calendar", "import", str(file))
    call_command("calendar", "import", str(file), "--force")
    assert WorkCalendar.objects.count() == 1


def test_the_command_writes_a_template(tmp_path):
    call_command("calendar", "template", "2027", str(tmp_path / "2027.xlsx"))
    assert (tmp_path / "2027.xlsx").read_bytes().startswith(b"PK")


def test_the_command_refuses_an_absurd_year():
    with pytest.raises(CommandError, match="年份"):
        call_command("calendar", "show", "1")
