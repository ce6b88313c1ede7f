import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chengyun.assets import lists, queries
from chengyun.assets.models import State
from chengyun.assets.queries import component_codes, nearest, part_classes
from chengyun.assets.services.editing import retire
from chengyun.assets.tests.town import BIN, WELL, component
from chengyun.people.access import SYSTEM
from chengyun.regions.tests.land import middle
from chengyun.taxonomy.models import MinorClass

METRE = 1 / 111_000


def test_the_nearest_comes_first_and_what_is_too_far_not_at_all(land):
    far, close, out = (component(lat=metres * METRE) for metres in (60, 5, 200))
    found = nearest(*middle(0, 0), within_m=100)
    assert [near.component.pk for near in found] == [close.pk, far.pk]
    assert found[0].metres == pytest.approx(5, abs=0.1)


def test_the_nearest_of_a_class(land):
    component(lat=METRE)
    wanted = component(lat=50 * METRE, class_code=BIN)
    assert [near.component.pk for near in nearest(*middle(0, 0), BIN)] == [wanted.pk]


def test_what_is_retired_or_removed_is_not_near(land):
    retire(component(lat=METRE), State.REMOVED, by=SYSTEM)
    component(lat=METRE, state=State.REMOVED)
    assert nearest(*middle(0, 0)) == []


def test_near_costs_two_statements_at_most(land):
    for number in range(30):
        component(lat=number * METRE)
    with CaptureQueriesContext(connection) as statements:
        nearest(*middle(0, 0), limit=5, within_m=200)
    assert len(statements) == 1
    with CaptureQueriesContext(connection) as statements:
        nearest(*middle(2, 2), limit=5, within_m=200)
    assert len(statements) == 2


def test_a_list_is_searched_by_identifier_name_and_road(land):
    wanted = component(name="雨水井盖", road="凤凰街")
    component(road="柳荫路", class_code=BIN)
    for words in ("凤凰", "雨水井", "井盖 凤凰街", wanted.identifier, wanted.identifier[:14], wanted.identifier[:11]):
        assert [row.pk for row in lists.wanted({"q": words})] == [wanted.pk], words


def test_digits_that_no_identifier_begins_with_find_nothing(land):
    component()
    for words in ("123456", "99010106999", "9" * 17, "1" * 16):
        assert not lists.wanted({"q": words}).exists()


def test_a_former_identifier_is_found(land):
    made = component(former_identifier="9901010103000001")
    assert [row.pk for row in lists.wanted({"q": "9901010103000001"})] == [made.pk]


def test_a_list_pages_by_key(land, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    made = [component().pk for _ in range(3)]
    first = lists.page_of({})
    assert [row.pk for row in first.components] == made[:0:-1]
    second = lists.page_of(dict([pair.split("=") for pair in first.older.split("&")]))
    assert ([row.pk for row in second.components], second.older) == (made[:1], "")


def test_a_matter_that_says_a_part_is_broken_is_about_that_part(land):
    part = part_classes()[WELL]
    matter = MinorClass.objects.get(standard=part.standard, kind="matter", code=WELL)
    old = MinorClass.objects.get(standard__code="GB/T 30428.2-2013", kind="part", code="0103")
    rubbish = MinorClass.objects.get(standard=part.standard, kind="matter", code="06010")
    assert [component_codes(each) for each in (part, matter, old, rubbish, None)] == [[WELL], [WELL], [WELL], [], []]


def test_a_word_that_stands_everywhere_is_found_without_reading_every_caption(land, monkeypatch):
    wells = [component(name=f"雨水井盖{number}") for number in range(12)]
    component(name="果皮箱", class_code=BIN)
    whole = [row.pk for row in lists.wanted({"q": "井盖"})]
    monkeypatch.setattr(queries, "FEW_CAPTIONS", 5)
    common = lists.wanted({"q": "井盖"})
    assert [row.pk for row in common] == whole == [well.pk for well in reversed(wells)]
    if connection.vendor == "sqlite":
        plan = lists.wanted({"q": "井盖"})[:101].explain()
        assert "CORRELATED SCALAR SUBQUERY" in plan and "SCAN U0" not in plan, plan


def test_a_common_word_that_stands_far_apart_is_found_all_the_same(land, monkeypatch):
    monkeypatch.setattr(queries, "FEW_CAPTIONS", 2)
    monkeypatch.setattr(queries, "EVERYWHERE", 1)
    wells = [component(name=f"雨水井盖{number}") for number in range(5)]
    assert [row.pk for row in lists.wanted({"q": "井盖"})] == [well.pk for well in reversed(wells)]
