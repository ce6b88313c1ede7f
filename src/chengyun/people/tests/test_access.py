import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from chengyun.core import configuration
from chengyun.people.access import ANONYMOUS, SYSTEM, actor_for
from chengyun.people.middleware import ActorMiddleware
from chengyun.people.roles import Role, merged
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def settings_known():
    """As in a process that has been asked before: settings are read when they change, not per request."""
    configuration.value("people.merged_roles")


def test_a_dispatcher_of_the_centre_sees_the_whole_county():
    wang = person("王派遣")
    appoint(wang, department("centre", "centre", region_code="990101"), Role.DISPATCHER)
    actor = actor_for(wang, TODAY)
    assert actor.county_wide
    assert actor.region_codes == ("990101",)


def test_a_collector_of_the_centre_sees_only_what_is_his():
    li = person("李采集")
    appoint(li, department("centre", "centre", region_code="990101"), Role.COLLECTOR)
    actor = actor_for(li, TODAY)
    assert not actor.county_wide
    assert actor.region_codes == ()


def test_a_dispatcher_of_a_bureau_is_not_county_wide():
    zhao = person("赵局")
    appoint(zhao, department("bureau", region_code="990101"), Role.DISPATCHER)
    actor = actor_for(zhao, TODAY)
    assert not actor.county_wide
    assert actor.region_codes == ()


def test_a_prefecture_centre_sees_every_county_of_the_prefecture():
    wang = person("王派遣")
    appoint(wang, department("centre", "centre", region_code="990100"), Role.DISPATCHER)
    assert actor_for(wang, TODAY).region_codes == ("9901",)


def test_a_township_handler_sees_the_places_of_the_township_and_its_communities():
    sun = person("孙镇")
    town = department("town", "township", region_code="990101001")
    department("village", "community", town, region_code="990101001201")
    appoint(sun, town, Role.HANDLER)
    assert actor_for(sun, TODAY).region_codes == ("990101001", "990101001201")


def test_departments_below_belong_to_the_actor_and_others_do_not():
    zhou = person("周局长")
    bureau = department("bureau")
    team = department("team", parent=bureau)
    squad = department("squad", parent=team)
    department("other")
    appoint(zhou, team, Role.HANDLER)
    actor = actor_for(zhou, TODAY)
    assert actor.own_department_ids == (team.pk,)
    assert set(actor.department_ids) == {team.pk, squad.pk}


def test_a_department_whose_number_begins_like_mine_is_not_below_me():
    zhou = person("周局长")
    bureau, neighbour = department("bureau"), department("neighbour")
    bureau.path, neighbour.path = "/1/", "/12/"
    bureau.save()
    neighbour.save()
    appoint(zhou, bureau, Role.HANDLER)
    assert actor_for(zhou, TODAY).department_ids == (bureau.pk,)


def test_a_department_without_a_path_has_nothing_below_it():
    zhou = person("周局长")
    bureau = department("bureau")
    department("other")
    bureau.path = ""
    bureau.save()
    appoint(zhou, bureau, Role.HANDLER)
    assert actor_for(zhou, TODAY).department_ids == (bureau.pk,)


def test_a_person_with_two_posts_has_the_roles_of_both():
    chen = person("陈双岗")
    centre, town = department("centre", "centre"), department("town", "township", region_code="990101001")
    appoint(chen, centre, Role.RECEIVER)
    appoint(chen, town, Role.HANDLER)
    actor = actor_for(chen, TODAY)
    assert actor.has(Role.RECEIVER) and actor.has(Role.HANDLER)
    assert actor.home_department_id == centre.pk


def test_a_deputy_acts_in_the_post_on_its_days_only():
    chief, deputy = person("刘值班"), person("何代班")
    centre = department("centre", "centre")
    appoint(deputy, centre, Role.DUTY_CHIEF, deputy_for=chief, valid_from=TODAY, valid_to=TODAY)
    assert actor_for(deputy, TODAY).has(Role.DUTY_CHIEF)
    assert not actor_for(deputy, TODAY + dt.timedelta(days=1)).has(Role.DUTY_CHIEF)
    assert not actor_for(deputy, TODAY - dt.timedelta(days=1)).has(Role.DUTY_CHIEF)


def test_ones_own_post_is_home_before_an_older_deputy_post():
    he = person("何代班")
    centre, town = department("centre", "centre"), department("town", "township")
    appoint(he, centre, Role.DUTY_CHIEF, deputy_for=person("刘值班"), valid_from=dt.date(2020, 1, 1))
    own = appoint(he, town, Role.HANDLER, valid_from=dt.date(2025, 1, 1))
    actor = actor_for(he, TODAY)
    assert (actor.post_id, actor.post_name) == (own.post_id, own.post.name)


@pytest.mark.parametrize("ended", ["post", "department"])
def test_an_ended_post_or_department_gives_nothing(ended):
    wu = person("吴旧岗")
    held = appoint(wu, department("bureau"), Role.HANDLER)
    row = held.post if ended == "post" else held.post.department
    row.valid_to = TODAY - dt.timedelta(days=1)
    row.save()
    actor = actor_for(wu, TODAY)
    assert actor.roles == frozenset()
    assert actor.department_ids == ()


def test_it_costs_one_statement(settings_known, django_assert_num_queries):
    wang = person("王派遣")
    centre = department("centre", "centre")
    for number in range(5):
        department(f"below{number}", parent=centre)
    appoint(wang, centre, Role.DISPATCHER)
    appoint(wang, centre, Role.RECEIVER)
    with django_assert_num_queries(1):
        actor_for(wang, TODAY)


def test_nobody_logged_in_may_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert actor_for(AnonymousUser()) is ANONYMOUS
    assert not ANONYMOUS.has(*Role.values)


def test_the_system_works_in_every_role_but_administers_nothing():
    assert SYSTEM.has(Role.DISPATCHER)
    assert not SYSTEM.has(Role.SYSTEM_ADMIN)


def test_merged_roles_come_together():
    assert merged({Role.RECEIVER}, [["receiver", "duty_chief"]]) == {Role.RECEIVER, Role.DUTY_CHIEF}
    assert merged({Role.HANDLER}, [["receiver", "duty_chief"]]) == {Role.HANDLER}


def test_a_request_asks_for_its_actor_once_and_only_when_somebody_looks(settings_known, rf, django_assert_num_queries):
    wang = person("王派遣")
    appoint(wang, department("centre", "centre"), Role.DISPATCHER)
    request = rf.get("/")
    request.user = wang
    with django_assert_num_queries(0):
        ActorMiddleware(lambda request: HttpResponse())(request)
    with django_assert_num_queries(1):
        assert request.actor.has(Role.DISPATCHER)
        assert request.actor.county_wide
