import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.core import instants
from chengyun.people.models import Appointment, Department, DutyShift, Post, User
from chengyun.people.roles import Role
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return department("centre", "centre", region_code="990101")


@pytest.fixture
def log_in(client, centre):
    """`log_in(Role.X)` gives a browser in which somebody of that role sits."""

    def somebody(role: Role):
        user = person(f"某{role.label}")
        appoint(user, centre, role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.user = user
        return client

    return somebody


@pytest.fixture
def admin(log_in):
    return log_in(Role.SYSTEM_ADMIN)


def said(response) -> str:
    return response.content.decode()


def at(name: str, key: str, *args: object) -> str:
    return reverse(f"registers:{name}", args=[key, *args])


PAGES = [
    *(f"/registers/{key}/{page}" for key in ("departments", "users", "posts") for page in ("", "new")),
    "/people/roster/",
]


@pytest.mark.parametrize("page", PAGES)
def test_the_system_administrator_opens_every_page(admin, page):
    assert admin.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_handler_opens_none_of_them(log_in, page):
    assert log_in(Role.HANDLER).get(page).status_code == 403


def test_an_auditor_reads_but_does_not_change(log_in, centre):
    auditor = log_in(Role.AUDIT_ADMIN)
    page = at("row", "departments", centre.pk)
    assert auditor.get(page).status_code == 200
    assert auditor.post(page, {"name": "x"}).status_code == 403
    assert auditor.get(at("new", "users")).status_code == 403


def department_form(**fields: object) -> dict[str, object]:
    return {"code": "cg", "name": "城市管理局", "kind": "department", "sort_order": 0, "works_online": "on"} | fields


def test_a_department_is_created(admin):
    response = admin.post(at("new", "departments"), department_form())
    assert response.status_code == 302
    made = Department.objects.get(code="cg")
    assert (made.short_name, made.path) == ("城市管理局", f"/{made.pk}/")


def test_a_faulty_department_comes_back_with_what_was_typed(admin):
    response = admin.post(at("new", "departments"), department_form(region_code="12", phone="0531-1"))
    assert "区划代码应为 6、9 或 12 位数字" in said(response)
    assert 'value="0531-1"' in said(response)
    assert not Department.objects.filter(code="cg").exists()


def test_a_changed_department_tells_its_history(admin):
    bureau = department("cg")
    page = at("row", "departments", bureau.pk)
    assert admin.post(page, department_form(name="综合执法局", short_name="执法局")).status_code == 302
    assert "综合执法局" in said(admin.get(page))
    assert "部门名称：cg → 综合执法局" in said(admin.get(page))


def test_history_says_that_a_phone_changed_but_not_to_what(admin):
    wang = person("wang")
    page = at("row", "users", wang.pk)
    admin.post(page, {"username": "wang", "name": "wang", "phone": "13800000000"})
    told = said(admin.get(page)).split("变更记录")[1]
    assert "手机号已改" in told
    assert "13800000000" not in told


def test_somebody_with_registers_only_finds_them_in_the_bar(admin):
    bar = said(admin.get(reverse("people:roster"))).split("<main")[0]
    assert at("list", "departments") in bar


def test_a_cycle_is_refused_on_the_page(admin):
    bureau = department("cg")
    team = department("team", parent=bureau)
    response = admin.post(at("row", "departments", bureau.pk), department_form(parent=team.pk))
    assert "上级部门不能是自己" in said(response)


def test_a_closed_department_leaves_the_list_unless_asked_for(admin):
    old = department("old")
    with instants.at(instants.now() - dt.timedelta(days=2)):
        admin.post(at("retire", "departments", old.pk))
    link = at("row", "departments", old.pk)
    assert link not in said(admin.get(at("list", "departments")))
    assert link in said(admin.get(at("list", "departments"), {"closed": "1"}))


def test_a_new_user_is_shown_the_password_once_and_can_log_in_with_it(admin):
    response = admin.post(at("new", "users"), {"username": "wang", "name": "王派遣", "phone": ""})
    user = User.objects.get(username="wang")
    password = response.context["once"].facts[1][1]
    assert password in said(response)
    assert user.check_password(password)
    assert "no-store" in response["Cache-Control"]


def test_a_used_login_name_comes_back_with_the_form(admin):
    person("wang")
    response = admin.post(at("new", "users"), {"username": "wang", "name": "又一位"})
    assert "这个登录名已被使用" in said(response)


def test_a_reset_password_is_shown(admin):
    wang = person("wang")
    response = admin.post(at("act", "users", wang.pk, "password"))
    wang.refresh_from_db()
    assert wang.check_password(response.context["once"].facts[1][1])


def test_an_account_is_switched_off_and_on(admin):
    wang = person("wang")
    for address, active in ((at("retire", "users", wang.pk), False), (at("act", "users", wang.pk, "on"), True)):
        admin.post(address)
        wang.refresh_from_db()
        assert wang.is_active is active


def test_one_cannot_switch_oneself_off(admin):
    response = admin.post(at("retire", "users", admin.user.pk))
    assert "不能停用自己的账号" in said(response)


def test_users_are_found_by_the_beginning_of_their_name(admin):
    person("王派遣")
    page = said(admin.get(at("list", "users"), {"q": "王"}))
    assert "王派遣" in page
    assert "某系统管理员" not in page.split("<main")[1]


def test_many_users_are_paged_by_name(admin):
    User.objects.bulk_create(User(username=f"u{number:03}", name="某") for number in range(120))
    first = admin.get(at("list", "users"), {"q": "u"})
    second = admin.get(at("list", "users") + first.context["list"].older_url)
    assert [line.cells[0] for line in first.context["list"].lines][-1] == "u049"
    assert [line.cells[0] for line in second.context["list"].lines][0] == "u050"


def test_the_list_of_users_costs_the_same_for_few_and_many(admin, django_assert_num_queries):
    admin.get(at("list", "users"))
    with CaptureQueriesContext(connection) as few:
        admin.get(at("list", "users"))
    User.objects.bulk_create(User(username=f"u{number:03}", name="某") for number in range(40))
    with django_assert_num_queries(len(few)):
        admin.get(at("list", "users"))


def test_somebody_gets_a_post_and_leaves_it(admin, centre):
    wang = person("wang")
    desk = Post.objects.create(code="pq", name="派遣员", department=centre, roles=[Role.DISPATCHER])
    today = instants.today().isoformat()
    admin.post(at("act", "users", wang.pk, "appoint"), {"post": desk.pk, "valid_from": today})
    held = Appointment.objects.get(user=wang)
    admin.post(at("act", "users", wang.pk, "end-post"), {"appointment": held.pk})
    held.refresh_from_db()
    assert held.valid_to == instants.today()


def test_an_administrator_given_business_is_refused_on_the_page(admin, centre):
    other = person("另一管理员")
    appoint(other, centre, Role.AUDIT_ADMIN)
    desk = Post.objects.create(code="pq", name="派遣员", department=centre, roles=[Role.DISPATCHER])
    today = instants.today().isoformat()
    response = admin.post(at("act", "users", other.pk, "appoint"), {"post": desk.pk, "valid_from": today})
    assert "管理员不能兼任业务岗位" in said(response)


def test_nobody_gives_a_post_to_himself(admin, centre):
    desk = Post.objects.create(code="sys", name="系统", department=centre, roles=[Role.SYSTEM_ADMIN])
    today = instants.today().isoformat()
    asked = {"post": desk.pk, "valid_from": today}
    response = admin.post(at("act", "users", admin.user.pk, "appoint"), asked, follow=True)
    assert "不能给自己任职" in said(response)


def test_a_post_is_created_and_closed(admin, centre):
    fields = {"code": "pq", "name": "派遣员", "department": centre.pk, "roles": ["dispatcher", "receiver"]}
    assert admin.post(at("new", "posts"), fields).status_code == 302
    made = Post.objects.get(code="pq")
    assert made.roles == ["dispatcher", "receiver"]
    admin.post(at("retire", "posts", made.pk))
    made.refresh_from_db()
    assert made.valid_to == instants.today()


def test_a_post_that_mixes_administrators_is_refused_on_the_page(admin, centre):
    fields = {"code": "pq", "name": "全能", "department": centre.pk, "roles": ["system_admin", "audit_admin"]}
    assert "必须由不同的人担任" in said(admin.post(at("new", "posts"), fields))


def test_a_posts_name_and_roles_can_change(admin, centre):
    desk = Post.objects.create(code="pq", name="派遣员", department=centre, roles=[Role.DISPATCHER])
    admin.post(at("row", "posts", desk.pk), {"name": "派遣岗", "roles": ["dispatcher", "supervisor"]})
    desk.refresh_from_db()
    assert (desk.name, desk.roles) == ("派遣岗", ["dispatcher", "supervisor"])


def test_the_duty_chief_plans_and_cancels_a_shift(log_in):
    chief = log_in(Role.DUTY_CHIEF)
    held = Appointment.objects.get(user=chief.user)
    fields = {"day": "2026-03-02", "name": "night", "holder": held.pk, "hours": "", "phone": "0531-1"}
    assert chief.post(reverse("people:roster"), fields).status_code == 302
    assert "某值班长" in said(chief.get(reverse("people:roster"), {"day": "2026-03-04"}))
    shift = DutyShift.objects.get()
    chief.post(reverse("people:cancel_shift", args=[shift.pk]))
    assert "已取消" in said(chief.get(reverse("people:roster"), {"day": "2026-03-04"}))


def test_a_dispatcher_reads_the_roster_but_does_not_plan(log_in):
    dispatcher = log_in(Role.DISPATCHER)
    assert dispatcher.get(reverse("people:roster")).status_code == 200
    assert dispatcher.post(reverse("people:roster"), {}).status_code == 403


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31"])
def test_any_day_gives_a_week(admin, day):
    assert admin.get(reverse("people:roster"), {"day": day}).status_code == 200


def test_what_is_not_there_is_a_404(admin):
    assert admin.get(at("row", "users", 987654)).status_code == 404
