import json

import pytest
from django.contrib.auth import authenticate

from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import RegisterChange, User
from chengyun.people.services.users import (
    change_own_password,
    change_user,
    create_user,
    deactivate_user,
    initial_password,
    reactivate_user,
    reset_password,
)

pytestmark = pytest.mark.django_db
GOOD = "huang-he-2026-xia"


@pytest.fixture
def zhang():
    return create_user(by=SYSTEM, username="zhang", name="张三", password=GOOD)[0]


def test_a_new_user_gets_a_password_that_must_be_changed():
    user, password = create_user(by=SYSTEM, username="zhang", name="张三")
    assert user.check_password(password)
    assert user.must_change_password


def test_initial_passwords_differ_and_pass_the_rules():
    first, second = initial_password(), initial_password()
    assert first != second
    create_user(by=SYSTEM, username="zhang", name="张三", password=first)


@pytest.mark.parametrize("password", ["short-1x", "1234567890123", "password123", "zhangsan-zhangsan"])
def test_a_weak_password_is_refused_in_chinese(password):
    with pytest.raises(UserError) as error:
        create_user(by=SYSTEM, username="zhangsan-zhangsa", name="张三", password=password)
    assert "密码" in str(error.value)
    assert not User.objects.exists()


def test_a_used_login_name_is_refused(zhang):
    with pytest.raises(UserError, match="登录名：这个登录名已被使用"):
        create_user(by=SYSTEM, username="zhang", name="另一位")


def test_changing_ones_password_lifts_the_duty_to_change_it(zhang):
    changed = change_own_password(zhang, by=actor_for(zhang), old=GOOD, new="tai-shan-2026-dong")
    assert changed.check_password("tai-shan-2026-dong")
    assert not changed.must_change_password


def test_a_wrong_old_password_changes_nothing(zhang):
    with pytest.raises(UserError) as error:
        change_own_password(zhang, by=actor_for(zhang), old="wrong", new="tai-shan-2026-dong")
    assert error.value.field == "old_password"
    zhang.refresh_from_db()
    assert zhang.check_password(GOOD)


def test_the_same_password_again_is_refused(zhang):
    with pytest.raises(UserError):
        change_own_password(zhang, by=actor_for(zhang), old=GOOD, new=GOOD)


def test_a_reset_password_must_be_changed_again(zhang):
    change_own_password(zhang, by=actor_for(zhang), old=GOOD, new="tai-shan-2026-dong")
    password = reset_password(zhang, by=SYSTEM)
    zhang.refresh_from_db()
    assert zhang.check_password(password)
    assert zhang.must_change_password
    assert zhang.is_active


def test_a_deactivated_user_cannot_log_in_until_reactivated(zhang, rf):
    def logged_in() -> bool:
        return authenticate(rf.post("/"), username="zhang", password=GOOD) is not None

    assert logged_in()
    deactivate_user(zhang, by=SYSTEM)
    assert not logged_in()
    reactivate_user(zhang, by=SYSTEM)
    assert logged_in()


def test_nobody_deactivates_himself(zhang):
    with pytest.raises(UserError, match="自己"):
        deactivate_user(zhang, by=actor_for(zhang))


def test_history_keeps_neither_password_nor_phone(zhang):
    change_user(zhang, by=SYSTEM, phone="13800000000")
    reset_password(zhang, by=SYSTEM)
    kept = json.dumps([[row.before, row.after] for row in RegisterChange.objects.all()])
    assert "13800000000" not in kept
    assert "password" not in kept.replace("must_change_password", "")
    assert [row.action for row in register.history(zhang)] == ["password_reset", "changed", "created"]


def test_a_change_cannot_switch_other_fields(zhang):
    change_user(zhang, by=SYSTEM, must_change_password=False, is_active=False)
    zhang.refresh_from_db()
    assert zhang.must_change_password
    assert zhang.is_active
