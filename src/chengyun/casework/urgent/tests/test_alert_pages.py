"""The line over every page, the record, and who may read them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chengyun.casework.urgent import services
from chengyun.casework.urgent.tests.test_alerts import PHONE, heard, minutes, on_shift, urgent
from chengyun.core import events, instants
from chengyun.core.models import Event


@pytest.mark.django_db(transaction=True)  # on PostgreSQL a page asks below the oldest open transaction
def test_the_line_names_case_place_and_who_would_acknowledge(desk, county):
    case = county.report(is_urgent=True, address="凤凰街 12 号")
    heard()
    events.settle()
    page = desk("receiver").get(reverse("cases:queue")).content.decode()
    assert case.title in page
    assert "凤凰街 12 号" in page
    assert "receiver 知悉" in page


def test_the_number_is_shown_to_whoever_must_call_and_masked_in_the_record(desk, county):
    on_shift(county, "receiver")
    alert = urgent(county)
    with instants.at(minutes(3)):
        services.escalate_due()
    assert f"tel:{PHONE}" in desk("chief").get(reverse("urgent:line")).content.decode()
    page = desk("leader").get(reverse("urgent:alert", args=[alert.pk])).content.decode().partition("<main")[2]
    assert PHONE not in page
    assert "138****1234" in page


def test_the_second_click_is_told_over_the_line(desk, county):
    alert = urgent(county)
    services.acknowledge(alert.pk, by=county.actor("chief"))
    answer = desk("receiver").post(reverse("urgent:acknowledge", args=[alert.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "chief 已在" in answer.content.decode()


def test_without_script_the_button_leads_back(desk, county):
    alert = urgent(county)
    answer = desk("receiver").post(reverse("urgent:acknowledge", args=[alert.pk]))
    assert answer.status_code == 302
    alert.refresh_from_db()
    assert alert.ended_by_name == "receiver"


@pytest.mark.parametrize(("name", "status"), [
    ("receiver", 200), ("chief", 200), ("dispatcher", 200), ("leader", 200), ("supervisor", 200), ("evaluator", 200),
    ("handler", 403), ("collector", 403), ("admin", 403), ("market", 403),
])  # fmt: skip
def test_who_reads_the_record(desk, county, name, status):
    alert = urgent(county)
    for page in (reverse("urgent:list"), reverse("urgent:alert", args=[alert.pk])):
        assert desk(name).get(page).status_code == status


def test_an_alert_is_an_event_that_moves_the_pages(desk, county):
    alert = urgent(county)
    services.acknowledge(alert.pk, by=county.actor("chief"))
    assert [event.kind for event in Event.objects.filter(subject=alert.chain).order_by("id")] == [
        "urgent.raised",
        "urgent.acknowledged",
    ]
