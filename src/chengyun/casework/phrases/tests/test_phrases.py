"""Phrases: whose they are, where they are offered, what stands in their places."""

import datetime as dt

import pytest
from django.urls import reverse

from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.cases.workflow import STEPS
from chengyun.casework.phrases import queries, services
from chengyun.casework.phrases.models import Phrase
from chengyun.casework.phrases.shipped import SHIPPED
from chengyun.core import instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.people.tests.books import applied, at, exported, put, told, uploaded


@pytest.fixture
def case(county):
    return county.walk(county.report(address="凤凰街 12 号"), "dispatch")


def texts(case, verb, actor):
    return [each.text for each in queries.offered(case, verb, actor)]


def test_for_its_step_and_class(county, case):
    chief = county.actor("chief")
    for verb, prefix, text in (("receive", "", "甲"), ("receive", "06", "乙"), ("", "06010", "丙"), ("", "07", "丁"),
                               ("close", "", "戊")):  # fmt: skip
        services.add(text, by=chief, scope="county", verb=verb, class_prefix=prefix)
    assert set(texts(case, "receive", county.actor("handler"))) == {"甲", "乙", "丙"}


def test_a_department_s_and_one_s_own(county, case):
    services.add("部门的", by=county.actor("leader"), scope="department")
    services.add("自己的", by=county.actor("handler"), scope="own")
    assert texts(case, "receive", county.actor("handler")) == ["自己的"]
    assert texts(case, "receive", county.actor("receiver")) == ["部门的"]


def test_used_most_stands_first(county, case):
    first, second = (services.add(text, by=county.actor("chief"), scope="county") for text in ("一", "二"))
    assert texts(case, "receive", county.actor("handler")) == ["一", "二"]
    services.used(second)
    services.used(second)
    services.used(first)
    assert texts(case, "receive", county.actor("handler")) == ["二", "一"]


def test_places_are_filled_in(county, case):
    services.add("请{部门}在{时限}内处置{地点}的{类别}", by=county.actor("chief"), scope="county")
    assert texts(case, "dispatch", county.actor("dispatcher")) == ["请住建局在4 工作时内处置凤凰街 12 号的暴露垃圾"]


def test_what_is_not_known_yet_reads_on(county):
    services.add("请{部门}在{时限}内处置{地点}的{类别}", by=county.actor("chief"), scope="county")
    found = texts(county.report(), "accept", county.actor("receiver"))
    assert found == ["请责任部门在规定时限内处置现场的问题"]


@pytest.mark.parametrize(("name", "scope"), [("receiver", "county"), ("handler", "department")])
def test_who_may_not_write_for_others(county, name, scope):
    with pytest.raises(NotAllowed):
        services.add("。", by=county.actor(name), scope=scope)


def test_a_retired_phrase_is_not_offered_and_not_brought_back(county, case):
    services.load_shipped(by=SYSTEM)
    row = Phrase.objects.get(verb="close", text="核查通过，予以结案。")
    with instants.at(MONDAY + dt.timedelta(days=1)):
        services.retire(row, by=county.actor("chief"))
        assert row.text not in texts(case, "close", county.actor("chief"))
        assert services.load_shipped(by=SYSTEM) == 0
    assert register.history(row)[0].action == "closed"


def test_the_shipped_phrases_are_for_real_steps(county):
    assert {verb for verb, _prefix, _text in SHIPPED} <= {"", *STEPS}
    assert len(SHIPPED) >= 60
    assert services.load_shipped(by=SYSTEM) == len(set(SHIPPED)) == len(SHIPPED)


def test_a_class_code_that_is_none(county):
    with pytest.raises(UserError, match="类别代码"):
        services.add("。", by=county.actor("chief"), scope="county", class_prefix="垃圾")


def log_in(client, county, name):
    client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")


def test_the_form_of_a_step_says_where_they_are(client, county, case):
    log_in(client, county, "handler")
    address = reverse("phrases:offered", args=[case.number, "receive"])
    assert address in client.get(case.get_absolute_url()).content.decode()


def test_only_for_a_case_that_one_sees(client, county, case):
    address = reverse("phrases:offered", args=[case.number, "receive"])
    log_in(client, county, "market")
    assert client.get(address).status_code == 404
    log_in(client, county, "handler")
    assert client.get(address).json() == {"phrases": []}


def test_pages(client, county):
    log_in(client, county, "handler")
    sent = {"text": "已到现场", "verb": "receive", "class_prefix": "", "scope": "own"}
    assert client.post(reverse("phrases:new"), sent).status_code == 302
    row = Phrase.objects.get()
    assert "已到现场" in client.get(reverse("phrases:phrases")).content.decode()
    assert client.post(reverse("phrases:edit", args=[row.pk]), sent | {"text": "已到"}).status_code == 302
    assert client.post(reverse("phrases:used", args=[row.pk])).status_code == 204
    row.refresh_from_db()
    assert (row.text, row.use.count) == ("已到", 1)
    log_in(client, county, "market")
    for name in ("edit", "used", "retire"):
        assert client.post(reverse(f"phrases:{name}", args=[row.pk])).status_code == 404


def test_a_handler_is_not_offered_the_county_s_scope(client, county):
    log_in(client, county, "handler")
    sent = {"text": "。", "verb": "", "class_prefix": "", "scope": "county"}
    assert client.post(reverse("phrases:new"), sent).status_code == 422


@pytest.mark.parametrize("verb", ["\x00", "nothing", "长" * 1000])
def test_a_step_that_there_is_not_is_left_aside(client, county, verb):
    log_in(client, county, "handler")
    services.add("已到现场", by=county.actor("handler"), scope="own", verb="receive")
    assert "已到现场" in client.get(reverse("phrases:phrases"), {"verb": verb}).content.decode()


# --- the register of the county's own ---------------------------------------------------------------------------------


@pytest.fixture
def chief(county, client):
    client.force_login(county.users["chief"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_countys_phrases_go_out_and_come_back_with_those_that_are_new(county, chief):
    services.load_shipped(by=SYSTEM)
    book = exported(chief, "phrases")
    assert told(uploaded(chief, "phrases", book, whole="on")) == []
    put(book, "惯用语", 0, 步骤="受理", 惯用语="请补充{地点}的门牌。")
    book["惯用语"].delete_rows(2)
    applied(chief, "phrases", uploaded(chief, "phrases", book, whole="on"))
    assert Phrase.objects.on(instants.today()).filter(text="请补充{地点}的门牌。", verb="accept").count() == 1
    assert Phrase.objects.filter(valid_to__isnull=False).count() == 1


def test_the_register_holds_nobodys_own(county, chief):
    own = services.add("我的", by=county.actor("chief"), scope="own")
    whole = services.add("大家的", by=county.actor("chief"), scope="county")
    page = chief.get(at("list", "phrases"))
    assert [line.row for line in page.context["list"].lines] == [whole]
    assert chief.get(at("row", "phrases", own.pk)).status_code == 404
    assert chief.post(at("retire", "phrases", whole.pk)).status_code == 302
    with instants.at(instants.now() + dt.timedelta(days=1)):
        assert whole not in queries.seen_by(county.actor("chief"))


def test_a_wrong_class_code_of_a_file_is_told(county, chief):
    page = uploaded(chief, "phrases", put(exported(chief, "phrases"), "惯用语", 0, 类别代码="甲", 惯用语="好"))
    assert [(each.column, "应为大类的两位代码" in each.message) for each in page.context["found"].faults] == [
        ("类别代码", True)
    ]
