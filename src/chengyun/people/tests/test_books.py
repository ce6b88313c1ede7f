"""The Excel round trip, told on the organisation, the roster and the calendar."""

import datetime as dt

import openpyxl
import pytest

from chengyun.core import calendars, instants
from chengyun.core.models import Record
from chengyun.people.access import SYSTEM
from chengyun.people.models import Appointment, Department, DutyShift, Post, RegisterUpload, User
from chengyun.people.registers import workbook
from chengyun.people.registers.book import Terms, compare
from chengyun.people.registers.declaration import register_named
from chengyun.people.registers.uploads import forget_unapplied
from chengyun.people.roles import Role
from chengyun.people.services.departments import change_department
from chengyun.people.services.roster import plan_shift
from chengyun.people.tests.books import applied, at, exported, put, row_of, told, uploaded
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = person("admin")
    appoint(user, department("centre", "centre", region_code="990101"), Role.SYSTEM_ADMIN)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- out and in again -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["departments", "shifts", "calendar"])
def test_out_and_in_again_there_are_no_differences(admin, key):
    department("cg", kind="company", phone="0531-1", sort_order=7)
    page = uploaded(admin, key, exported(admin, key))
    assert page.context["found"].faults == []
    assert told(page) == []
    assert "没有可写入的" in page.content.decode()


def test_the_template_tells_its_rules_and_offers_choices(admin):
    book = exported(admin, "departments")
    rules = [[cell.value for cell in row] for row in book["填写说明"].iter_rows()]
    assert ["部门", "部门代码", "必填", "字母、数字、横线和下划线"] in rules
    lists = [rule for rule in book["部门"].data_validations.dataValidation if rule.type == "list"]
    assert any("乡镇街道" in rule.formula1 for rule in lists)


