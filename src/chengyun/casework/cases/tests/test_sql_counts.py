"""Statements per page and per change (DESIGN §7): the same with one row and with many. Session and user are counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.orders import SORTS
from chengyun.taxonomy.services.state import announce

# Budgets: a list 8, a new report 15 (DESIGN §7). A list keeps one for the look whether settings changed, which every
# process takes from time to time. The others are what was counted when they were written.
PAGE = 7
CASE_PAGE = 18
STEP = 17
REPORTING = 15
REPORT = {"key": "0" * 32, "source": "public", "title": "凤凰街垃圾", "words": "两天没有清理", "location": "117.1,37.3"}


@pytest.fixture
def receiver(client, county):
    announce("test")  # without its token the catalogue is read anew for every page
    client.force_login(county.users["receiver"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def statements(ask) -> list[str]:
    """What a warm process sends: the caches of settings, calendar and filters stand, as after the first page."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"][:160] for query in captured]


def many(county, count=120):
    pattern = county.report()
    rows = []
    for number in range(count):
        row = Case.objects.get(pk=pattern.pk)
        row.pk, row.number = None, f"9{number:05}"
        rows.append(row)
    Case.objects.bulk_create(rows)


SORTED = [f"cases:list?sort={sort}" for sort in SORTS] + [f"cases:queue?sort={sort}" for sort in SORTS]


@pytest.mark.parametrize("page", ["cases:queue", "cases:list", *SORTED])
def test_a_list_costs_the_same_with_one_row_and_with_many(receiver, county, page):
    def ask():
        name, _mark, query = page.partition("?")
        assert receiver.get(f"{reverse(name)}?{query}").status_code == 200

    county.report()
    ask()
    one = statements(ask)
    many(county)
    full = statements(ask)
    assert len(full) <= len(one), full
    assert len(full) <= PAGE, full


def test_a_case_page_costs_the_same_after_many_steps(receiver, county):
    for _each in range(3):
        county.report(lon=117.1, lat=37.3)
    case = county.walk(county.report(lon=117.1, lat=37.3), "receive")

    def ask():
        assert receiver.get(case.get_absolute_url()).status_code == 200

    ask()
    short = statements(ask)
    for _round in range(5):
        county.step(case, "assign", "handler", handler=county.users["handler2"])
        county.step(case, "unassign", "handler2")
    long = statements(ask)
    assert len(long) == len(short), long
    assert len(long) <= CASE_PAGE, long


def test_writing_down_a_report(receiver, county):
    """From the click to the acknowledged case: BEGIN and COMMIT counted, as savepoints here."""

    def ask(key):
        sent = REPORT | {"key": f"{key:032}"}
        assert receiver.post(reverse("desk:new"), sent).status_code == 302

    ask(1)
    found = statements(lambda: ask(2))
    assert len(found) <= REPORTING, "\n".join(found)


def test_taking_a_step(receiver, county):
    first, second = county.report(), county.report()

    def ask(case):
        sent = {"version": 1, "reason": "重复"}
        assert receiver.post(reverse("cases:step", args=[case.number, "refuse"]), sent).status_code == 302

    ask(first)
    found = statements(lambda: ask(second))
    second.refresh_from_db()
    assert second.stage == "refused"
    assert len(found) <= STEP, "\n".join(found)
