"""Where it is used, before a person's account or a listed day goes; and many of them at once."""

import datetime as dt

import pytest

from chengyun.core import calendars, instants
from chengyun.core.calendar_models import WorkCalendar
from chengyun.core.worktime.statutory import Day
from chengyun.people.access import SYSTEM
from chengyun.people.backoffice.calendar import CALENDAR
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.registers.declaration import register_named
from chengyun.people.roles import Role
from chengyun.people.services.roster import plan_shift
from chengyun.people.tests.books import at
from chengyun.people.tests.cast import appoint, department, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = person("admin")
    appoint(user, department("centre", "centre", region_code="990101"), Role.SYSTEM_ADMIN)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def wang(admin):
    user = person("wang")
    appoint(user, Department.objects.get(code="centre"), Role.RECEIVER)
    return user


@pytest.fixture
def party(admin):
    """A day off of next year's, beside the notice."""
    day = dt.date(instants.today().year + 1, 8, 4)
    calendars.change_days([Day(day, False, "本县活动日")], SYSTEM, name="活动日")
    return CALENDAR.all_rows().get(date=day)


def done(browser, key: str, **asked: object):
    shown = browser.post(at("many", key), {**asked, "do": "preview"})
    seen = shown.context["preview"].seen
    return shown, browser.post(at("many", key), {**asked, "do": "apply", "seen": seen})


def test_an_account_tells_its_posts_and_turns_before_it_is_switched_off(admin, wang):
    held = Appointment.objects.get(user=wang)
    plan_shift(by=SYSTEM, day=instants.today() + dt.timedelta(days=3), name="night", user=wang, post=held.post)
    page = admin.get(at("retire", "users", wang.pk)).content.decode()
    assert "现在的任职" in page and "今天和以后的值班" in page
    assert 'name="last_day"' not in page
    admin.post(at("retire", "users", wang.pk))
    wang.refresh_from_db()
    assert not wang.is_active
    assert admin.get(at("retire", "users", wang.pk)).status_code == 404


def test_many_persons_get_a_post_at_once(admin, wang):
    li, post = person("li"), Post.objects.get(roles=["receiver"])
    today = instants.today().isoformat()
    asked = {"ids": [li.pk, wang.pk], "field": "do-appoint", "post": post.pk, "valid_from": today}
    shown = admin.post(at("many", "users"), {**asked, "valid_from": "", "do": "preview"})
    assert shown.status_code == 422 and "valid_from" in shown.context["form"].errors
    shown = admin.post(at("many", "users"), {**asked, "do": "preview"})
    assert [change.after for change in shown.context["preview"].changes] == ["任职", "任职"]
    admin.post(at("many", "users"), {**asked, "ids": [li.pk], "do": "apply", "seen": shown.context["preview"].seen})
    assert not Appointment.objects.filter(user=li).exists(), "one row less is not what was shown"
    done(admin, "users", **{**asked, "ids": [li.pk]})
    assert Appointment.objects.get(user=li).post == post


def test_what_one_may_do_with_many_follows_the_roles_of_each_deed(admin, wang, client):
    guard = person("guard")
    appoint(guard, Department.objects.get(code="centre"), Role.SECURITY_ADMIN)
    client.force_login(guard, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(at("many", "users"), {"ids": wang.pk})
    assert [each.key for each in page.context["wishes"]] == ["do-appoint", "do-unlock", "do-on"]
    assert client.get(at("many", "users"), {"ids": wang.pk, "field": "do-password"}).status_code == 404
    audit = person("audit")
    appoint(audit, Department.objects.get(code="centre"), Role.AUDIT_ADMIN)
    client.force_login(audit, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(at("many", "users"), {"ids": wang.pk}).status_code == 403


def test_rows_that_are_gone_are_told(admin):
    answer = admin.get(at("many", "users"), {"ids": "999999"})
    assert answer.status_code == 400 and "已经不在了" in answer.content.decode()


def test_many_days_change_as_one_version(admin, party):
    first = CALENDAR.all_rows().filter(date__gt=party.date).first() or CALENDAR.all_rows().exclude(pk=party.pk).last()
    before = WorkCalendar.objects.count()
    shown, answer = done(admin, "calendar", ids=[party.pk, first.pk], field="name", name="调整")
    assert (shown.context["preview"].differing, answer.status_code) == (2, 302)
    assert WorkCalendar.objects.count() == before + 1
    calendar = calendars.working_calendar()
    assert {calendar.name_of(party.date), calendar.name_of(first.date)} == {"调整"}


def test_a_day_that_is_listed_no_more_is_again_what_its_weekday_says(admin, party):
    assert not calendars.working_calendar().is_working(party.date)
    assert "不再列出" in admin.get(at("row", "calendar", party.pk)).content.decode()
    assert admin.post(at("retire", "calendar", party.pk)).status_code == 302
    assert calendars.working_calendar().is_working(party.date) is (party.date.weekday() < 5)
    assert not CALENDAR.all_rows().filter(date=party.date).exists()


def test_a_day_of_a_year_before_stays(admin, party):
    with instants.at(instants.now() + dt.timedelta(days=800)):
        assert admin.get(at("retire", "calendar", party.pk)).status_code in (302, 404)
        assert register_named("calendar").is_over(party)


def test_a_person_who_is_switched_off_is_not_edited(admin, wang):
    User.objects.filter(pk=wang.pk).update(is_active=False)
    page = admin.get(at("row", "users", wang.pk))
    assert not page.context["may_change"]
    assert [each.key for each in page.context["buttons"]] == ["on"]
