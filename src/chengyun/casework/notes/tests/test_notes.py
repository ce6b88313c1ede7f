"""Notes between colleagues: written, called, taken back, followed."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from chengyun.casework.cases.models import Notice
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.notes import handlers, services
from chengyun.casework.notes.models import Note, Watch
from chengyun.casework.notes.people import offered
from chengyun.casework.notes.queries import notes_of
from chengyun.core import instants
from chengyun.core.errors import Conflict, NotAllowed, UserError
from chengyun.core.models import Event
from chengyun.people.models import User


@pytest.fixture
def case(county):
    return county.walk(county.report(), "receive")


@pytest.fixture
def names(county):
    """Chinese names, as people have them."""
    for login, name in (("handler", "王芳"), ("handler2", "李强"), ("market", "赵敏"), ("receiver", "陈静")):
        User.objects.filter(pk=county.users[login].pk).update(name=name)
        county.users[login].refresh_from_db()
    return county


def log_in(client, county, name):
    client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")


def deliver():
    handlers.mentions(list(Event.objects.filter(kind="case.noted").order_by("pk")))
    handlers.watching(list(Event.objects.filter(kind="case.step").order_by("pk")))


def told(county, name):
    return list(Notice.objects.filter(user=county.users[name], text__contains="：").values_list("kind", flat=True))


def test_a_note_stands_on_the_case(client, county, case):
    services.add_note(case, "现场已联系物业", by=county.actor("receiver"))
    log_in(client, county, "handler")
    assert "现场已联系物业" in client.get(case.get_absolute_url()).content.decode()


def test_whoever_is_called_is_told(names, case):
    services.add_note(case, "请@王芳看一下，急", by=names.actor("receiver"))
    deliver()
    deliver()
    assert [notice.text for notice in Notice.objects.filter(user=names.users["handler"], kind="mention")] == [
        f"备注中提到您：{case.title}"
    ]


def test_who_may_not_see_the_case_cannot_be_called(names, case):
    with pytest.raises(UserError, match="赵敏 无权查看本案"):
        services.add_note(case, "@赵敏 看一下", by=names.actor("receiver"))
    assert not Note.objects.exists()


def test_a_name_that_nobody_has(names, case):
    with pytest.raises(UserError, match="没有叫“钱多多”的在岗人员"):
        services.add_note(case, "@钱多多 看一下", by=names.actor("receiver"))


def test_an_address_of_mail_calls_nobody(names, case):
    services.add_note(case, "已发 a.b@example.org", by=names.actor("receiver"))
    assert not Event.objects.filter(kind="case.noted").get().data["mentioned"]


def test_a_name_that_two_have_needs_the_department(names, case):
    User.objects.filter(pk=names.users["chief"].pk).update(name="王芳")
    with pytest.raises(UserError, match=r"有 2 位“王芳”.*@王芳（住建局）"):
        services.add_note(case, "@王芳 看一下", by=names.actor("receiver"))
    services.add_note(case, "@王芳（住建局）看一下", by=names.actor("receiver"))
    assert Event.objects.filter(kind="case.noted").get().data["mentioned"] == [names.users["handler"].pk]


def test_completion_says_who_may_not_see(names, case):
    assert [(each.call, each.may_see) for each in offered(case, "陈")] == [("陈静", True)]
    assert [(each.call, each.may_see) for each in offered(case, "赵")] == [("赵敏", False)]


def test_its_author_takes_a_note_back_within_five_minutes(county, case):
    note = services.add_note(case, "写错了", by=county.actor("receiver"))
    with instants.at(MONDAY + dt.timedelta(minutes=5)):
        services.withdraw(note, by=county.actor("receiver"))
    (view,) = notes_of(case, county.actor("receiver"))
    assert view.note.is_withdrawn
    assert view.note.text == "写错了"


def test_later_it_stays(county, case):
    note = services.add_note(case, "写错了", by=county.actor("receiver"))
    with instants.at(MONDAY + dt.timedelta(minutes=6)), pytest.raises(Conflict, match="5 分钟"):
        services.withdraw(note, by=county.actor("receiver"))


def test_nobody_takes_back_another_s(county, case):
    note = services.add_note(case, "写错了", by=county.actor("receiver"))
    with pytest.raises(NotAllowed):
        services.withdraw(note, by=county.actor("chief"))


def test_what_was_taken_back_is_not_shown(client, county, case):
    note = services.add_note(case, "写错了", by=county.actor("receiver"))
    log_in(client, county, "receiver")
    client.post(reverse("notes:withdraw", args=[note.pk]))
    html = client.get(case.get_absolute_url()).content.decode()
    assert "写错了" not in html
    assert "由本人撤回" in html


def test_an_administrator_who_reported_does_not_read_notes(client, county):
    case = county.report(by=county.actor("admin"))
    services.add_note(case, "内部的话", by=county.actor("receiver"))
    log_in(client, county, "admin")
    assert "内部的话" not in client.get(case.get_absolute_url()).content.decode()
    assert client.get(reverse("notes:notes", args=[case.number])).status_code == 403
    with pytest.raises(NotAllowed):
        services.add_note(case, "我也写", by=county.actor("admin"))


def test_files_come_with_a_note_and_go_with_it(client, county, case):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(content, "PNG")
    log_in(client, county, "receiver")
    sent = {"text": "见图", "attached": SimpleUploadedFile("现场.png", content.getvalue())}
    assert client.post(reverse("notes:notes", args=[case.number]), sent).status_code == 302
    (view,) = notes_of(case, county.actor("handler"))
    address = reverse("core:file", args=[view.files[0].pk, "thumb"])
    log_in(client, county, "handler")
    assert b"".join(client.get(address))
    log_in(client, county, "market")
    assert client.get(address).status_code == 404
    services.withdraw(view.note, by=county.actor("receiver"))
    log_in(client, county, "handler")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "长" * 2001])
def test_bad_words_change_nothing(client, county, case, text):
    log_in(client, county, "receiver")
    answer = client.post(reverse("notes:notes", args=[case.number]), {"text": text})
    assert answer.status_code == 422
    assert not Note.objects.exists()


def test_who_follows_is_told_of_steps_by_others(county, case):
    services.watch(case, by=county.actor("chief"))
    services.watch(case, by=county.actor("handler"))
    Event.objects.all().delete()
    county.step(case, "feed_back", "handler", note="已清理")
    deliver()
    deliver()
    assert told(county, "chief") == ["feed_back"]
    assert told(county, "handler") == []


def test_who_no_longer_follows_is_not_told(county, case):
    services.watch(case, by=county.actor("chief"))
    services.watch(case, by=county.actor("chief"))
    services.unwatch(case, by=county.actor("chief"))
    county.step(case, "feed_back", "handler", note="已清理")
    deliver()
    assert told(county, "chief") == []


def test_the_button_follows_and_the_list_shows(client, county, case):
    log_in(client, county, "chief")
    assert case.number not in client.get(reverse("notes:watched")).content.decode()
    client.post(reverse("notes:watch", args=[case.number]), {"on": "1"})
    assert case.get_absolute_url() in client.get(reverse("notes:watched")).content.decode()
    client.post(reverse("notes:watch", args=[case.number]), {"on": "0"})
    assert not Watch.objects.exists()


def test_htmx_gets_the_parts_alone(client, county, case):
    log_in(client, county, "receiver")
    htmx = {"headers": {"HX-Request": "true"}}
    added = client.post(reverse("notes:notes", args=[case.number]), {"text": "一句话"}, **htmx).content.decode()
    assert added.lstrip().startswith("<div") and "一句话" in added
    assert "已关注" in client.post(reverse("notes:watch", args=[case.number]), {"on": "1"}, **htmx).content.decode()
