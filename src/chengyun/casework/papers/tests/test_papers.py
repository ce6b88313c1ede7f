"""A case on paper: the 交办单 read back from Word, and the print view."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document
from PIL import Image

from chengyun.casework.cases.models import Case, Picture
from chengyun.casework.cases.tests.test_visibility import EXPECTED, answers, log_in, seen, world
from chengyun.casework.papers.orders import dispatch_orders
from chengyun.core import files
from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM

__all__ = ["world"]


@pytest.fixture
def case(county):
    return loaded(county.walk(county.report(address="凤凰街 12 号", is_urgent=True), "dispatch"))


def loaded(case):
    return Case.objects.select_related("main_department", "condition").get(pk=case.pk)


def words(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def picture(case):
    content = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(content, "JPEG")
    stored = files.store(ContentFile(content.getvalue(), name="a.jpg"), by=SYSTEM)
    files.attach(stored, "case", case.pk)
    Picture.objects.create(case=case, file=stored, moment="before", step_seq=1)


def test_the_order_says_all_that_the_department_needs(county, case):
    text = words(dispatch_orders([case], by=county.actor("dispatcher")))
    expected = ("城市管理案件交办单", case.number, "暴露垃圾（06010）", "凤凰街 12 号", "垃圾两天没有清理", "住建局",
                "4 工作时", "2026-03-02 15:00", "垃圾清走，路面干净", "紧急", "dispatcher", "2026年3月2日")  # fmt: skip
    assert [part for part in expected if part not in text] == []
    assert "{" not in text


def test_its_pictures_are_in_it(county, case):
    for _each in range(3):
        picture(case)
    document = Document(io.BytesIO(dispatch_orders([case], by=county.actor("dispatcher"))))
    assert len(document.inline_shapes) == 3


def test_the_reporter_is_not_in_it(county, case):
    text = words(dispatch_orders([case], by=county.actor("dispatcher")))
    assert "张三" not in text
    assert "13800000000" not in text


def test_many_cases_are_one_document_with_a_page_each(county, django_assert_max_num_queries):
    cases = [loaded(county.walk(county.report(), "dispatch")) for _each in range(3)]
    by = county.actor("dispatcher")
    with django_assert_max_num_queries(3):
        content = dispatch_orders(cases, by=by)
    assert [case.number for case in cases if case.number not in words(content)] == []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.read("word/document.xml").count(b'w:type="page"') == 2


def test_words_of_a_citizen_stay_words(county):
    case = loaded(county.walk(county.report(words="<b>{{ 7*7 }}</b> & 垃圾"), "dispatch"))
    assert "<b>{{ 7*7 }}</b> & 垃圾" in words(dispatch_orders([case], by=county.actor("dispatcher")))


def test_what_was_pasted_from_word_is_printed(county):
    case = loaded(county.walk(county.report(title="凤凰街\x0b垃圾\x01"), "dispatch"))
    Case.objects.filter(pk=case.pk).update(title="凤凰街\x0b垃圾\x01\ufffe")
    assert "凤凰街" in words(dispatch_orders([loaded(case)], by=county.actor("dispatcher")))


def test_what_is_not_dispatched_has_no_order(county):
    with pytest.raises(UserError, match="还没有派遣"):
        dispatch_orders([loaded(county.report())], by=county.actor("dispatcher"))


def test_too_many_and_none(county, case):
    with pytest.raises(UserError, match="最多"):
        dispatch_orders([case] * 51, by=county.actor("dispatcher"))
    with pytest.raises(UserError, match="先选择"):
        dispatch_orders([], by=county.actor("dispatcher"))


def test_the_print_view_masks_by_role(client, county, case):
    log_in(client, county, "receiver")
    clear = client.get(reverse("papers:print", args=[case.number])).content.decode()
    log_in(client, county, "handler")
    masked = client.get(reverse("papers:print", args=[case.number])).content.decode()
    assert "13800000000" in clear
    assert "13800000000" not in masked
    assert "138****0000" in masked
    assert "<nav" not in clear


def test_who_sees_the_case_prints_it(client, county, world):
    ask = answers(client, county, lambda case: client.get(reverse("papers:print", args=[case.number])))
    assert seen(county, world, ask) == EXPECTED


def test_who_sees_the_case_takes_its_order(client, county, world):
    """Where it was not dispatched, who sees the case is told so."""

    def ask(name, case):
        log_in(client, county, name)
        status = client.get(reverse("papers:order", args=[case.number])).status_code
        assert status in (200, 404) if case.main_department_id else status in (400, 404)
        return status != 404

    assert seen(county, world, ask) == EXPECTED
