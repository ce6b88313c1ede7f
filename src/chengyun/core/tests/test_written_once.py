"""Statements that were put together once ask and write what the ORM asks and writes."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chengyun.core.calendar_models import CalendarDay, WorkCalendar
from chengyun.core.db.asked import MOST, Asked
from chengyun.core.db.inserted import insert
from chengyun.core.models import Event

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
DAYS = Asked(lambda calendar_id: CalendarDay.objects.select_related("calendar").filter(calendar=calendar_id), int)


def happened(kind="a", subject="case:1", data=None) -> Event:
    return Event(at=NOON, kind=kind, subject=subject, data={"字": [1.5, None, "'%s"]} if data is None else data)


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def calendar(version: int) -> WorkCalendar:
    made = WorkCalendar(
        version=version, name="历", periods=[{"begins": "08:00"}], created_at=NOON, created_by_name="甲"
    )
    insert([made])
    insert([CalendarDay(calendar=made, date=dt.date(2026, 1, day), is_working=False, name="元旦") for day in (1, 2)])
    return made


def test_a_row_is_written_as_save_writes_it():
    ours, theirs = happened(), happened()
    insert([ours])
    theirs.save(force_insert=True)
    stored, saved = (columns(Event.objects.get(pk=each.pk)) for each in (ours, theirs))
    assert stored | {"id": 0} == saved | {"id": 0}
    assert columns(ours) == stored


def test_rows_come_back_with_their_keys_in_order():
    rows = [happened(kind=f"k{number}") for number in range(20)]
    with CaptureQueriesContext(connection) as captured:
        insert(rows)
    assert len(captured) == 3
    assert list(Event.objects.order_by("id").values_list("id", "kind")) == [(row.pk, row.kind) for row in rows]


def test_nothing_to_write_asks_nothing():
    with CaptureQueriesContext(connection) as captured:
        insert([])
    assert len(captured) == 0


def test_a_row_that_agrees_in_what_is_unique_is_overwritten():
    insert([Session(session_key="k", session_data="old", expire_date=NOON)], replacing=("session_key",))
    insert([Session(session_key="k", session_data="new", expire_date=NOON)], replacing=("session_key",))
    assert list(Session.objects.values_list("session_key", "session_data")) == [("k", "new")]


def test_what_breaks_a_rule_is_refused_as_ever():
    calendar(7)
    with pytest.raises(IntegrityError), transaction.atomic():
        calendar(7)


def test_a_question_finds_what_the_queryset_finds_with_any_value():
    for version in (1, 2):
        calendar(version)
    for made in WorkCalendar.objects.all():
        asked, found = DAYS.rows(made.pk), list(CalendarDay.objects.filter(calendar=made))
        assert [columns(row) for row in asked] == [columns(row) for row in found]
        assert [columns(row.calendar) for row in asked] == [columns(made)] * 2
    assert DAYS.rows(0) == []


def test_a_question_is_put_together_once_and_asks_one_statement():
    made, times = calendar(1), []

    def make(subject):
        times.append(subject)
        return Event.objects.filter(subject=subject).order_by("-id")[:1]

    question = Asked(make, str)
    insert([happened(subject="x", data={}), happened(subject="y', --%s", data={"a": 1})])
    with CaptureQueriesContext(connection) as captured:
        found = [question.first(subject) for subject in ("x", "y', --%s", "none")]
        assert DAYS.rows(made.pk)[0].calendar.name == "历"
    assert [each and each.data for each in found] == [{}, {"a": 1}, None]
    assert len(times) == 1
    assert len(captured) == 4


def test_a_question_without_an_answer_asks_nothing():
    nobody = Asked(lambda subject: Event.objects.filter(subject=subject).none(), str)
    with CaptureQueriesContext(connection) as captured:
        assert nobody.rows("x") == []
    assert len(captured) == 0


def test_a_value_that_is_not_compared_as_given_is_no_question():
    with pytest.raises(ValueError, match="as it was given"):
        Asked(lambda text: Event.objects.filter(subject__contains=text), str).rows("x")


def test_a_connection_keeps_so_many_questions():
    for _each in range(MOST + 5):
        Asked(lambda subject: Event.objects.filter(subject=subject), str).rows("x")
    assert len(connection.chengyun_asked) == MOST
