"""What upper modules declare stands on the case page, without the page naming them."""

import pytest
from django.urls import reverse
from django.utils.html import format_html

from chengyun.casework.cases.templatetags import case_tags
from chengyun.core.declarations import CaseAction, CaseControl, CasePanel, StepAid

DECLARED = {
    CasePanel: [
        CasePanel("路灯", lambda request, case: format_html("<p>灯杆 {}</p>", case.number), order=1),
        CasePanel("空的", lambda request, case: "", order=2),
    ],
    CaseAction: [
        CaseAction("看全部", "cases:case", "files"),
        CaseAction("不给看", "cases:case", "files", offered=lambda request, case: False),
    ],
    CaseControl: [CaseControl(lambda request, case: format_html("<button>{}</button>", "按一下"))],
    StepAid: [StepAid(lambda request, case, verb: format_html("<p>帮手 {} {}</p>", verb, request.actor.name))],
}


@pytest.fixture
def page(client, county, monkeypatch):
    monkeypatch.setattr(case_tags, "collect", lambda kind: DECLARED[kind])
    client.force_login(county.users["receiver"], backend="django.contrib.auth.backends.ModelBackend")
    case = county.report()
    return case, client.get(case.get_absolute_url()).content.decode()


def test_a_panel_stands_in_the_aside(page):
    case, html = page
    assert f"<p>灯杆 {case.number}</p>" in html


def test_a_blank_panel_is_left_out(page):
    assert "空的" not in page[1]


def test_an_action_is_offered_or_hidden(page):
    assert "看全部" in page[1]
    assert "不给看" not in page[1]


def test_a_control_stands_beside_the_actions(page):
    assert "<button>按一下</button>" in page[1]


def test_the_form_of_a_step_has_its_aids(page):
    assert "<p>帮手 accept receiver</p>" in page[1]


def test_a_form_fetched_alone_has_them_too(page, client):
    address = reverse("cases:step", args=[page[0].number, "refuse"])
    assert "<p>帮手 refuse receiver</p>" in client.get(address).content.decode()
