"""A workbook out of what a register declares, told on the allowances for the API."""

import datetime as dt

import pytest

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people import tokens
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import ApiAllowance, RegisterChange
from chengyun.people.roles import Role
from chengyun.people.tests.books import applied, exported, put, told, uploaded
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db
KEY = "api-allowances"
UNTIL = dt.timedelta(days=30)


@pytest.fixture
def guard(client):
    user = person("guard")
    appoint(user, department("centre", "centre", region_code="990101"), Role.SECURITY_ADMIN)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def wang():
    return person("wang")


@pytest.fixture
def allowance(wang):
    return tokens.allow(by=SYSTEM, user=wang, scopes=["cases:read"], until=instants.today() + UNTIL)


def faults(page) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.message) for each in page.context["found"].faults]


def test_it_comes_back_as_it_went(guard, allowance):
    page = uploaded(guard, KEY, exported(guard, KEY), whole="on")
    assert (faults(page), told(page)) == ([], [])


def test_a_changed_a_new_and_a_missing_row_are_shown_and_then_written(guard, allowance):
    person("li")
    other = tokens.allow(by=SYSTEM, user=person("zhao"), scopes=["cases:read"], until=instants.today() + UNTIL)
    last = (instants.today() + dt.timedelta(days=90)).isoformat()
    book = exported(guard, KEY)
    put(book, "接口准许", 2, 权限="查看案件、登记问题", 截止日期=last)
    book["接口准许"].delete_rows(3)
    put(book, "接口准许", 0, 登录名="li", 权限="登记问题", 截止日期=last)
    page = uploaded(guard, KEY, book, whole="on")
    assert [(kind, label) for kind, label, _fields in told(page)] == [
        ("changed", "wang · wang"),
        ("added", "li"),
        ("retired", "zhao · zhao"),
    ]
    applied(guard, KEY, page)
    allowance.refresh_from_db()
    other.refresh_from_db()
    assert allowance.scopes == ["cases:read", "reports:write"]
    assert (other.ended_at is None, ApiAllowance.objects.filter(user__username="li").count()) == (False, 1)


@pytest.mark.parametrize(
    ("cells", "column", "advice"),
    [
        ({"登录名": "nobody"}, "登录名", "没有启用人员“nobody”"),
        ({"登录名": ""}, "登录名", "请填写“登录名”"),
        ({"权限": "一切"}, "权限", "没有“一切”，请填：登记问题、查看案件、办理案件"),
        ({"截止日期": "明年"}, "截止日期", "日期请写成 2026-01-31"),
    ],
)
def test_a_fault_names_its_line_and_its_mending(guard, allowance, cells, column, advice):
    page = uploaded(guard, KEY, put(exported(guard, KEY), "接口准许", 2, **cells))
    ((row, told_column, message),) = faults(page)
    assert (row, told_column) == (2, column) and advice in message


def test_what_only_the_service_knows_names_the_line_and_nothing_is_written(guard, allowance):
    person("li")
    last = (instants.today() + UNTIL).isoformat()
    book = put(exported(guard, KEY), "接口准许", 0, 登录名="li", 权限="登记问题", 截止日期=last)
    put(book, "接口准许", 0, 登录名="guard", 权限="登记问题", 截止日期=last)
    answer = applied(guard, KEY, uploaded(guard, KEY, book))
    assert answer.status_code == 422 and "第 4 行：不能准许自己使用接口" in answer.content.decode()
    assert ApiAllowance.objects.count() == 1


def test_a_column_that_is_left_out_says_nothing_but_the_key_is_asked_for(guard, allowance):
    book = exported(guard, KEY)
    book["接口准许"].delete_cols(3)
    assert faults(uploaded(guard, KEY, book)) == [(1, "权限", "缺少这些列，请用导出的文件填写。")]
    book["接口准许"].delete_cols(1)
    assert (1, "登录名、权限", "缺少这些列，请用导出的文件填写。") in faults(uploaded(guard, KEY, book))


def test_two_rows_of_one_key_are_refused(guard, allowance):
    last = (instants.today() + UNTIL).isoformat()
    book = put(exported(guard, KEY), "接口准许", 0, 登录名="wang", 权限="登记问题", 截止日期=last)
    assert "与第 2 行重复" in faults(uploaded(guard, KEY, book))[0][2]


# --- an allowance that is changed -------------------------------------------------------------------------------------


def test_fewer_scopes_hold_at_once_for_every_token(allowance, wang):
    token, secret = tokens.create_own_token(wang, by=actor_for(wang), name="x", scopes=["cases:read"], days=9)
    tokens.change_allowance(allowance, by=SYSTEM, scopes=["reports:write"])
    assert tokens.scopes_of(tokens.recognised(secret)) == []
    assert RegisterChange.objects.filter(chain=f"apiallowance:{allowance.pk}", action="changed").count() == 1


def test_an_earlier_last_day_ends_its_tokens(allowance, wang):
    _token, secret = tokens.create_own_token(wang, by=actor_for(wang), name="x", scopes=["cases:read"], days=20)
    tokens.change_allowance(allowance, by=SYSTEM, until=instants.today() + dt.timedelta(days=2))
    with instants.at(instants.now() + dt.timedelta(days=3)):
        assert tokens.recognised(secret) is None


def test_nobody_changes_an_own_one_or_one_that_is_over(allowance, guard):
    answer = guard.post(f"/registers/{KEY}/{allowance.pk}/retire")
    assert answer.status_code == 302
    with pytest.raises(UserError, match="已经收回或到期"):
        tokens.change_allowance(allowance, by=SYSTEM, until=instants.today())
