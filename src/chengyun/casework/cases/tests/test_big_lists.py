"""Lists over very many cases: the database walks an index in the order of the page, and sorts nothing."""

import datetime as dt
from urllib.parse import parse_qs

import pytest
from django.db import connection

from chengyun.casework.cases import filters, notices
from chengyun.casework.cases.models import Case
from chengyun.core.instants import now

DAYS = {"since": "2026-01-01", "until": "2026-01-31"}


def reported_on_days(county, *days):
    cases = [county.report() for _ in days]
    for case, day in zip(cases, days, strict=True):
        Case.objects.filter(pk=case.pk).update(reported_at=dt.datetime(2026, 1, day, 4, tzinfo=dt.UTC))
    return cases


def page_of(params):
    return filters.newest_first(filters.filtered(Case.objects.all(), filters.chosen(params)), params)


def plan_of(cases):
    sql, values = cases.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return " ".join(row[3] for row in cursor.fetchall())


def test_days_alone_are_listed_by_report_time_page_after_page(county, monkeypatch):
    monkeypatch.setattr(filters, "PAGE", 2)
    third, first, last, same = reported_on_days(county, 3, 1, 20, 20)
    page, seen = page_of(DAYS), []
    while True:
        seen += [case.pk for case in page.cases]
        if not page.older:
            break
        page = page_of({name: values[0] for name, values in parse_qs(page.older).items()})
        assert not page.is_first
    assert seen == [same.pk, last.pk, third.pk, first.pk]


def test_days_beside_another_filter_stay_newest_first(county):
    early, late = reported_on_days(county, 20, 3)
    assert [case.pk for case in page_of(DAYS | {"stage": "reported"}).cases] == [late.pk, early.pk]


def test_a_closed_case_shows_no_lamp(county):
    case = county.report()
    past = now() - dt.timedelta(hours=1)
    Case.objects.filter(pk=case.pk).update(due_at=past, yellow_at=past, is_paused=False)
    assert filters.filtered(Case.objects.all(), {"lamp": "red"}).exists()
    Case.objects.filter(pk=case.pk).update(ended_at=past)
    assert not filters.filtered(Case.objects.all(), {"lamp": "red"}).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "order", "index"),
    [
        ({"open": True}, ("-id",), "case_open"),
        ({"lamp": "red"}, ("-id",), "case_open"),
        ({"lamp": "grey"}, ("-id",), "case_open"),
        ({"since": dt.date(2026, 1, 1), "until": dt.date(2026, 1, 31)}, ("-reported_at", "-id"), "case_reported"),
    ],
)
@pytest.mark.sqlite  # PostgreSQL chooses by the size of its tables.
def test_the_order_comes_out_of_an_index(chosen, order, index):
    plan = plan_of(filters.filtered(Case.objects.all(), chosen).order_by(*order)[:101])
    assert index in plan and "TEMP B-TREE" not in plan


@pytest.mark.sqlite  # PostgreSQL chooses by the size of its tables.
def test_unread_notices_are_counted_without_putting_together_all_that_one_sees(county):
    plan = plan_of(notices.notices_of(county.actor("handler")))
    assert "LIST SUBQUERY" not in plan and "SCAN cases_case" not in plan
    assert "LIST SUBQUERY" not in plan_of(notices.notices_of(county.actor("receiver")))
