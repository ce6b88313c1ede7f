import threading

import pytest
from django.db import connection, transaction

from chengyun.core import events
from chengyun.core.events import Cursor
from chengyun.core.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


def announce(*subjects):
    appended = append(*subjects)
    events.settle()
    return appended


def append(*subjects):
    with transaction.atomic():
        return [events.append("test.happened", subject, {}) for subject in subjects]


def subjects(found):
    return [event.subject for event in found]


def test_events_come_in_order_and_once():
    announce("case:1", "case:2")
    announce("case:3")

    first = events.after(Cursor.START, limit=2)
    rest = events.after(first[-1].cursor)

    assert subjects(first) == ["case:1", "case:2"]
    assert subjects(rest) == ["case:3"]


def test_an_event_knows_its_cursor_at_once():
    [event] = announce("case:1")

    assert Cursor.parse(str(event.cursor)) == event.cursor
    assert events.after(event.cursor) == []


def test_only_the_kinds_asked_for():
    announce("case:1")
    with transaction.atomic():
        events.append("test.other", "case:2", {})
    events.settle()

    assert subjects(events.after(Cursor.START, kinds=["test.other"])) == ["case:2"]


def test_an_event_needs_the_transaction_of_its_change():
    with pytest.raises(transaction.TransactionManagementError):
        events.append("test.happened", "case:1", {})


def test_a_rolled_back_change_announces_nothing():
    with transaction.atomic():
        events.append("test.happened", "case:1", {})
        transaction.set_rollback(True)

    assert events.after(Cursor.START) == []


def test_newest_is_where_the_future_begins():
    announce("case:1")
    here = events.newest()
    announce("case:2")

    assert subjects(events.after(here)) == ["case:2"]


def test_nonsense_is_no_cursor():
    with pytest.raises(ValueError):
        Cursor.parse("yesterday")


def test_a_restored_database_loses_no_event():
    announce("case:1", "case:2")
    if connection.vendor == "postgresql":  # as if it came from a cluster that had counted much further
        Event.objects.filter(subject="case:1").update(xid=2**40)
        Event.objects.filter(subject="case:2").update(xid=2**40 + 1)
    events.rebase()
    announce("case:3")

    assert subjects(events.after(Cursor.START)) == ["case:1", "case:2", "case:3"]


@pytest.mark.postgres
def test_a_late_commit_is_delivered_exactly_once():
    """First writer inserts; second inserts and commits; read; first commits: both are delivered, once each."""
    inserted, may_commit = threading.Event(), threading.Event()

    def first_writer():
        with transaction.atomic():
            events.append("test.happened", "first", {})
            inserted.set()
            assert may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=first_writer)
    thread.start()
    assert inserted.wait(10)
    append("second")

    assert not events.settle(timeout_s=0)
    early = events.after(Cursor.START)
    may_commit.set()
    thread.join()
    assert events.settle()
    late = events.after(early[-1].cursor if early else Cursor.START)

    assert sorted(subjects(early + late)) == ["first", "second"]


@pytest.mark.postgres
def test_a_reader_by_id_alone_would_have_lost_it():
    """The same story read by id: proof that the test above can fail."""
    inserted, may_commit = threading.Event(), threading.Event()

    def first_writer():
        with transaction.atomic():
            events.append("test.happened", "first", {})
            inserted.set()
            assert may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=first_writer)
    thread.start()
    assert inserted.wait(10)
    append("second")

    early = list(Event.objects.order_by("id"))
    may_commit.set()
    thread.join()
    late = list(Event.objects.filter(id__gt=early[-1].id))

    assert subjects(early + late) == ["second"]
