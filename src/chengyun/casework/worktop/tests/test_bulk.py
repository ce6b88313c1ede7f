"""One step for many: previewed case by case, taken case by case, told case by case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.casework.cases.models import Case, Step
from chengyun.casework.worktop import bulk
from chengyun.casework.worktop.models import BulkRun
from chengyun.core.errors import UserError

TOKEN = "a" * 32


def sent(cases, verb, **more):
    each = {f"version-{case.number}": case.version for case in cases}
    return {"case": [case.number for case in cases], "verb": verb, "token": TOKEN, **each, **more}


def preview(client, cases, verb="", **more):
    return client.post(reverse("worktop:bulk"), sent(cases, verb, **more))


def take(client, cases, verb, **more):
    return client.post(reverse("worktop:take_bulk"), sent(cases, verb, **more))


def stages(*cases):
    return [Case.objects.get(pk=case.pk).stage for case in cases]


def test_the_preview_says_what_will_happen_and_changes_nothing(as_, county):
    cases = [county.report(), county.report()]
    page = preview(as_("receiver"), cases, "accept", **{"all-minor_class": county.waste.pk})
    assert page.text.count("待立案") == 2
    assert stages(*cases) == ["reported", "reported"]


def test_what_is_missing_is_said_before_it_is_sent(as_, county):
    page = preview(as_("receiver"), [county.report()], "accept")
    assert "请填写“小类”" in page.text


def test_many_are_accepted_at_once_each_with_its_own_class_where_it_is_typed(as_, county):
    one, other = county.report(), county.report()
    given = {"all-minor_class": county.waste.pk, f"{one.number}-minor_class": ""}
    answer = take(as_("receiver"), [one, other], "accept", **given)
    assert stages(one, other) == ["accepted", "accepted"]
    page = as_("receiver").get(answer["Location"])
    assert "已经办好 2 件" in page.text


def test_a_department_of_one_row_holds_for_that_row(as_, county):
    one, other = county.walk(county.report(), "file"), county.walk(county.report(), "file")
    given = {"all-department": county.housing.pk, f"{other.number}-department": county.market.pk}
    page = preview(as_("dispatcher"), [one, other], "dispatch", **given)
    assert page.text.count("时限至") >= 2
    take(as_("dispatcher"), [one, other], "dispatch", **given)
    assert [Case.objects.get(pk=case.pk).main_department for case in (one, other)] == [county.housing, county.market]


def test_what_cannot_be_done_is_named_and_the_rest_is_done(as_, county):
    good, old, later = county.report(), county.report(), county.walk(county.report(), "accept")
    data = sent([good, old, later], "accept", **{"all-minor_class": county.waste.pk})
    county.step(old, "refuse", "receiver", reason="重复")
    client = as_("receiver")
    page = client.get(client.post(reverse("worktop:take_bulk"), data)["Location"]).text
    assert "已经办好 1 件" in page and "没有办成 2 件" in page
    assert "刚被他人办理" in page
    assert stages(good, old, later) == ["accepted", "refused", "accepted"]


def test_a_second_click_finds_the_first_result_and_does_nothing(as_, county):
    case = county.report()
    data = sent([case], "accept", **{"all-minor_class": county.waste.pk})
    client = as_("receiver")
    first = client.post(reverse("worktop:take_bulk"), data)
    again = client.post(reverse("worktop:take_bulk"), data)
    assert first["Location"] == again["Location"]
    assert BulkRun.objects.count() == 1
    assert Step.objects.filter(case=case, verb="accept").count() == 1
    assert "已经办好 1 件" in client.get(again["Location"]).text


def test_no_more_than_two_hundred(county):
    with pytest.raises(UserError, match="最多办理 200 件"):
        bulk.chosen_cases(county.actor("receiver"), [str(number) for number in range(201)])


def test_what_one_does_not_see_is_left_out(as_, county):
    hidden = county.report()
    page = preview(as_("market"), [hidden], "accept")
    assert "没有可以批量办理的步骤" in page.text
    take(as_("market"), [hidden], "accept", **{"all-minor_class": county.waste.pk})
    assert stages(hidden) == ["reported"]


def test_only_steps_of_the_table_that_allow_it(as_, county):
    case = county.walk(county.report(), "receive")
    assert take(as_("handler"), [case], "apply_suspension").status_code == 400


def test_for_a_department_off_line_the_evidence_is_asked_once(as_, county):
    cases = [county.walk(county.report(), "dispatch", county.village) for _round in range(2)]
    page = preview(as_("dispatcher"), cases, "receive")
    assert "all-evidence_note" in page.text
    take(as_("dispatcher"), cases, "receive", **{"all-evidence": "phone", "all-evidence_note": "王五来电"})
    assert stages(*cases) == ["handling", "handling"]


def test_the_result_of_another_is_not_mine(as_, county):
    case = county.report()
    answer = take(as_("receiver"), [case], "accept", **{"all-minor_class": county.waste.pk})
    assert as_("chief").get(answer["Location"]).status_code == 404


def test_nothing_chosen_is_said_so(as_, county):
    assert as_("receiver").post(reverse("worktop:bulk"), {}).status_code == 400


def test_the_preview_costs_the_same_for_few_and_many(as_, county):
    client = as_("receiver")
    cases = [county.report() for _round in range(12)]

    def cost(chosen):
        with CaptureQueriesContext(connection) as captured:
            preview(client, chosen, "accept", **{"all-minor_class": county.waste.pk})
        return len(captured)

    cost(cases)
    # The class is read for each case, as the step itself does.
    assert cost(cases) - cost(cases[:2]) <= 10


@pytest.mark.parametrize("token", ["", "x y", "\x00", "a" * 33, "../x"])
def test_a_click_without_a_name_of_its_own_is_refused_and_changes_nothing(as_, county, token):
    case = county.report()
    answer = take(as_("receiver"), [case], "accept", token=token, **{"all-minor_class": county.waste.pk})
    assert answer.status_code == 400
    assert stages(case) == ["reported"]
    assert not BulkRun.objects.exists()
