"""The kit of the back office, told on departments and posts."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.core import instants
from chengyun.core.declarations import collect
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department, User
from chengyun.people.registers import bulk
from chengyun.people.registers.declaration import Register, register_named
from chengyun.people.registers.uses import uses_of
from chengyun.people.roles import Role
from chengyun.people.services.departments import change_department
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db
REGISTERS = [each.key for each in collect(Register)]


@pytest.fixture
def log_in(client):
    def somebody(role: Role):
        user = person(f"某{role.label}")
        centre = Department.objects.filter(code="centre").first()
        appoint(user, centre or department("centre", "centre", region_code="990101"), role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return somebody


def at(name: str, key: str, *args: object) -> str:
    return reverse(f"registers:{name}", args=[key, *args])


def said(response) -> str:
    return response.content.decode()


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", REGISTERS)
@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_of_roles_holds_for_every_register(log_in, key, role):
    register, browser = register_named(key), log_in(role)
    reads = role in register.readers | register.changers
    changes = role in register.changers
    assert browser.get(at("list", key)).status_code == (200 if reads else 403)
    if register.book:
        assert browser.get(at("export", key)).status_code == (200 if reads else 403)
        assert browser.get(at("new_upload", key)).status_code == (200 if changes else 403)
    if register.create:
        assert browser.get(at("new", key)).status_code == (200 if changes else 403)
    if register.bulk_fields and not changes:
        assert browser.get(at("many", key), {"ids": "1"}).status_code == 403
    bar = said(browser.get(reverse("registers:index"))).split("<main")[1]
    assert (f'href="{register.url}"' in bar) is reads


def test_every_register_names_whom_to_ask(log_in):
    assert "这项工作由系统管理员" in said(log_in(Role.COLLECTOR).get(at("list", "departments")))


# --- lists ------------------------------------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [line.cells[1] for line in response.context["list"].lines]


@pytest.fixture
def many(db):
    Department.objects.bulk_create(
        Department(code=f"d{number:03}", name="某局", short_name="某局", kind="department", sort_order=number // 3)
        for number in range(120)
    )


def test_pages_go_on_and_back_by_key(log_in, many):
    browser, url = log_in(Role.SYSTEM_ADMIN), at("list", "departments") + "?q=某局"
    first = browser.get(url)
    assert (names(first)[0], names(first)[-1]) == ("d000", "d049")
    second = browser.get(at("list", "departments") + first.context["list"].older_url)
    assert (names(second)[0], names(second)[-1]) == ("d050", "d099")
    third = browser.get(at("list", "departments") + second.context["list"].older_url)
    assert (names(third)[0], third.context["list"].older_url) == ("d100", "")
    back = browser.get(at("list", "departments") + third.context["list"].newer_url)
    assert names(back) == names(second)


def test_a_column_orders_the_list_both_ways(log_in, many):
    browser = log_in(Role.SYSTEM_ADMIN)
    assert names(browser.get(at("list", "departments"), {"sort": "-code", "q": "某局"}))[0] == "d119"
    assert names(browser.get(at("list", "departments"), {"sort": "code", "q": "某局"}))[0] == "d000"


@pytest.mark.parametrize(
    "mark", ["x", "[]", '["a","b","c"]', "[1,2]", '[1,"\\u0000",3]', '[99999999999999999999,"a",1]']
)
def test_a_mark_that_nobody_made_gives_the_first_page(log_in, many, mark):
    assert names(log_in(Role.SYSTEM_ADMIN).get(at("list", "departments"), {"after": mark, "q": "某局"}))[0] == "d000"


def test_a_filter_chooses_and_nonsense_is_left_aside(log_in, many):
    browser = log_in(Role.SYSTEM_ADMIN)
    assert names(browser.get(at("list", "departments"), {"kind": "centre"})) == ["centre"]
    assert len(names(browser.get(at("list", "departments"), {"kind": "nothing"}))) == 50


@pytest.mark.parametrize("key", ["departments", "users", "posts"])
def test_a_list_costs_the_same_for_few_and_many(log_in, key, django_assert_num_queries):
    browser = log_in(Role.SYSTEM_ADMIN)
    browser.get(at("list", key))
    with CaptureQueriesContext(connection) as few:
        browser.get(at("list", key))
    home = Department.objects.get(code="centre")
    for number in range(30):
        appoint(User.objects.create(username=f"u{number}", name="某"), home, Role.HANDLER)
        department(f"x{number}", parent=home)
    with django_assert_num_queries(len(few)):
        browser.get(at("list", key))


# --- history ----------------------------------------------------------------------------------------------------------


def test_history_says_names_where_a_column_points_at_rows(log_in):
    browser = log_in(Role.SYSTEM_ADMIN)
    bureau = department("cg")
    change_department(bureau, by=SYSTEM, parent=Department.objects.get(code="centre"), kind="company")
    page = said(browser.get(at("row", "departments", bureau.pk)))
    assert "上级部门：（空） → centre" in page
    assert "类型：专业部门 → 企业" in page


# --- where used -------------------------------------------------------------------------------------------------------


def test_what_still_uses_a_row_is_told_with_links_and_refuses(log_in):
    browser = log_in(Role.SYSTEM_ADMIN)
    home = Department.objects.get(code="centre")
    team = department("team", parent=home)
    page = said(browser.get(at("retire", "departments", home.pk)))
    assert "下级部门" in page and at("row", "departments", team.pk) in page
    answer = browser.post(at("retire", "departments", home.pk))
    assert "不能停用" in said(answer)
    home.refresh_from_db()
    assert home.valid_to is None


def test_what_nobody_uses_ends_on_the_chosen_day(log_in):
    browser, old = log_in(Role.SYSTEM_ADMIN), department("old")
    last = instants.today() + dt.timedelta(days=30)
    assert browser.post(at("retire", "departments", old.pk), {"last_day": last.isoformat()}).status_code == 302
    old.refresh_from_db()
    assert old.valid_to == last


def test_a_day_that_is_none_is_refused(log_in):
    browser, old = log_in(Role.SYSTEM_ADMIN), department("old")
    assert "最后一天请写成" in said(browser.post(at("retire", "departments", old.pk), {"last_day": "31.1."}))


def test_uses_that_end_before_do_not_count():
    home = department("home")
    team = department("team", parent=home)
    team.valid_to = instants.today()
    team.save()
    assert [use.title for use in uses_of(home, instants.today()).refusing] == []


# --- bulk -------------------------------------------------------------------------------------------------------------


def form(*rows: Department, **fields: str) -> dict[str, object]:
    return {"ids": [row.pk for row in rows], "field": "kind", **fields}


def test_a_value_for_many_is_shown_and_then_written(log_in):
    browser, one, two = log_in(Role.SYSTEM_ADMIN), department("one"), department("two", "company")
    shown = browser.post(at("many", "departments"), form(one, two, kind="company", do="preview"))
    changes = [(str(each.row), each.before, each.after) for each in shown.context["preview"].changes]
    assert changes == [("one", "专业部门", "企业"), ("two", "企业", "企业")]
    one.refresh_from_db()
    assert one.kind == "department"
    seen = shown.context["preview"].seen
    answer = browser.post(at("many", "departments"), form(one, two, kind="company", do="apply", seen=seen))
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.kind == "company"


def test_rows_that_changed_meanwhile_are_shown_anew(log_in):
    browser, one = log_in(Role.SYSTEM_ADMIN), department("one")
    seen = browser.post(at("many", "departments"), form(one, kind="company", do="preview")).context["preview"].seen
    change_department(one, by=SYSTEM, name="另一个名字")
    answer = browser.post(at("many", "departments"), form(one, kind="company", do="apply", seen=seen))
    assert (answer.status_code, "刚被别人修改" in said(answer)) == (409, True)
    one.refresh_from_db()
    assert one.kind == "department"


def test_one_row_that_is_refused_stops_all(log_in):
    register = register_named("departments")
    home, team = department("home"), department("team")
    wish, values = bulk.SetField(register, "parent"), {"parent": team}
    seen = bulk.preview(register, wish, [home, team], values).seen
    with pytest.raises(Exception, match="上级部门不能是自己"):
        bulk.apply(register, wish, [str(home.pk), str(team.pk)], values, by=SYSTEM, seen=seen)
    home.refresh_from_db()
    assert home.parent is None


@pytest.mark.parametrize("ids", [[], ["x"], ["9" * 30]])
def test_nothing_chosen_is_said(log_in, ids):
    answer = log_in(Role.SYSTEM_ADMIN).get(at("many", "departments"), {"ids": ids})
    assert (answer.status_code, "请先在列表里勾选" in said(answer)) == (400, True)
