"""The orders of the case lists: every case once, page after page, along an index; a file in the order of its page."""

import datetime as dt
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.urls import reverse

from chengyun.casework.cases import exports, filters, orders
from chengyun.casework.cases.models import Case

DAY = dt.datetime(2026, 1, 1, 4, tzinfo=dt.UTC)
# (reported, changed, due, ended, urgent) in days; the fourth and sixth share every time with others.
LIVES = [(1, 9, 5, False, False), (2, 3, 4, False, True), (3, 4, 4, True, True), (4, 4, 6, False, True)]
LIVES += [(4, 4, 6, False, True), (2, 8, 1, True, False), (5, 6, 4, False, False)]
WANTED = {
    "due": [1, 6, 0, 3, 4, 5, 2],
    "urgent": [1, 3, 4, 6, 0, 5, 2],
    "reported": [6, 4, 3, 2, 5, 1, 0],
    "reported-old": [0, 1, 5, 2, 3, 4, 6],
    "changed": [0, 5, 6, 4, 3, 2, 1],
    "changed-old": [1, 2, 3, 4, 6, 5, 0],
}


@pytest.fixture
def lives(county):
    cases = [county.report() for _each in LIVES]
    for case, (reported, changed, due, ended, urgent) in zip(cases, LIVES, strict=True):
        Case.objects.filter(pk=case.pk).update(
            reported_at=DAY + dt.timedelta(reported),
            last_step_at=DAY + dt.timedelta(changed),
            queue_at=DAY + dt.timedelta(due),
            ended_at=DAY if ended else None,
            is_urgent=urgent,
        )
    return [case.pk for case in cases]


def paged(params, few=False):
    """The ids of all pages, one after the other."""
    seen = []
    while True:
        cases = filters.filtered(Case.objects.all(), filters.chosen(params))
        page = (filters.soonest_first if few else filters.newest_first)(cases, params)
        seen += [case.pk for case in page.cases]
        if not page.older:
            return seen
        params = {name: values[0] for name, values in parse_qs(page.older).items()}


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("sort", WANTED)
def test_every_page_goes_on_where_the_last_one_ended(lives, monkeypatch, sort, size):
    monkeypatch.setattr(filters, "PAGE", size)
    wanted = [lives[at] for at in WANTED[sort]]
    assert paged({"sort": sort}) == wanted
    monkeypatch.setattr(orders, "MOST_SORTED", 0)
    assert paged({"sort": sort, "stage": "reported"}) == wanted


@pytest.mark.parametrize("sort", WANTED)
def test_the_file_is_in_the_order_of_the_page(lives, county, sort):
    found = exports.all_cases(county.actor("receiver"), {"sort": sort})
    assert [case.pk for case in found] == [lives[at] for at in WANTED[sort]]


def test_a_filter_and_an_order_go_together(lives):
    assert paged({"sort": "changed", "urgent": "1"}) == [lives[at] for at in (4, 3, 2, 1)]


def test_a_queue_is_ordered_too(lives):
    assert paged({"sort": "changed-old"}, few=True) == [lives[at] for at in WANTED["changed-old"]]
    assert paged({"sort": "urgent"}, few=True) == [lives[at] for at in (1, 2, 3, 4, 5, 6, 0)]


def test_a_queues_file_is_in_the_order_of_its_page(lives, county):
    found = exports.queued_cases(county.actor("receiver"), {"sort": "urgent"})
    assert [case.pk for case in found] == paged({"sort": "urgent"}, few=True)


def test_an_unknown_order_is_left_aside(lives):
    assert paged({"sort": "1; DROP"}) == sorted(lives, reverse=True)


def test_the_head_shows_the_order_and_offers_the_next(client, lives, county):
    client.force_login(county.users["receiver"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("cases:list"), {"sort": "reported", "stage": "reported"}).content.decode()
    assert 'aria-sort="descending"' in page
    assert "?stage=reported&amp;sort=reported-old" in page


def plan_of(cases):
    sql, values = cases.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return " ".join(row[3] for row in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [{}, {"stage": "closed"}, {"township": "370100001", "source": "public"}])
@pytest.mark.parametrize(
    ("sort", "index"), [("due", "case_open_queue"), ("urgent", "case_open_urgent"), ("reported", "case_reported")]
    + [("reported-old", "case_reported"), ("changed", "case_changed"), ("changed-old", "case_changed")],
)  # fmt: skip
@pytest.mark.sqlite  # PostgreSQL chooses by the size of its tables.
def test_an_order_comes_out_of_its_index_whatever_the_filters(monkeypatch, chosen, sort, index):
    monkeypatch.setattr(orders, "MOST_SORTED", 0)
    cases = filters.filtered(Case.objects.all(), chosen)
    plan = plan_of(orders.rows(cases, orders.SORTS[sort].stretches[0], chosen)[:101])
    assert index in plan and "TEMP B-TREE" not in plan


@pytest.mark.django_db
@pytest.mark.sqlite  # PostgreSQL chooses by the size of its tables.
def test_few_cases_are_found_by_the_filter_and_sorted():
    chosen = {"minor": "01001"}
    cases = filters.filtered(Case.objects.all(), chosen)
    assert "case_class" in plan_of(orders.rows(cases, orders.SORTS["changed"].stretches[0], chosen)[:101])
