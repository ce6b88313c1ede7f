import datetime as dt

import pytest

from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.people.models import Department
from chengyun.people.queries import subtree
from chengyun.people.roles import Role
from chengyun.people.services.departments import change_department, close_department, create_department
from chengyun.people.tests.cast import appoint, person

pytestmark = pytest.mark.django_db


def make(code: str, parent: Department | None = None, **fields: object) -> Department:
    return create_department(by=SYSTEM, code=code, name=code, kind="department", parent=parent, **fields)


@pytest.fixture
def bureau():
    return make("bureau")


@pytest.fixture
def team(bureau):
    return make("team", bureau)


def test_a_path_names_all_departments_above(bureau, team):
    assert bureau.path == f"/{bureau.pk}/"
    assert team.path == f"/{bureau.pk}/{team.pk}/"


def test_a_moved_department_takes_its_subtree_along(bureau, team):
    squad, other = make("squad", team), make("other")
    change_department(team, by=SYSTEM, parent=other)
    squad.refresh_from_db()
    assert squad.path == f"/{other.pk}/{team.pk}/{squad.pk}/"
    assert set(subtree(other)) == {other, team, squad}
    assert set(subtree(bureau)) == {bureau}


def test_a_department_cannot_be_put_below_itself(bureau, team):
    squad = make("squad", team)
    with pytest.raises(UserError) as error:
        change_department(bureau, by=SYSTEM, parent=squad)
    assert error.value.field == "parent"
    bureau.refresh_from_db()
    assert bureau.parent is None


def test_a_department_cannot_be_its_own_parent(bureau):
    with pytest.raises(UserError):
        change_department(bureau, by=SYSTEM, parent=bureau)


def test_a_used_code_is_refused_in_plain_words(bureau):
    with pytest.raises(UserError, match="部门代码：这个部门代码已被使用"):
        make("bureau")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "有 空格"}, "code"),
        ({"name": ""}, "name"),
        ({"kind": "ministry"}, "kind"),
        ({"region_code": "12345"}, "region_code"),
        ({"phone": "没有"}, "phone"),
        ({"valid_to": dt.date(1999, 1, 1)}, "valid_to"),
    ],
)
def test_bad_input_names_its_field_and_stores_nothing(fields, field):
    good = {"code": "d", "name": "部门", "kind": "department"}
    with pytest.raises(UserError) as error:
        create_department(by=SYSTEM, **good | fields)
    assert error.value.field == field
    assert not Department.objects.exists()


def test_a_closed_department_stays_in_the_register(bureau):
    close_department(bureau, by=SYSTEM, last_day=dt.date(2026, 3, 2))
    bureau.refresh_from_db()
    assert bureau.is_valid_on(dt.date(2026, 3, 2))
    assert not bureau.is_valid_on(dt.date(2026, 3, 3))


def test_a_department_with_departments_below_is_not_closed(bureau, team):
    with pytest.raises(UserError, match="下级部门"):
        close_department(bureau, by=SYSTEM)


def test_a_department_with_people_in_it_is_not_closed(bureau):
    appoint(person("赵局"), bureau, Role.HANDLER)
    with pytest.raises(UserError, match="任职"):
        close_department(bureau, by=SYSTEM)


def test_history_tells_what_changed_and_who_did_it(bureau):
    change_department(bureau, by=SYSTEM, name="新局", phone="0531-1234")
    last, first = register.history(bureau)
    assert first.action == "created"
    assert (last.action, last.by_name) == ("changed", "系统")
    assert last.before == {"name": "bureau", "phone": ""}
    assert last.after == {"name": "新局", "phone": register.HIDDEN}
    assert last.previous_hash == first.hash


def test_a_changed_phone_is_noticed_though_history_hides_it(bureau):
    change_department(bureau, by=SYSTEM, phone="0531-1234")
    change_department(bureau, by=SYSTEM, phone="0531-9999")
    bureau.refresh_from_db()
    assert bureau.phone == "0531-9999"
    assert len(register.history(bureau)) == 3


def test_changing_nothing_writes_nothing(bureau):
    change_department(bureau, by=SYSTEM, name="bureau")
    assert len(register.history(bureau)) == 1
