"""The pages of the sheet: every figure opens as many cases as it counts."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.casework.handover.models import Sheet
from chengyun.casework.handover.shifts import DAY
from chengyun.casework.handover.tests.shifts import DAY_ONE, END
from chengyun.casework.handover.tests.test_handover import signed
from chengyun.core import instants

NUMBER = re.compile(r'data-figure="(\w+)">([\d ]+)<')
SHEET = ("handover:sheet", [DAY_ONE.isoformat(), "early"])


def page(client, name, arguments=()):
    answer = client.get(reverse(name, args=arguments))
    return answer.content.decode()


@pytest.mark.parametrize("is_signed", [False, True])
def test_every_figure_opens_as_many_cases_as_it_counts(desk, county, is_signed):
    county.report(source="public", is_urgent=True)
    case = county.walk(county.report(), "receive")
    county.step(case, "supervise", "supervisor", note="今日办结", answer_by=END + DAY)
    with instants.at(END):
        if is_signed:
            signed(county)
        figures = dict(NUMBER.findall(page(desk("receiver"), *SHEET)))
        assert {"reported", "supervised", "urgent_open", "stage_handling"} <= figures.keys()
        for key, number in figures.items():
            shown = page(desk("receiver"), "handover:figure", [*SHEET[1], key])
            assert f"data-number>{number}<" in shown, key
            assert shown.count("data-key-item") == int(number), key


def test_signed_figures_stand_while_the_cases_go_on(desk, county):
    case = county.report()
    signed(county)
    county.step(case, "refuse", "receiver", reason="重复")
    assert dict(NUMBER.findall(page(desk("chief"), *SHEET)))["stage_reported"] == "1"


def test_signing_and_taking_over_on_the_page(desk, county):
    with instants.at(END):
        assert desk("receiver").post(reverse(SHEET[0], args=SHEET[1]), {"remarks": "一切正常"}).status_code == 302
        sheet = Sheet.objects.get()
        assert "一切正常" in page(desk("dispatcher"), *SHEET)
        assert desk("dispatcher").post(reverse("handover:take_over", args=[sheet.pk])).status_code == 302
        assert "已交接" in page(desk("dispatcher"), "handover:list")


def test_a_refused_signature_keeps_the_remarks(desk, county):
    answer = desk("receiver").post(reverse(SHEET[0], args=SHEET[1]), {"remarks": "写了一半"})
    assert answer.status_code == 400
    assert "写了一半" in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [
    ("receiver", 200), ("chief", 200), ("dispatcher", 200), ("leader", 200), ("supervisor", 200), ("evaluator", 200),
    ("handler", 403), ("collector", 403), ("admin", 403), ("market", 403),
])  # fmt: skip
def test_who_reads_the_sheets(desk, county, name, status):
    for address in (
        reverse("handover:list"),
        reverse(SHEET[0], args=SHEET[1]),
        reverse("handover:figure", args=[*SHEET[1], "reported"]),
    ):
        assert desk(name).get(address).status_code == status, address


@pytest.mark.parametrize("address", [
    "/handover/2026-13-01/early/", "/handover/x/early/", "/handover/2026-03-02/noon/", "/handover/2026-03-02/night/",
    "/handover/2026-03-02/early/cases/nothing", "/handover/9999-12-31/early/",
])  # fmt: skip
def test_an_address_of_nothing_is_not_found(desk, county, address):
    assert desk("chief").get(address).status_code == 404


@pytest.mark.parametrize("until", ["", "x", "9999-12-31", "0001-01-01", "\x00"])
def test_a_strange_week_is_this_week(desk, county, until):
    assert desk("chief").get(reverse("handover:list"), {"until": until}).status_code == 200


def test_the_sheet_costs_the_same_with_many_cases(desk, county):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert desk("chief").get(reverse(SHEET[0], args=SHEET[1])).status_code == 200
        return len(captured)

    county.report()
    statements()
    few = statements()
    for _ in range(20):
        county.report()
    assert statements() == few
