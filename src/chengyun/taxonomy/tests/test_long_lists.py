"""Registers of very many classes: their pages come out of an index, wherever one is in them, and nothing is sorted."""

import pytest

from chengyun.core import instants
from chengyun.people.access import SYSTEM
from chengyun.people.tests.plans import plan_of_page
from chengyun.taxonomy.models import MinorClass
from chengyun.taxonomy.queries import county_majors
from chengyun.taxonomy.registers import CATALOGUE, CONDITIONS
from chengyun.taxonomy.services.county import change_class, select_class

PAGES = [
    (CATALOGUE, {}),
    (CATALOGUE, {"after": '[7, "matter", "06001", 7]'}),
    (CATALOGUE, {"before": '[7, "matter", "06001", 7]'}),
    (CATALOGUE, {"sort": "name"}),
    (CATALOGUE, {"sort": "-code"}),
    (CATALOGUE, {"sort": "major_code", "after": '["06", 7]'}),
    (CONDITIONS, {}),
    (CONDITIONS, {"after": "[7, 1, 1, 7]"}),
    (CONDITIONS, {"sort": "-minor_id"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("register", "asked"), PAGES, ids=lambda each: getattr(each, "key", str(each)))
@pytest.mark.sqlite  # PostgreSQL chooses by the size of its tables.
def test_the_order_comes_out_of_an_index(register, asked):
    plan = plan_of_page(register, asked)
    assert f"{register.model._meta.db_table} USING INDEX" in plan and "TEMP B-TREE" not in plan


@pytest.mark.django_db
def test_the_majors_of_the_filter_are_read_once_for_each_state_of_the_catalogue(catalogues, django_assert_num_queries):
    today = instants.today()
    minor = MinorClass.objects.filter(kind="matter").select_related("standard", "major").first()
    county = select_class(minor, valid_from=today, major_code="06", major_name="市容环境")
    assert county_majors(today) == [("06", "市容环境")]
    with django_assert_num_queries(1):
        county_majors(today)
    change_class(county, by=SYSTEM, valid_from=today, name=county.name, major_code="07", major_name="公共秩序")
    assert county_majors(today) == [("07", "公共秩序")]
