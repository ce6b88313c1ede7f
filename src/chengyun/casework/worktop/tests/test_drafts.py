import datetime as dt
import json

import pytest
from django.urls import reverse

from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.worktop import drafts
from chengyun.casework.worktop.models import Draft
from chengyun.core import handlers, instants


def address(key="report"):
    return reverse("worktop:draft", args=[key])


def keep(client, key="report", **fields):
    return client.put(address(key), json.dumps(fields), content_type="application/json")


def test_a_draft_comes_back_for_its_writer_alone(as_, county):
    assert keep(as_("receiver"), title="凤凰街").status_code == 204
    keep(as_("receiver"), title="凤凰街 12 号")
    assert as_("receiver").get(address()).json() == {"fields": {"title": "凤凰街 12 号"}, "at": "03-02 09:00"}
    assert as_("chief").get(address()).json() == {}


def test_a_draft_is_dropped_when_asked(as_, county):
    keep(as_("receiver"), title="凤凰街")
    as_("receiver").delete(address())
    assert not Draft.objects.exists()


def test_a_report_that_was_sent_leaves_no_draft(as_, county):
    client = as_("receiver")
    keep(client, title="凤凰街")
    sent = {"key": "0" * 32, "source": "public", "title": "凤凰街垃圾", "words": "两天没有清理"}
    assert client.post(reverse("desk:new"), sent).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_step_that_was_taken_leaves_no_draft(as_, county):
    from chengyun.core import events

    case = county.report()
    keep(as_("receiver"), f"step:{case.number}:refuse", reason="重复")
    keep(as_("receiver"), f"step:{case.number}:accept", note="属实")
    county.step(case, "refuse", "receiver", reason="重复")
    handlers.discover()
    events.settle()
    handlers.run_until_quiet()
    assert [draft.key for draft in Draft.objects.all()] == [f"step:{case.number}:accept"]


def test_after_a_week_it_is_gone(as_, county):
    keep(as_("receiver"), title="凤凰街")
    with instants.at(MONDAY + dt.timedelta(days=8)):
        assert drafts.read(county.actor("receiver"), "report") is None
        drafts.forget_old()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("body", ["", "[1]", "nothing", json.dumps({"words": "长" * 30_000})])
def test_what_is_no_draft_is_refused(as_, county, body):
    answer = as_("receiver").put(address(), body, content_type="application/json")
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_there_are_drafts_of_known_forms_only(as_, county):
    assert keep(as_("receiver"), "other:thing", a="b").status_code == 400


def test_the_forms_carry_their_keeper(as_, county):
    case = county.report()
    assert "draft-keeper" in as_("receiver").get(case.get_absolute_url()).text
    assert "draft-keeper" in as_("receiver").get(reverse("desk:new")).text


def test_what_no_database_keeps_is_left_out_of_a_draft(as_, county):
    client = as_("receiver")
    body = '{"ti\\u0000tle": "凤凰\\ud800街", "words": ["一\\u0000"]}'
    assert client.put(address(), body, content_type="application/json").status_code == 204
    assert client.get(address()).json()["fields"] == {"title": "凤凰街", "words": ["一"]}


def test_a_draft_nested_without_end_is_refused(as_, county):
    assert as_("receiver").put(address(), "[" * 50_000, content_type="application/json").status_code == 400
