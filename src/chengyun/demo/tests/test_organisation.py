"""The people of the demo county."""

from __future__ import annotations

import pytest

from chengyun.demo import organisation
from chengyun.demo.county import names
from chengyun.people.access import actor_for
from chengyun.people.models import Department, User
from chengyun.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def built():
    return organisation.build(organisation.full_units(), seed=1)


def test_it_has_16_departments_and_11_townships(built):
    kinds = [department.kind for department in built.departments.values()]
    assert kinds.count("township") == 11
    assert kinds.count("department") + kinds.count("company") == 16
    assert kinds.count("centre") == 1


def test_six_units_never_log_in(built):
    offline = Department.objects.filter(works_online=False)
    assert offline.count() == 6
    assert not User.objects.filter(appointments__post__department__in=offline, is_active=True).exists()


def test_it_has_about_150_people_in_every_role(built):
    assert User.objects.count() == 150
    assert len(built.of_centre(Role.COLLECTOR)) == 30
    assert {role for _, role in built.people} == set(Role)


def test_every_shown_account_works_with_the_printed_password(built):
    for login in organisation.SHOWN_LOGINS:
        assert built.users[login].check_password(organisation.PASSWORD)
        assert actor_for(built.users[login]).roles


def test_a_receiver_works_for_the_whole_county(built):
    actor = actor_for(built.users["shouli"])
    assert actor.county_wide
    assert actor.region_codes == (names.COUNTY_CODE,)


def test_a_township_answers_for_its_own_place(built):
    assert actor_for(built.users["chenghu"]).region_codes == (names.COUNTY_CODE + "001",)


def test_what_was_built_can_be_found_again(built):
    again = organisation.load(organisation.full_units())
    assert again.people == built.people
    assert again.posts == built.posts
