"""A duty list of very many rows: its pages come out of an index, wherever one is in it, and nothing is sorted."""

import pytest

from chengyun.casework.dispatch.registers.duties import DUTIES
from chengyun.people.tests.plans import plan_of_page


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{}, {"sort": "-minor_id"}, {"sort": "main_department_id"}], ids=str)
@pytest.mark.parametrize("way", ["", "after", "before"])
@pytest.mark.sqlite  # PostgreSQL chooses by the size of its tables.
def test_the_order_comes_out_of_an_index(asked, way):
    mark = {way: "[7, 7]" if asked else '[7, "990101", 7]'} if way else {}
    plan = plan_of_page(DUTIES, asked | mark)
    assert "dispatch_dutyrow USING INDEX" in plan and "TEMP B-TREE" not in plan
    assert ("(minor_id" in plan or "(main_department_id" in plan) == bool(way)
