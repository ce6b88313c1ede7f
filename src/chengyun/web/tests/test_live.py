import pytest
from django.db import transaction

from chengyun.casework.cases.tests import county as small
from chengyun.core import events, instants


def test_nothing_happened_is_no_content(logged_in):
    assert logged_in.get("/live", {"after": str(events.newest())}).status_code == 204


@pytest.mark.django_db(transaction=True)  # on PostgreSQL a reader waits for the writer's commit
def test_what_happened_moves_the_cursor(logged_in):
    before = str(events.newest())
    with transaction.atomic():
        events.append("setting.changed", "setting:web.idle_minutes", {})
    events.settle()
    answer = logged_in.get("/live", {"after": before})
    assert answer.json()["cases"] == []
    assert logged_in.get("/live", {"after": answer.json()["cursor"]}).status_code == 204


def test_a_cursor_that_cannot_be_read_is_refused(logged_in):
    answer = logged_in.get("/live", {"after": "later"}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["field"] == "after"


def test_a_signed_out_page_is_told_so(client, db):
    assert client.get("/live", headers={"Accept": "application/json"}).status_code == 401


def test_nothing_happened_reads_the_events_once(logged_in, django_assert_num_queries):
    cursor = str(events.newest())
    # Session, person, events.
    with django_assert_num_queries(3):
        logged_in.get("/live", {"after": cursor})


@pytest.fixture
def county(db):
    with instants.at(small.MONDAY):
        yield small.build()


def changed_for(client, user, cursor):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/live", {"after": cursor}).json()["cases"]


@pytest.mark.django_db(transaction=True)
def test_a_changed_case_is_told_to_those_who_may_see_it_only(client, county):
    before = str(events.newest())
    case = county.report()
    events.settle()
    assert changed_for(client, county.users["receiver"], before) == [case.pk]
    assert changed_for(client, county.users["handler"], before) == []
