import pytest
from django.urls import reverse

from chengyun.assets.models import State
from chengyun.assets.services.editing import retire
from chengyun.assets.tests.town import BIN, component
from chengyun.casework.cases.models import Case
from chengyun.casework.components.models import CaseComponent
from chengyun.casework.components.queries import links_visible
from chengyun.casework.components.services import link, unlink
from chengyun.casework.components.tests.telling import BACKEND, report
from chengyun.core import events, handlers, history
from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM
from chengyun.taxonomy.models import MinorClass


def of_class(case: Case, code: str) -> Case:
    case.minor_class = MinorClass.objects.get(standard__code="GB/T 47678.5-2026", kind="matter", code=code)
    case.class_code, case.class_name = code, case.minor_class.name
    case.save()
    return case


def test_a_case_is_about_one_component_and_the_choice_is_recorded(county, well):
    case, other = report(), component()
    link(case, well.identifier, by=SYSTEM)
    link(case, other.identifier, by=SYSTEM)
    link(case, other.identifier, by=SYSTEM)
    assert CaseComponent.objects.get(case=case).component == other
    told = [record.data["component"] for record in history.records(f"case_component:{case.number}")]
    assert told == [other.identifier, well.identifier]


def test_a_component_of_another_class_is_refused(county, well):
    case = of_class(report(), "01003")
    with pytest.raises(UserError, match="垃圾箱"):
        link(case, component(class_code=BIN).identifier, by=SYSTEM)
    link(case, well.identifier, by=SYSTEM)


def test_an_unknown_identifier_is_refused(county):
    with pytest.raises(UserError, match="99999999999999999"):
        link(report(), "9" * 17, by=SYSTEM)


def test_none_again(county, well):
    case = report()
    link(case, well.identifier, by=SYSTEM)
    unlink(case, by=SYSTEM)
    assert not CaseComponent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_report_of_any_channel_brings_its_component(county, well):
    case = report(extra={"component": well.identifier})
    wrong = report("2", extra={"component": "12"})
    events.settle()
    handlers.discover()
    handlers.run_until_quiet()
    assert list(CaseComponent.objects.values_list("case_id", "component_id")) == [(case.pk, well.pk)]
    assert wrong.pk


def test_the_desk_links_at_once(county, well, client):
    client.force_login(county.users["receiver"], backend=BACKEND)
    given = {
        "key": "0" * 32, "source": "public", "title": "井盖破损", "words": "凤凰街雨水井盖碎了",
        "location": f"{well.lon},{well.lat}", "component": well.identifier,
    }  # fmt: skip
    page = client.post(reverse("desk:new"), given, follow=True).content.decode()
    assert CaseComponent.objects.get().component == well
    assert well.identifier in page


def test_the_desk_says_which_identifier_it_does_not_know(county, client):
    client.force_login(county.users["receiver"], backend=BACKEND)
    given = {"key": "0" * 32, "source": "public", "title": "井盖破损", "words": "碎了", "component": "12"}
    answer = client.post(reverse("desk:new"), given)
    assert answer.status_code == 422
    assert "没有标识码为 12 的部件" in answer.content.decode()
    assert not Case.objects.exists()


def test_the_component_tells_its_cases_and_the_case_its_component(county, well, client):
    client.force_login(county.users["receiver"], backend=BACKEND)
    first, second = report(), report("2", title="井盖又破了")
    for case in (first, second):
        link(case, well.identifier, by=SYSTEM)
    page = client.get(well.get_absolute_url()).content.decode()
    assert first.number in page
    assert second.number in page
    assert "井盖又破了" in client.get(first.get_absolute_url()).content.decode()


def test_who_may_not_see_the_case_does_not_see_it_on_the_component(county, well, client):
    client.force_login(county.users["market"], backend=BACKEND)
    case = report()
    link(case, well.identifier, by=SYSTEM)
    assert case.number not in client.get(well.get_absolute_url()).content.decode()
    assert not links_visible(county.actor("market"), {}).exists()
    assert client.get(reverse("components:choose", args=[case.number])).status_code == 404


def test_it_is_chosen_on_its_page(county, well, client):
    client.force_login(county.users["receiver"], backend=BACKEND)
    case = report()
    address = reverse("components:choose", args=[case.number])
    assert client.get(address).status_code == 200
    assert client.post(address, {"component": "12"}).status_code == 422
    assert client.post(address, {"component": well.identifier}).status_code == 302
    assert CaseComponent.objects.get(case=case).component == well
    client.post(address, {"none": "1"})
    assert not CaseComponent.objects.exists()


def test_before_it_is_retired_its_open_cases_are_named(county, well, client):
    client.force_login(county.users["admin"], backend=BACKEND)
    link(report(), well.identifier, by=SYSTEM)
    assert "1 件未办结" in client.get(reverse("assets:retire", args=[well.identifier])).content.decode()
    retire(well, State.REMOVED, by=SYSTEM)
    assert CaseComponent.objects.count() == 1
