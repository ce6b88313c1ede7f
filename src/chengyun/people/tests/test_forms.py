import pytest
from axes.utils import reset

from chengyun.people.access import SYSTEM
from chengyun.people.forms import ChangePasswordForm, LoginForm
from chengyun.people.services.users import create_user, deactivate_user

pytestmark = pytest.mark.django_db
GOOD, BETTER = "huang-he-2026-xia", "tai-shan-2026-dong"


@pytest.fixture
def zhang():
    reset()
    return create_user(by=SYSTEM, username="zhang", name="张三", password=GOOD)[0]


def login(rf, **fields: str) -> LoginForm:
    return LoginForm(rf.post("/login/"), fields)


def test_the_right_password_gives_the_user(zhang, rf):
    form = login(rf, username=" zhang ", password=GOOD)
    assert form.is_valid()
    assert form.user == zhang


def test_wrong_name_wrong_password_and_switched_off_read_the_same(zhang, rf):
    wrong_password = login(rf, username="zhang", password="x").errors
    wrong_name = login(rf, username="li", password=GOOD).errors
    deactivate_user(zhang, by=SYSTEM)
    switched_off = login(rf, username="zhang", password=GOOD).errors
    assert wrong_password == wrong_name == switched_off
    assert "登录名或密码不对" in str(wrong_password)


def test_empty_fields_are_named(zhang, rf):
    assert login(rf, username="", password="").errors == {"username": ["请输入登录名。"], "password": ["请输入密码。"]}


def test_too_many_wrong_passwords_lock_the_account(zhang, rf, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert not login(rf, username="zhang", password="x").is_valid()
    form = login(rf, username="zhang", password=GOOD)
    assert "锁定" in str(form.errors)


def change(zhang, old=GOOD, new=BETTER, repeated=BETTER) -> ChangePasswordForm:
    return ChangePasswordForm(zhang, {"old_password": old, "new_password": new, "repeated": repeated})


def test_a_good_change_is_accepted(zhang):
    form = change(zhang)
    assert form.is_valid()
    assert form.chosen == {"old": GOOD, "new": BETTER}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"old": "wrong"}, "old_password"),
        ({"new": GOOD}, "new_password"),
        ({"new": "short", "repeated": "short"}, "new_password"),
        ({"new": "1234567890", "repeated": "1234567890"}, "new_password"),
        ({"repeated": "other"}, "repeated"),
    ],
)
def test_a_bad_change_names_its_field(zhang, fields, field):
    assert list(change(zhang, **fields).errors) == [field]


def test_the_rules_are_told_in_chinese(zhang):
    assert all("密码" in rule for rule in change(zhang).rules)
    assert len(change(zhang).rules) == 4
