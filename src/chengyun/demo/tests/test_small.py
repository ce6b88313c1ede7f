"""The small county that other modules' tests use."""

from __future__ import annotations

import pytest

from chengyun.core import instants
from chengyun.demo import small
from chengyun.people.roles import Role
from chengyun.regions.locate import locate
from chengyun.taxonomy.models import CountyClass

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return small.build()


def test_it_has_one_township_and_twelve_cells(county):
    assert county.township.region_code == "990126001"
    assert len(county.cells) == 12


def test_it_has_somebody_in_every_role(county):
    assert set(county.users) == set(Role)
    assert all(county.actor(role).has(role) for role in Role)


def test_a_point_in_it_is_located_with_its_collector(county):
    place = locate(*county.point)
    assert place.cell_code == next(iter(county.cells))
    assert place.area_class == "A"
    assert place.grid_collector_id == county.users[Role.COLLECTOR].pk


def test_a_class_of_it_has_a_condition(county):
    assert county.condition("暴露垃圾").text


def test_its_catalogue_has_18_major_and_163_minor_classes_in_both_generations(county):
    for day in (instants.civil_day(small.OPENED), instants.today()):
        rows = CountyClass.objects.on(day)
        assert rows.count() == 163
        assert len({(row.minor.kind, row.major_code, row.major_name) for row in rows.select_related("minor")}) == 18


def test_one_of_its_departments_never_logs_in(county):
    assert not county.offline.works_online
