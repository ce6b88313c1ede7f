import datetime as dt

import pytest

from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Appointment, Post
from chengyun.people.queries import holders
from chengyun.people.roles import Role
from chengyun.people.services.posts import appoint, change_post, close_post, create_post, deputise, end_appointment
from chengyun.people.tests.cast import department, person

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 3, day) for day in (2, 3, 4))


@pytest.fixture
def centre():
    return department("centre", "centre", region_code="990101")


def post(where, *roles: str) -> Post:
    code = "-".join(roles)
    return create_post(by=SYSTEM, code=code, name=code, department=where, roles=roles)


def test_an_appointed_person_has_the_posts_roles(centre):
    wang = person("王派遣")
    appoint(wang, post(centre, Role.DISPATCHER), by=SYSTEM, valid_from=MONDAY)
    assert actor_for(wang, MONDAY).has(Role.DISPATCHER)


def test_an_ended_appointment_lasts_through_its_last_day(centre):
    wang = person("王派遣")
    held = appoint(wang, post(centre, Role.DISPATCHER), by=SYSTEM, valid_from=MONDAY)
    end_appointment(held, by=SYSTEM, last_day=TUESDAY)
    assert actor_for(wang, TUESDAY).has(Role.DISPATCHER)
    assert not actor_for(wang, WEDNESDAY).has(Role.DISPATCHER)


@pytest.mark.parametrize(
    "roles", [["system_admin", "audit_admin"], ["security_admin", "receiver"], [], ["king"]], ids=str
)
def test_a_post_cannot_carry_these_roles(centre, roles):
    with pytest.raises(UserError) as error:
        create_post(by=SYSTEM, code="p", name="岗", department=centre, roles=roles)
    assert error.value.field == "roles"
    assert not Post.objects.exists()


def test_nobody_is_two_administrators(centre):
    ma = person("马系统")
    appoint(ma, post(centre, Role.SYSTEM_ADMIN), by=SYSTEM)
    with pytest.raises(UserError, match="马系统：系统、安全、审计管理员必须由不同的人担任"):
        appoint(ma, post(centre, Role.AUDIT_ADMIN), by=SYSTEM)
    assert Appointment.objects.count() == 1


def test_an_administrator_does_no_business(centre):
    ma = person("马系统")
    appoint(ma, post(centre, Role.SYSTEM_ADMIN), by=SYSTEM)
    with pytest.raises(UserError, match="业务"):
        appoint(ma, post(centre, Role.RECEIVER), by=SYSTEM)


def test_one_may_become_an_administrator_after_leaving_business(centre):
    ma = person("马系统")
    held = appoint(ma, post(centre, Role.RECEIVER), by=SYSTEM, valid_from=MONDAY)
    end_appointment(held, by=SYSTEM, last_day=TUESDAY)
    appoint(ma, post(centre, Role.SYSTEM_ADMIN), by=SYSTEM, valid_from=WEDNESDAY)
    assert actor_for(ma, WEDNESDAY).roles == {Role.SYSTEM_ADMIN}


def test_changed_roles_keep_administrators_apart_too(centre):
    ma = person("马系统")
    desk = post(centre, Role.RECEIVER)
    appoint(ma, desk, by=SYSTEM)
    appoint(ma, post(centre, Role.DISPATCHER), by=SYSTEM)
    with pytest.raises(UserError, match="业务"):
        change_post(desk, by=SYSTEM, roles=[Role.AUDIT_ADMIN])


def test_a_posts_roles_may_change_wholly(centre):
    ma = person("马系统")
    desk = post(centre, Role.RECEIVER)
    appoint(ma, desk, by=SYSTEM, valid_from=MONDAY)
    change_post(desk, by=SYSTEM, roles=[Role.AUDIT_ADMIN])
    assert actor_for(ma, MONDAY).roles == {Role.AUDIT_ADMIN}


def test_nobody_holds_a_post_twice_at_a_time(centre):
    wang, desk = person("王派遣"), post(centre, Role.DISPATCHER)
    appoint(wang, desk, by=SYSTEM, valid_from=MONDAY)
    with pytest.raises(UserError, match="已任此岗"):
        appoint(wang, desk, by=SYSTEM, valid_from=TUESDAY)


def test_a_post_that_has_ended_takes_nobody(centre):
    desk = close_post(post(centre, Role.DISPATCHER), by=SYSTEM, last_day=MONDAY)
    with pytest.raises(UserError, match="无效"):
        appoint(person("王派遣"), desk, by=SYSTEM, valid_from=TUESDAY)


def test_closing_a_post_ends_who_holds_it(centre):
    wang, desk = person("王派遣"), post(centre, Role.DISPATCHER)
    held = appoint(wang, desk, by=SYSTEM, valid_from=MONDAY)
    close_post(desk, by=SYSTEM, last_day=TUESDAY)
    held.refresh_from_db()
    assert held.valid_to == TUESDAY
    assert register.history(held)[0].action == "ended"


def test_somebody_switched_off_gets_no_post(centre):
    wang = person("王派遣")
    wang.is_active = False
    wang.save()
    with pytest.raises(UserError, match="停用"):
        appoint(wang, post(centre, Role.DISPATCHER), by=SYSTEM)


def test_a_deputy_stands_beside_the_absent_one_on_the_days(centre):
    chief, deputy, desk = person("刘值班"), person("何代班"), post(centre, Role.DUTY_CHIEF)
    appoint(chief, desk, by=SYSTEM, valid_from=MONDAY)
    deputise(deputy, desk, absent=chief, by=SYSTEM, valid_from=TUESDAY, valid_to=TUESDAY)
    assert {held.user for held in holders(desk, TUESDAY)} == {chief, deputy}
    assert {held.user for held in holders(desk, WEDNESDAY)} == {chief}


def test_one_cannot_deputise_for_somebody_without_the_post(centre):
    with pytest.raises(UserError) as error:
        deputise(
            person("何代班"), post(centre, Role.DUTY_CHIEF), absent=person("路人"), by=SYSTEM,
            valid_from=MONDAY, valid_to=MONDAY,
        )  # fmt: skip
    assert error.value.field == "deputy_for"


def test_a_deputy_is_kept_apart_like_everybody(centre):
    chief, auditor, desk = person("刘值班"), person("审计"), post(centre, Role.DUTY_CHIEF)
    appoint(chief, desk, by=SYSTEM, valid_from=MONDAY)
    appoint(auditor, post(centre, Role.AUDIT_ADMIN), by=SYSTEM, valid_from=MONDAY)
    with pytest.raises(UserError, match="业务"):
        deputise(auditor, desk, absent=chief, by=SYSTEM, valid_from=MONDAY, valid_to=MONDAY)
