"""Garbage in the desk's form and in every address with a question is refused in words and changes nothing."""

from __future__ import annotations

from itertools import product

import pytest
from django.urls import reverse

from chengyun.casework.cases.fields import FieldKind
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.tests.test_bad_input import CHINESE, HOSTILE, LONG, WRONG, log_in

pytestmark = pytest.mark.slow


REPORT = {"key": "0" * 32, "source": "public", "title": "凤凰街垃圾", "words": "两天没有清理"}
REPORT_WRONG = {
    "key": ["", *HOSTILE],
    "source": ["", *HOSTILE, "split", "device"],
    "title": ["", " ", "\x00", LONG],
    "words": ["", " ", "\x00", LONG],
    "address": ["\x00", LONG],
    "reporter_name": ["\x00", LONG],
    "reporter_phone": ["\x00", LONG],
    "location": WRONG[FieldKind.LOCATION],
}


@pytest.mark.parametrize("field", REPORT_WRONG)
def test_the_desks_form_names_the_wrong_field(client, county, field):
    log_in(client, county, "receiver")
    for value in REPORT_WRONG[field]:
        answer = client.post(reverse("desk:new"), REPORT | {field: value})
        assert answer.status_code == 422, (field, value[:20])
        told = "".join(answer.context["form"].errors[field])
        assert CHINESE.search(told), (field, value[:20])
        assert len(told) < 400, (field, value[:20])
    assert not Case.objects.exists()


QUESTIONS = ["q", "stage", "lamp", "source", "major", "minor", "township", "department", "urgent", "since", "until",
             "before", "after", "after_at", "tab", "case", "step"]  # fmt: skip
GARBAGE = [*HOSTILE, "", " ", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "2147483648",
           "0001-01-01", "9999-12-31", "2026-02-30", "red'", "%", "\\", "²", "١٢", "a" * 3000, "1_0",
           "-62135596800", "253402300799", "253402300800", "1e18", "-inf"]  # fmt: skip


@pytest.mark.parametrize("page", ["queue", "list"])
def test_garbage_in_a_lists_address_is_left_aside(client, county, page):
    county.report()
    log_in(client, county, "receiver")
    for question, value in product(QUESTIONS, GARBAGE):
        more = {"after": "1"} if question == "after_at" else {"after_at": "1"} if question == "after" else {}
        answer = client.get(reverse(f"cases:{page}"), {question: value[:3000], **more})
        assert answer.status_code == 200, (question, value[:30])


def test_garbage_for_a_number_is_refused(client, county):
    log_in(client, county, "receiver")
    for value in GARBAGE:
        number = value[:300].replace("/", "") or "x"
        assert client.get(reverse("cases:case", args=[number])).status_code == 404, number
        answer = client.post(reverse("cases:step", args=[number, "accept"]), {"version": "1"})
        assert answer.status_code == 404, number


def test_garbage_for_a_cursor_is_refused(client, county):
    log_in(client, county, "receiver")
    for value in GARBAGE:
        for cursor in (value[:300], f"{value[:300]}.1", f"0.{value[:300]}"):
            assert client.get(reverse("web:live"), {"after": cursor}).status_code in (200, 204, 400), cursor


def test_the_address_of_a_step_form_may_name_anything(client, county):
    case = county.report()
    log_in(client, county, "receiver")
    for value in GARBAGE:
        assert client.get(case.get_absolute_url(), {"step": value[:3000]}).status_code == 200
