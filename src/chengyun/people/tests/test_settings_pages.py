import pytest
from django.urls import reverse

from chengyun.core import configuration
from chengyun.core.declarations import SettingDeclaration
from chengyun.core.shapes import Fields, ListOf, Number, Words
from chengyun.people.roles import Role
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db

PHONES = ListOf(Fields({"name": ("姓名", Words(10, required=True)), "minutes": ("等候", Number(1, 60))}), "人", most=3)
TWO = {
    "value-count": "2",
    "value-0-name": "甲",
    "value-0-minutes": "3",
    "value-1-name": "乙",
    "value-1-minutes": "5",
}
KEY = "test.phones"


@pytest.fixture(autouse=True)
def table():
    configuration.forget()
    configuration.declare(SettingDeclaration(KEY, "电话表", [], PHONES))
    yield
    configuration._declared.pop(KEY)
    configuration.forget()


@pytest.fixture
def log_in(client):
    centre = department("centre", "centre", region_code="990101")

    def somebody(role):
        user = person(f"某{role.label}")
        appoint(user, centre, role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return somebody


@pytest.fixture
def admin(log_in):
    return log_in(Role.SYSTEM_ADMIN)


def page(key: str) -> str:
    return reverse("people:setting", args=[key])


def said(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("key", sorted(configuration.declarations()))
def test_every_setting_has_an_editor_of_its_own_shape(admin, key):
    shown = said(admin.get(page(key)))
    assert 'name="value' in shown
    assert "<textarea" not in shown


def test_a_small_table_is_saved_as_rows(admin):
    admin.post(page(KEY), TWO)
    assert configuration.value(KEY) == [{"name": "甲", "minutes": 3}, {"name": "乙", "minutes": 5}]


def test_a_refusal_names_row_and_column_keeps_the_words_and_changes_nothing(admin):
    shown = said(admin.post(page(KEY), {**TWO, "value-1-minutes": "90"}))
    assert "第 2 行：等候：请填写 1 到 60 的整数。" in shown
    assert 'name="value-1-minutes" value="90"' in shown
    assert shown.count('aria-invalid="true"') == 1
    assert configuration.value(KEY) == []


@pytest.mark.parametrize(
    ("wish", "names"),
    [("value:add:", ["甲", "乙", ""]), ("value:up:1", ["乙", "甲"]), ("value:down:0", ["乙", "甲"]),
     ("value:remove:0", ["乙"]), ("value:remove:7", ["甲", "乙"]), ("else:remove:0", ["甲", "乙"])],
)  # fmt: skip
def test_rows_are_added_removed_and_moved_without_saving(admin, wish, names):
    response = admin.post(page(KEY), {**TWO, "do": wish})
    assert [row["name"] for row in response.context["form"]["value"].value()] == names
    assert configuration.value(KEY) == []


def test_after_a_move_the_focus_stays_on_the_row(admin):
    shown = said(admin.post(page(KEY), {**TWO, "value-count": "2", "do": "value:down:0"}))
    assert shown.count("autofocus") == 1


def test_more_rows_than_there_may_be_are_refused_not_stored(admin):
    shown = said(admin.post(page(KEY), {**TWO, "value-count": "100000000"}))
    assert "最多 3 行，请删去几行。" in shown


def test_the_order_of_calls_is_moved_by_buttons(admin):
    key = "urgent.ladder"
    order = ["on_duty", "deputy", "duty_chief", "leader"]
    response = admin.post(page(key), {"value": order, "do": "value:up:3"})
    assert response.context["form"]["value"].value() == ["on_duty", "deputy", "leader", "duty_chief"]


def test_shift_hours_are_told_in_words_with_their_history(admin):
    sent = {"value-early-from": "08:00", "value-early-to": "16:00", "value-middle-from": "16:00"}
    sent |= {"value-middle-to": "00:00", "value-night-from": "00:00", "value-night-to": "08:00"}
    shown = said(admin.post(page("people.shift_hours"), sent, follow=True))
    assert "早班 08:00-16:00；中班 16:00-00:00；夜班 00:00-08:00" in shown
    assert 'id="history"' in shown


def test_the_default_comes_back_with_one_button_and_is_told(admin):
    admin.post(page(KEY), TWO)
    shown = said(admin.post(page(KEY), {**TWO, "back": "1"}, follow=True))
    assert configuration.value(KEY) == []
    assert "已恢复为默认值。" in shown
    assert len(configuration.history(KEY)) == 2


def test_a_number_that_may_be_left_open_can_be_emptied(admin):
    admin.post(page("dispatch.auto_threshold"), {"value": "0.9"})
    assert configuration.value("dispatch.auto_threshold") == 0.9
    admin.post(page("dispatch.auto_threshold"), {"value": ""})
    assert configuration.value("dispatch.auto_threshold") is None


def test_who_only_reads_gets_a_form_that_cannot_be_changed(log_in):
    auditor = log_in(Role.AUDIT_ADMIN)
    assert "<fieldset disabled>" in said(auditor.get(page(KEY)))
    assert auditor.post(page(KEY), TWO).status_code == 403
