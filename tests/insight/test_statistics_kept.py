"""Questions kept and sent by e-mail, and every page in a county without a case and with one."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.db import transaction
from django.urls import reverse

from chengyun.core import history, instants
from chengyun.core.errors import NotFound, UserError
from chengyun.demo import small
from chengyun.insight.facts.session import forget
from chengyun.insight.statistics import mailing, saved
from chengyun.insight.statistics.models import Sending
from chengyun.people.models import User
from chengyun.people.roles import Role
from tests.insight.stories import report

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 2, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), transaction.atomic(), instants.at(NOW):
        patched.setattr("django.conf.settings.DATA_DIR", tmp_path_factory.mktemp("data"))
        forget()
        yield small.build()
        transaction.set_rollback(True)
    forget()


@pytest.fixture(autouse=True)
def moment():
    with instants.at(NOW):
        yield


@pytest.fixture
def evaluator(county):
    return county.actor(Role.DUTY_CHIEF)


@pytest.fixture
def mail(settings):
    settings.EMAIL_HOST = "mail.example.cn"


def subscribed(actor, rhythm="daily", address="tongji@example.cn"):
    row = saved.save(by=actor, name="各部门", query="by=department&span=last_year&with=before")
    return mailing.subscribe(row.pk, by=actor, address=address, rhythm=rhythm)


def test_a_saved_question_is_kept_in_one_spelling_and_seen_by_its_post_alone(county, evaluator):
    own = saved.save(by=evaluator, name=" 各 部门 ", query="span=last_year&by=department&i=filed&junk=1")
    shared = saved.save(by=evaluator, name="共用", query="", shared=True)
    assert own.name == "各 部门" and own.query == "i=filed&by=department&span=last_year"
    other = county.actor(Role.HANDLER)
    assert not saved.seen_by(other).exists()
    assert shared.post_id == evaluator.post_id
    with pytest.raises(NotFound):
        saved.delete(own.pk, by=other)


def test_it_is_sent_once_a_day_with_the_table_and_a_workbook(evaluator, mail, mailoutbox):
    subscription = subscribed(evaluator)
    assert mailing.send_due() == 0  # from the next day on
    with instants.at(NOW + dt.timedelta(days=1)):
        assert mailing.send_due() == 1
        assert mailing.send_due() == 0
    [sent] = mailoutbox
    assert sent.to == ["tongji@example.cn"] and "各部门" in sent.subject
    assert "合计" in sent.body and "<table" in sent.alternatives[0][0]
    name, content, _kind = sent.attachments[0]
    assert name.endswith(".xlsx") and openpyxl.load_workbook(io.BytesIO(content))["统计表"]["A6"].value
    sending = Sending.objects.get()
    assert (sending.subscription, sending.state) == (subscription, "sent")
    assert [r.verb for r in history.records("export:statistics")][:1] == ["list.exported"]


def test_a_refused_mail_is_recorded_and_tried_again_some_times(evaluator, mail, monkeypatch):
    subscribed(evaluator)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _refuse)
    for hours in range(24, 30):
        with instants.at(NOW + dt.timedelta(hours=hours)):
            assert mailing.send_due() == 0
    sending = Sending.objects.get()
    assert (sending.state, sending.tries, sending.fault) == ("failed", mailing.MOST_TRIES, "no route")


def _refuse(*_args, **_kwargs):
    raise OSError("no route")


def test_nothing_goes_without_a_mail_server_or_after_leaving(evaluator, settings, mailoutbox):
    subscription = subscribed(evaluator)
    with instants.at(NOW + dt.timedelta(days=1)):
        settings.EMAIL_HOST = ""
        assert mailing.send_due() == 0
        settings.EMAIL_HOST = "mail.example.cn"
        mailing.unsubscribe(subscription.pk, by=evaluator)
        assert mailing.send_due() == 0
    assert not mailoutbox and not Sending.objects.exists()


@pytest.mark.parametrize(
    ("rhythm", "day", "due"),
    [
        ("daily", "2026-05-20", "2026-05-20"),
        ("weekly", "2026-05-20", "2026-05-18"),
        ("monthly", "2026-05-20", "2026-05-01"),
    ],
)
def test_when_it_is_due(rhythm, day, due):
    assert mailing.due_on(rhythm, dt.date.fromisoformat(day)).isoformat() == due


@pytest.mark.parametrize(
    ("address", "rhythm", "words"),
    [
        ("nobody", "daily", "邮箱“nobody”不对"),
        ("a@example.cn", "hourly", "频次只能是"),
        (f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example.cn", "daily", "最长 254 个字符"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused(evaluator, address, rhythm, words):
    with pytest.raises(UserError, match=words):
        subscribed(evaluator, rhythm, address)


# --- pages ------------------------------------------------------------------------------------------------------------

PAGES = ("pivot", "map", "process", "forecast", "risk", "saved")


def test_pages_open_without_a_case_and_with_one_and_say_what_they_cannot_read(client, county, evaluator):
    client.force_login(User.objects.get(pk=evaluator.user_id))
    urls = [reverse(f"statistics:{page}") for page in PAGES]
    assert {client.get(url).status_code for url in urls} == {200}
    report(county)
    assert {client.get(url, {"span": "days30", "i": "reported"}).status_code for url in urls} == {200}
    refused = client.get(urls[0], {"span": "1999"})
    assert refused.status_code == 422 and "没有名为“1999”的期间" in refused.content.decode()


def test_without_the_extra_each_page_says_what_is_missing(client, evaluator, monkeypatch):
    client.force_login(User.objects.get(pk=evaluator.user_id))
    monkeypatch.setattr("chengyun.insight.extra.is_installed", lambda: False)
    assert all("chengyun[insight]" in client.get(reverse(f"statistics:{page}")).content.decode() for page in PAGES)
