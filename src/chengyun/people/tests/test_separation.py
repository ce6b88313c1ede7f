"""The three administrators apart, asked of the services themselves and not only of the pages."""

import pytest

from chengyun.core.errors import NotAllowed
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.roles import Role
from chengyun.people.services import posts, users
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return department("centre", "centre")


def acting(centre, role: Role):
    user = person(f"某{role.label}")
    appoint(user, centre, role)
    return actor_for(user)


def desk(centre):
    return posts.create_post(by=SYSTEM, code="desk", name="受理", department=centre, roles=[Role.RECEIVER])


def test_the_security_administrator_grants_and_the_system_administrator_does_not(centre):
    system, security = acting(centre, Role.SYSTEM_ADMIN), acting(centre, Role.SECURITY_ADMIN)
    wang, post = person("wang"), desk(centre)
    with pytest.raises(NotAllowed, match="安全管理员"):
        posts.appoint(wang, post, by=system)
    held = posts.appoint(wang, post, by=security)
    with pytest.raises(NotAllowed, match="安全管理员"):
        posts.end_appointment(held, by=system)
    with pytest.raises(NotAllowed, match="安全管理员"):
        posts.change_post(post, by=system, roles=[Role.SECURITY_ADMIN])


def test_before_there_is_a_security_administrator_the_system_administrator_appoints_one(centre):
    system = acting(centre, Role.SYSTEM_ADMIN)
    first = posts.create_post(by=system, code="sec", name="安全", department=centre, roles=[Role.SECURITY_ADMIN])
    posts.appoint(person("an"), first, by=system)
    with pytest.raises(NotAllowed, match="安全管理员"):
        posts.appoint(person("second"), first, by=system)


@pytest.mark.parametrize("role", [Role.AUDIT_ADMIN, Role.DUTY_CHIEF, Role.LEADER])
def test_nobody_else_grants(centre, role):
    with pytest.raises(NotAllowed):
        posts.appoint(person("wang"), desk(centre), by=acting(centre, role))


def test_the_system_administrator_cannot_take_over_another_administrator(centre):
    system, _ = acting(centre, Role.SYSTEM_ADMIN), acting(centre, Role.SECURITY_ADMIN)
    auditor = person("shen")
    appoint(auditor, centre, Role.AUDIT_ADMIN)
    for deed in (users.reset_password, users.deactivate_user, users.reactivate_user):
        with pytest.raises(NotAllowed, match="安全管理员"):
            deed(auditor, by=system)
    assert users.reset_password(person("wang"), by=system)


def test_the_security_administrator_resets_an_administrators_password(centre):
    security = acting(centre, Role.SECURITY_ADMIN)
    auditor = person("shen")
    appoint(auditor, centre, Role.AUDIT_ADMIN)
    assert users.reset_password(auditor, by=security)
