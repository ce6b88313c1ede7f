import pytest
from django.urls import reverse

from chengyun.casework.worktop import saved
from chengyun.casework.worktop.models import SavedView
from chengyun.core.errors import NotFound, UserError
from chengyun.people.models import Appointment

SAVE = {"page": "list", "name": "公众来源", "query": "source=public&before=77"}


def save(client, **changes):
    return client.post(reverse("worktop:save_view"), SAVE | changes)


def test_a_view_stands_as_a_chip_over_its_list_and_leads_to_its_filters(as_, county):
    client = as_("receiver")
    assert save(client)["Location"] == "/cases/all?source=public"
    page = client.get("/cases/all?source=public").text
    assert "公众来源" in page
    assert 'href="/cases/all?source=public" aria-current="true"' in page
    assert "公众来源" not in client.get("/cases/").text


def test_it_is_ones_own_unless_it_is_shared_with_the_post(as_, county):
    save(as_("receiver"))
    assert "公众来源" not in as_("chief").get("/cases/all").text
    post = county.users["receiver"].appointments.get().post
    Appointment.objects.create(user=county.users["chief"], post=post, valid_from="2020-01-01")
    assert "公众来源" not in as_("chief").get("/cases/all").text
    save(as_("receiver"), name="共用的", shared="on")
    assert "共用的" in as_("chief").get("/cases/all").text


def test_views_are_renamed_ordered_and_deleted(as_, county):
    client = as_("receiver")
    save(client)
    save(client, name="二", query="source=hotline")
    first, second = SavedView.objects.all()
    client.post(reverse("worktop:change_view", args=[second.pk]), {"up": ""})
    assert [view.name for view in SavedView.objects.all()] == ["二", "公众来源"]
    client.post(reverse("worktop:change_view", args=[first.pk]), {"name": "新名"})
    client.post(reverse("worktop:change_view", args=[second.pk]), {"delete": ""})
    assert [view.name for view in SavedView.objects.all()] == ["新名"]


def test_nobody_changes_the_view_of_another(as_, county):
    save(as_("receiver"), shared="on")
    view = SavedView.objects.get()
    assert as_("chief").post(reverse("worktop:change_view", args=[view.pk]), {"delete": ""}).status_code == 404
    with pytest.raises(NotFound):
        saved.move(county.actor("chief"), view.pk, 1)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "长" * 21}, {"query": ""}, {"page": "nowhere"}])
def test_what_cannot_be_a_view_is_refused_in_words(as_, county, wrong):
    client = as_("receiver")
    answer = save(client, **wrong)
    assert answer.status_code == 302
    assert not SavedView.objects.exists()


def test_there_is_a_most(county):
    actor = county.actor("receiver")
    for number in range(saved.MOST):
        saved.save(actor, "list", f"{number}", "source=public", shared=False)
    with pytest.raises(UserError, match="最多 20 个"):
        saved.save(actor, "list", "多", "source=public", shared=False)


def test_the_page_of_views_names_what_is_shared(as_, county):
    save(as_("receiver"), shared="on")
    assert "公众来源" in as_("receiver").get(reverse("worktop:views")).text


def test_a_view_keeps_the_order():
    assert saved.query_of({"sort": "due", "after": "3"}) == "sort=due"
    assert saved.query_of({"sort": "nothing"}) == ""
