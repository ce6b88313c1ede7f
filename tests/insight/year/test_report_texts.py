"""Several people write the texts of one report: nobody's words go lost, none are undone unseen."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.core.errors import Conflict
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports import services, texts
from chengyun.insight.reports.models import Kind
from chengyun.people.access import SYSTEM
from chengyun.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]

MONTH = Period(dt.date(2025, 11, 1), dt.date(2025, 11, 30))


@pytest.fixture
def report():
    made = services.draft(Kind.MONTHLY, MONTH, by=SYSTEM)
    return services.write_texts(made, {"problems": "第一行\n第二行"}, by=SYSTEM)


@pytest.fixture
def browser(client):
    client.force_login(User.objects.get(username="kaohe"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(browser, report):
    """The form as a browser would send it back: lines end otherwise."""
    form = browser.get(report.get_absolute_url()).context["form"]
    return {field.html_name: (field.value() or "").replace("\n", "\r\n") for field in form}


def sent(browser, report, form):
    return browser.post(f"{report.get_absolute_url()}texts", form)


def stands(report):
    report.refresh_from_db()
    return {key: "\n".join(text.splitlines()) for key, text in report.texts.items() if text}


def test_two_write_different_blocks_and_both_stay(report, browser):
    one, other = opened(browser, report), opened(browser, report)
    assert sent(browser, report, one | {"problems": "甲写的"}).status_code == 302
    assert sent(browser, report, other | {"next_steps": "乙写的"}).status_code == 302
    assert stands(report) == {"problems": "甲写的", "next_steps": "乙写的"}


def test_who_wrote_the_same_block_later_is_told_and_keeps_his_words(report, browser):
    one, other = opened(browser, report), opened(browser, report)
    sent(browser, report, one | {"problems": "甲写的", "next_steps": "甲的打算"})
    page = sent(browser, report, other | {"problems": "乙写的"})
    assert page.status_code == 422
    assert "“存在问题”在您打开之后被别人改过" in page.text
    assert "现在的文字：甲写的" in page.text and ">\n乙写的</textarea>" in page.text
    assert stands(report) == {"problems": "甲写的", "next_steps": "甲的打算"}
    # Having seen it he may decide, and what he did not touch is as the other left it.
    again = {field.html_name: field.value() or "" for field in page.context["form"]}
    assert sent(browser, report, again).status_code == 302
    assert stands(report) == {"problems": "乙写的", "next_steps": "甲的打算"}


def test_a_block_is_emptied_by_who_means_it(report, browser):
    sent(browser, report, opened(browser, report) | {"problems": ""})
    assert stands(report) == {}


def test_what_was_typed_while_another_issued_can_be_copied(report, browser):
    form = opened(browser, report) | {"problems": "半小时写成的文字"}
    services.issue(report, by=SYSTEM)
    page = sent(browser, report, form)
    assert page.status_code == 422
    assert "已经签发，不能再改" in page.text and "没有保存的文字" in page.text
    assert ">\n半小时写成的文字</textarea>" in page.text and "readonly" in page.text
    assert "保存文字" not in page.text
    assert stands(report) == {"problems": "第一行\n第二行"}


def test_a_program_that_says_what_it_saw_is_held_to_it(report):
    seen = {"problems": texts.print_of("旧的")}
    with pytest.raises(Conflict, match="存在问题"):
        services.write_texts(report, {"problems": "新的"}, by=SYSTEM, seen=seen)
    services.write_texts(report, {"problems": "新的"}, by=SYSTEM)
    assert stands(report) == {"problems": "新的"}
