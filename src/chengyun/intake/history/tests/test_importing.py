"""Small files of our own making: what comes in, what is refused, what a second run does."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from chengyun.casework.cases.models import Case, Notice, Report
from chengyun.casework.cases.services.steps import take_step
from chengyun.casework.clocks.models import Clock
from chengyun.core import handlers, history, instants
from chengyun.core.errors import UserError
from chengyun.core.tables.bad_rows import BadRowFile
from chengyun.core.tables.records import FileFault
from chengyun.intake.history.importing import HistoryImport
from chengyun.intake.history.profile import read_profile
from chengyun.intake.history.reading import open_rows
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department

PROFILE = """
[system]
name = "旧数字城管"
key = "old"
zone = "Asia/Shanghai"
[columns]
id = "编号"
opened_at = "上报时间"
due_at = "截止时间"
closed_at = "结案时间"
state = "状态"
department = "部门"
class = "类别"
title = "标题"
lon = "经度"
lat = "纬度"
closing_note = "结案意见"
[states]
"办理中" = "open"
"已结" = "closed"
"作废" = "void"
[place]
unknown = [[117.0, 37.0]]
[departments]
create = true
[sources]
default = "collector"
"""
HEADER = "编号,上报时间,截止时间,结案时间,状态,部门,类别,标题,经度,纬度,结案意见\n"
CLOSED = "A1,2024-03-01 09:00,2024-03-02 09:00,2024-03-03 10:30,已结,城管局,暴露垃圾,街口垃圾,117.1,37.3,已清理\n"
OPEN = "A2,2024-03-01 10:00,2024-03-05 10:00,,办理中,城管局,井盖缺失,井盖没了,117.0,37.0,\n"
UTC = dt.UTC


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "p.toml").write_text(PROFILE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def load(db, folder):
    def run(rows, profile=PROFILE):
        (folder / "p.toml").write_text(profile, encoding="utf-8")
        (folder / "old.csv").write_text(HEADER + rows, encoding="utf-8")
        with BadRowFile(folder / "old.csv") as faults:
            return HistoryImport(read_profile(folder / "p.toml"), faults).run(folder / "old.csv")

    return run


def refused(folder):
    return (folder / "old.csv.bad-rows.csv").read_text(encoding="utf-8-sig").splitlines()[1:]


def test_a_closed_case_keeps_its_original_times(load):
    assert load(CLOSED).created == 1
    case = Case.objects.get()
    assert case.stage == "closed"
    assert case.reported_at == dt.datetime(2024, 3, 1, 1, tzinfo=UTC)
    assert case.closed_at == dt.datetime(2024, 3, 3, 2, 30, tzinfo=UTC)
    assert Clock.objects.get(stage="handle").due_at == dt.datetime(2024, 3, 2, 1, tzinfo=UTC)
    assert case.handling_overdue
    assert case.main_department.name == "城管局"
    assert (case.class_name, case.minor_class) == ("暴露垃圾", None)
    assert case.number[6:12] == "240301"


def test_its_history_is_marked_imported_and_verifies(load):
    load(CLOSED)
    verbs = list(Case.objects.get().steps.order_by("seq").values_list("verb", "by_name", "data__imported__id"))
    assert verbs == [("report", "系统", None), ("import", "旧数字城管", "A1"), ("import_close", "旧数字城管", "A1")]
    assert [fault for fault in history.verify() if fault.is_grave] == []


def test_an_open_case_stands_before_its_department_with_the_original_deadline(load):
    load(OPEN)
    case = Case.objects.get()
    assert (case.stage, case.waits_department_id) == ("dispatched", case.main_department_id)
    assert case.due_at == dt.datetime(2024, 3, 5, 2, tzinfo=UTC)
    assert case.lon is None, "the default point is no place"


def test_nobody_is_told_of_deadlines_that_passed_long_ago(load):
    load(OPEN + CLOSED)
    call_command("worker", "--once")
    handlers.run_until_quiet()
    assert Notice.objects.count() == 0


def test_a_case_without_a_deadline_has_no_clock(load):
    load("A3,2024-03-01 09:00,,,办理中,城管局,暴露垃圾,,,,\n")
    case = Case.objects.get()
    assert case.due_at is None and case.queue_at is not None
    assert not Clock.objects.filter(stage="handle").exists()


def test_a_deadline_before_the_report_is_due_at_once_and_told_in_the_history(load):
    load("A4,2024-03-01 09:00,2024-02-01 09:00,2024-03-01 09:30,已结,城管局,暴露垃圾,,,,\n")
    case = Case.objects.get()
    assert Clock.objects.get(stage="handle").due_at == case.reported_at
    assert case.handling_overdue
    assert case.steps.get(verb="import").data["imported"]["due_at"] == "2024-02-01T01:00:00+00:00"


def test_a_second_run_changes_nothing(load):
    load(CLOSED + OPEN)
    again = load(CLOSED + OPEN)
    assert (again.created, again.known, again.closed) == (0, 2, 0)
    assert Report.objects.count() == 2


def test_a_later_dump_closes_what_was_open(load):
    load(OPEN)
    summary = load(OPEN.replace(",,办理中", ",2024-03-04 08:00,已结"))
    case = Case.objects.get()
    assert summary.closed == 1
    assert (case.stage, case.closed_at) == ("closed", dt.datetime(2024, 3, 4, tzinfo=UTC))
    assert not case.handling_overdue


def test_a_case_that_was_worked_on_here_is_not_overwritten(load):
    load(OPEN)
    case = Case.objects.get()
    take_step(case.pk, "receive", by=SYSTEM, version=case.version, evidence="phone", evidence_note="来电")
    summary = load(OPEN.replace(",,办理中", ",2024-03-04 08:00,已结"))
    case.refresh_from_db()
    assert (summary.closed, case.stage) == (0, "handling")


def test_the_next_step_goes_on_from_an_imported_case(load):
    load(OPEN)
    case = Case.objects.get()
    case = take_step(case.pk, "receive", by=SYSTEM, version=case.version, evidence="phone", evidence_note="来电")
    assert case.stage == "handling" and case.due_at == dt.datetime(2024, 3, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("B1,2024-13-01 09:00,,,办理中,城管局,垃圾,,,,\n", "2,上报时间,时间“2024-13-01 09:00”不能识别"),
        ("B2,2024-03-02 09:00,,2024-03-01 09:00,已结,城管局,垃圾,,,,\n", "2,结案时间,早于上报时间"),
        ("B3,2024-03-01 09:00,,,已结,城管局,垃圾,,,,\n", "2,结案时间,时间为空"),
        ("B4,2024-03-01 09:00,,,转办,城管局,垃圾,,,,\n", "2,状态,“转办”不在方案里，请补到 [states]"),
        ("B5,2999-03-01 09:00,,,办理中,城管局,垃圾,,,,\n", "2,上报时间,时间“2999-03-01 09:00”在将来"),
        ("B6,2024-03-01 09:00,,,办理中,,垃圾,,,,\n", "2,部门,内容为空"),
        ("B7,2024-03-01 09:00,,,办理中,城管局,垃圾,,x,37,\n", "2,经度,经纬度“x 37”不是数字"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_come_in(load, folder, row, told):
    summary = load(row + CLOSED)
    assert (summary.created, summary.bad) == (1, 1)
    assert refused(folder) == [told]


def test_an_unknown_department_is_refused_where_none_may_be_made(load, folder):
    summary = load(CLOSED, PROFILE.replace("create = true", "create = false"))
    assert (summary.created, summary.bad) == (0, 1)
    assert refused(folder) == ["2,部门,部门“城管局”不在部门登记中，请补到 [departments.map]"]
    assert not Department.objects.filter(name="城管局").exists()


def test_the_hour_that_a_zone_shows_twice_is_read_in_order(load):
    """2011-11-06 01:30 came twice in New York; a case closed at 01:10 was closed in the second such hour."""
    eastern = PROFILE.replace("Asia/Shanghai", "America/New_York")
    load("C1,2011-11-06 01:30,,2011-11-06 01:10,已结,城管局,垃圾,,,,\n", eastern)
    case = Case.objects.get()
    assert case.reported_at == dt.datetime(2011, 11, 6, 5, 30, tzinfo=UTC)
    assert case.closed_at == dt.datetime(2011, 11, 6, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('zone = "Asia/Shanghai"', 'zone = "Mars"', "system.zone"),
        ('"办理中" = "open"', '"办理中" = "opened"', "states.办理中"),
        ('id = "编号"', 'ident = "编号"', "columns.ident"),
        ("[sources]", "[source]", "source"),
        ('default = "collector"', 'default = "somebody"', "sources.default"),
        ("create = true", 'create = "yes"', "departments.create"),
        ("unknown = [[117.0, 37.0]]", "unknown = [117.0]", "place.unknown"),
        ("[system]", "[system", "TOML"),
    ],
)
def test_a_wrong_profile_is_refused_by_name(folder, was, becomes, told):
    (folder / "p.toml").write_text(PROFILE.replace(was, becomes), encoding="utf-8")
    (folder / "old.csv").write_text(HEADER + CLOSED, encoding="utf-8")
    with pytest.raises(CommandError, match=told):
        call_command("import_history", str(folder / "old.csv"), "--profile", str(folder / "p.toml"))


def test_a_missing_column_is_told_before_anything_is_stored(load, folder):
    (folder / "old.csv").write_text("编号,上报时间\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="没有这些列"):
        call_command("import_history", str(folder / "old.csv"), "--profile", str(folder / "p.toml"))


def test_the_run_is_recorded(load):
    with instants.at(dt.datetime(2026, 11, 20, tzinfo=UTC)):
        load(CLOSED)
    (row,) = history.records("history-import:old")
    assert row.data["created"] == 1


def test_what_a_file_says_twice_is_one_case_and_the_later_line_closes_it(load):
    closed = OPEN.replace(",,办理中", ",2024-03-04 10:00,已结")
    summary = load(OPEN + closed + closed)
    assert (summary.created, summary.closed, summary.known) == (1, 1, 1)
    assert Case.objects.get().stage == "closed"


def test_where_the_first_line_is_refused_the_second_of_the_same_case_still_comes_in(load, folder):
    without = PROFILE.replace("create = true", "create = false")
    Department.objects.create(code="cg", name="城管局", short_name="城管局", kind="department")
    summary = load(CLOSED.replace("城管局", "某局") + CLOSED, without)
    assert (summary.created, summary.bad) == (1, 1)


def test_ids_that_differ_only_far_behind_are_not_made_one(load, folder):
    long = "A" * 60
    assert load(CLOSED.replace("A1", long + "1") + CLOSED.replace("A1", long + "2")).bad == 2
    assert "编号超过 60 字" in refused(folder)[0]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('key = "old"', 'key = "旧系统"'),
        ('key = "old"', 'key = "a:b"'),
        ("[sources]", '[regions.map]\n"东区" = "99"\n[sources]'),
    ],
)
def test_a_profile_with_a_key_or_a_division_that_cannot_be_is_refused(folder, written, instead):
    (folder / "p.toml").write_text(PROFILE.replace(written, instead), encoding="utf-8")
    with pytest.raises(UserError, match=r"system\.key|regions\.map"):
        read_profile(folder / "p.toml")


@pytest.mark.parametrize("name", ["*.parquet", "a[1].parquet", "none.parquet"])
def test_a_parquet_is_one_file_of_that_name_and_no_pattern(folder, name):
    if name != "none.parquet":
        (folder / name).write_bytes(b"PAR1")
    with pytest.raises(FileFault, match="不能读取"), open_rows(folder / name):
        pass


def test_a_parquet_with_damaged_pages_is_refused(db, folder):
    duckdb = pytest.importorskip("duckdb")
    path = folder / "old.parquet"
    duckdb.sql("SELECT i::VARCHAR AS a, repeat(i::VARCHAR, 20) AS b FROM range(100000) t(i)").write_parquet(str(path))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = b"\xff" * 4000
    path.write_bytes(content)
    with pytest.raises(FileFault, match="不能读取"), open_rows(path):
        pass


def test_where_a_parquet_breaks_off_while_it_is_read_the_row_is_told(db, folder, monkeypatch):
    duckdb = pytest.importorskip("duckdb")

    class Found:
        description = (("a",),)
        batches = iter([[("1",), ("2",)]])

        def execute(self, *asked):
            return self

        def fetchmany(self, size):
            if (batch := next(self.batches, None)) is None:
                raise duckdb.IOException("cut")
            return batch

    (folder / "old.parquet").write_bytes(b"PAR1")
    monkeypatch.setattr(duckdb, "connect", Found)
    with open_rows(folder / "old.parquet") as rows:
        assert [(number, bool(fault)) for number, _cells, fault in rows.records] == [(1, False), (2, False), (3, True)]
