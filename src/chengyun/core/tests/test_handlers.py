import datetime as dt

import pytest
from django.db import transaction

from chengyun.core import events, handlers, instants
from chengyun.core.models import HandlerCursor, HandlerFailure, Record
from chengyun.core.tests.settled import run_handlers

pytestmark = pytest.mark.django_db(transaction=True)

NOON = dt.datetime(2026, 3, 1, 4, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def no_other_handlers(monkeypatch):
    monkeypatch.setattr(handlers, "_handlers", {})


def announce(*subjects, kind="test.happened"):
    with transaction.atomic():
        for subject in subjects:
            events.append(kind, subject, {})


def listening(name="test.listener", kinds=("test.happened",), poison=None):
    """A handler that notes what it digests; it chokes on the subject `poison`."""
    digested = []

    @handlers.handler(name, kinds=kinds)
    def consume(batch):
        Record.objects.bulk_create(
            Record(chain=name, seq=event.id, at=instants.now(), verb=event.kind, by_name="", hash="") for event in batch
        )
        if poison in [event.subject for event in batch]:
            raise RuntimeError(f"cannot digest {poison}")
        digested.extend(event.subject for event in batch)

    return digested


def test_a_handler_gets_each_event_once_and_in_order():
    digested = listening()
    announce("case:1", "case:2")
    handlers.run_until_quiet()
    announce("case:3")
    handlers.run_until_quiet()

    assert digested == ["case:1", "case:2", "case:3"]


def test_each_handler_gets_the_kinds_it_asked_for():
    digested, other = listening(), listening("test.other", kinds=("test.other",))
    announce("case:1")
    announce("case:2", kind="test.other")
    handlers.run_until_quiet()

    assert (digested, other) == (["case:1"], ["case:2"])


def test_batches_stay_small(monkeypatch):
    monkeypatch.setattr(handlers, "BATCH", 2)
    digested = listening()
    announce("case:1", "case:2", "case:3")

    assert run_handlers() == 2
    assert run_handlers() == 1
    assert len(digested) == 3


def test_an_idle_round_writes_nothing_and_reads_twice(django_assert_num_queries):
    listening()
    announce("case:1")
    handlers.run_until_quiet()

    with django_assert_num_queries(2):
        handlers.run_handlers()


def test_events_of_other_kinds_are_stepped_over():
    listening()
    announce("case:1", kind="test.other")
    run_handlers()

    assert HandlerCursor.objects.get().cursor == events.newest()


def test_a_handler_may_leave_the_past_behind():
    digested = listening()
    announce("case:1")
    events.settle()
    handlers.begin_now("test.listener")
    announce("case:2")
    handlers.run_until_quiet()

    assert digested == ["case:2"]


def test_a_failing_handler_does_not_hold_up_another():
    stuck, healthy = listening("test.stuck", poison="case:1"), listening("test.healthy")
    announce("case:1")
    run_handlers()

    assert (stuck, healthy) == ([], ["case:1"])


def test_what_a_failing_handler_wrote_is_undone():
    listening(poison="case:1")
    announce("case:1")
    run_handlers()

    assert not Record.objects.exists()
    assert HandlerCursor.objects.get().cursor == events.Cursor.START


def test_events_before_the_bad_one_are_done_with():
    digested = listening(poison="case:3")
    announce("case:1", "case:2", "case:3", "case:4")
    run_handlers()

    assert digested == ["case:1", "case:2"]


def test_a_failed_event_waits_before_the_next_try():
    digested = listening(poison="case:1")
    announce("case:1")
    with instants.at(NOON):
        run_handlers()
        run_handlers()

        assert HandlerCursor.objects.get().tries == 1
    digested.clear()
    listening()
    with instants.at(NOON + dt.timedelta(seconds=3)):
        assert run_handlers() == 1


def test_poison_is_recorded_and_only_then_left_behind(monkeypatch):
    monkeypatch.setattr(handlers, "MAX_TRIES", 3)
    digested = listening(poison="case:1")
    announce("case:1", "case:2")
    for minute in range(4):
        with instants.at(NOON + dt.timedelta(minutes=minute)):
            run_handlers()

    failure = HandlerFailure.objects.get()
    assert (failure.event.subject, failure.tries) == ("case:1", 3)
    assert "cannot digest case:1" in failure.error
    assert digested == ["case:2"]