def test_words_that_look_like_a_formula_stay_words(admin):
    department("f")
    Department.objects.filter(code="f").update(name="=1+1")
    book = exported(admin, "departments")
    cell = book["部门"].cell(row_of(book, "部门", "f"), 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# --- differences, then all of it --------------------------------------------------------------------------------------


def test_a_changed_and_a_new_row_are_shown_and_then_written(admin):
    department("cg")
    book = exported(admin, "departments")
    put(book, "部门", row_of(book, "部门", "cg"), 部门名称="综合执法局")
    put(book, "部门", 0, 部门代码="new", 部门名称="新局", 类型="专业部门")
    page = uploaded(admin, "departments", book)
    assert ("changed", "cg · 综合执法局", [("部门名称", "cg", "综合执法局")]) in told(page)
    assert [each.label for each in page.context["found"].added] == ["new · 新局"]
    assert Department.objects.get(code="cg").name == "cg"
    assert "已导入" in applied(admin, "departments", page).content.decode()
    assert Department.objects.get(code="cg").name == "综合执法局"
    assert Department.objects.get(code="new").short_name == "新局"
    assert Record.objects.filter(verb="register.imported").count() == 1


def test_the_same_file_again_has_no_differences(admin):
    department("cg")
    book = exported(admin, "departments")
    put(book, "部门", row_of(book, "部门", "cg"), 部门名称="综合执法局")
    applied(admin, "departments", uploaded(admin, "departments", book))
    assert told(uploaded(admin, "departments", book)) == []


def test_a_register_that_changed_meanwhile_is_shown_anew(admin):
    bureau = department("cg")
    book = exported(admin, "departments")
    put(book, "部门", row_of(book, "部门", "cg"), 部门名称="综合执法局")
    page = uploaded(admin, "departments", book)
    change_department(bureau, by=SYSTEM, phone="0531-9")
    answer = applied(admin, "departments", page)
    assert (answer.status_code, "有了变化" in answer.content.decode()) == (409, True)
    assert Department.objects.get(code="cg").name == "cg"
    assert applied(admin, "departments", answer).status_code == 200
    assert Department.objects.get(code="cg").name == "综合执法局"


def test_a_file_is_applied_once_and_then_forgotten(admin):
    department("cg")
    book = exported(admin, "departments")
    put(book, "部门", row_of(book, "部门", "cg"), 电话="0531-2")
    page = uploaded(admin, "departments", book)
    applied(admin, "departments", page)
    kept = RegisterUpload.objects.get()
    assert (bytes(kept.content), kept.outcome["changed"]) == (b"", 1)
    assert applied(admin, "departments", page).status_code == 409


def test_a_new_person_is_told_the_password_once(admin):
    book = put(exported(admin, "users"), "人员", 0, 登录名="wang", 姓名="王派遣")
    answer = applied(admin, "users", uploaded(admin, "users", book))
    ((username, _name, password),) = answer.context["lines"]
    assert User.objects.get(username=username).check_password(password)
    assert "no-store" in answer["Cache-Control"]


def test_an_appointment_ends_by_its_last_day(admin):
    wang = person("wang")
    held = appoint(wang, Department.objects.get(code="centre"), Role.DISPATCHER)
    book, last = exported(admin, "users"), (instants.today() + dt.timedelta(days=9)).isoformat()
    put(book, "任职", row_of(book, "任职", "wang"), 截止日期=last)
    page = uploaded(admin, "users", book)
    assert [each[2] for each in told(page)] == [[("截止日期", "", last)]]
    applied(admin, "users", page)
    assert Appointment.objects.get(pk=held.pk).valid_to.isoformat() == last


# --- faults -----------------------------------------------------------------------------------------------------------


def test_faults_are_told_by_sheet_row_and_column_and_stop_all(admin):
    book = put(exported(admin, "departments"), "部门", 0, 部门代码="x", 部门名称="某局", 类型="不知道")
    put(book, "部门", 0, 部门代码="y", 部门名称="好局", 类型="企业")
    page = uploaded(admin, "departments", book)
    (fault,) = page.context["found"].faults
    assert (fault.sheet, fault.row, fault.column) == ("部门", 3, "类型")
    assert "没有“不知道”，请填：" in page.content.decode()
    answer = admin.post(at("apply", "departments", page.context["upload"].pk), {"seen": page.context["found"].seen})
    assert answer.status_code == 422
    assert not Department.objects.filter(code="y").exists()


def test_an_unknown_column_is_not_lost_silently(admin):
    book = exported(admin, "departments")
    book["部门"].cell(1, 12, "邮箱")
    (fault,) = uploaded(admin, "departments", book).context["found"].faults
    assert (fault.column, "没有这样的列" in fault.message) == ("邮箱", True)


@pytest.mark.parametrize("content", [b"x", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused(admin, content):
    answer = uploaded(admin, "departments", content)
    assert "不是有效的 Excel 工作簿" in answer.content.decode()
    assert not RegisterUpload.objects.exists()


def test_another_workbook_is_refused(admin):
    (fault,) = uploaded(admin, "departments", openpyxl.Workbook()).context["found"].faults
    assert "文件里没有工作表" in fault.message


def test_somebody_elses_upload_is_not_there(admin, client):
    page = uploaded(admin, "departments", exported(admin, "departments"))
    other = person("other")
    appoint(other, Department.objects.get(code="centre"), Role.SYSTEM_ADMIN)
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(at("upload", "departments", page.context["upload"].pk)).status_code == 404


def test_what_nobody_applied_goes_after_a_day(admin):
    uploaded(admin, "departments", exported(admin, "departments"))
    forget_unapplied()
    assert RegisterUpload.objects.count() == 1
    with instants.at(instants.now() + dt.timedelta(days=2)):
        forget_unapplied()
    assert RegisterUpload.objects.count() == 0


# --- the roster -------------------------------------------------------------------------------------------------------


@pytest.fixture
def turn(admin):
    user = User.objects.get(username="admin")
    post = Post.objects.get()
    return plan_shift(by=SYSTEM, day=instants.today() + dt.timedelta(days=3), name="night", user=user, post=post)


def test_a_roster_comes_back_as_it_went(admin, turn):
    assert told(uploaded(admin, "shifts", exported(admin, "shifts"), whole="on")) == []


def test_a_changed_turn_is_planned_anew_and_the_old_one_stays_struck_out(admin, turn):
    book = exported(admin, "shifts")
    put(book, "值班表", 2, 电话="0531-8")
    page = uploaded(admin, "shifts", book)
    assert [each[2] for each in told(page)] == [[("电话", "", "0531-8")]]
    applied(admin, "shifts", page)
    phones = DutyShift.objects.order_by("id").values_list("phone", "is_cancelled")
    assert list(phones) == [("", True), ("0531-8", False)]


def test_a_turn_that_the_whole_list_lacks_is_cancelled(admin, turn):
    book = exported(admin, "shifts")
    book["值班表"].delete_rows(2)
    assert told(uploaded(admin, "shifts", book)) == []
    page = uploaded(admin, "shifts", book, whole="on")
    assert [each.kind for each in page.context["found"].rows] == ["retired"]
    applied(admin, "shifts", page)
    assert DutyShift.objects.get().is_cancelled


# --- the calendar -----------------------------------------------------------------------------------------------------


@pytest.fixture
def year():
    """Whose holidays have been announced, and not the last of them."""
    with instants.at(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        yield


@pytest.mark.usefixtures("year")
def test_a_day_and_the_hours_change_in_one_file(admin):
    book = exported(admin, "calendar")
    put(book, "工作时段", 2, 上班="08:30")
    first = book["节假日"].cell(2, 1).value
    put(book, "节假日", 2, 名称="元旦假期")
    page = uploaded(admin, "calendar", book)
    assert {(kind, label.split(" · ")[0]) for kind, label, _fields in told(page)} >= {("changed", first)}
    applied(admin, "calendar", page)
    calendar = calendars.working_calendar()
    assert calendar.name_of(dt.date.fromisoformat(first)) == "元旦假期"
    assert min(period.begins for period in calendar.periods) == dt.time(8, 30)


def test_hours_with_a_hole_are_refused(admin):
    book = put(exported(admin, "calendar"), "工作时段", 2, 从="05-01")
    book["工作时段"].delete_rows(3)
    faults = [fault.message for fault in uploaded(admin, "calendar", book).context["found"].faults]
    assert "工作时段须每天至少一段" in faults[0]


def test_a_day_of_the_past_is_refused(admin):
    book = put(exported(admin, "calendar"), "节假日", 0, 日期="2020-01-01", 名称="元旦", 是否放假="是")
    faults = [fault.message for fault in uploaded(admin, "calendar", book).context["found"].faults]
    assert "只能改今年和以后的安排" in faults[0]


def test_a_book_reads_what_it_writes():
    book, terms = register_named("departments").book, Terms(instants.today())
    department("cg")
    standing = book.standing(terms)
    reading = book.read(workbook.written(book, standing), terms)
    assert not compare(book, standing, reading, terms)
