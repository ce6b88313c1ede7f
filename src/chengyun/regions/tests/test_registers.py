"""A jurisdiction's page, and a responsibility grid drawn on the map."""

import pytest
import shapely

from chengyun.core import instants
from chengyun.people.roles import Role
from chengyun.people.tests.books import at
from chengyun.people.tests.cast import appoint, department, person
from chengyun.regions.drawing import text_of
from chengyun.regions.models import Region, RegionVersion, ResponsibilityGrid
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db
CELL_1, CELL_2, CELL_4 = (f"{land.WEST}00100{number}" for number in (1, 2, 4))


@pytest.fixture(autouse=True)
def county():
    return land.active_version()


@pytest.fixture
def chief(client):
    user = person("chief")
    appoint(user, department("centre", "centre", region_code=land.COUNTY), Role.DUTY_CHIEF)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def around(column: int, row: int, width: int, height: int) -> str:
    return text_of(shapely.to_wkb(land.square(column, row, width, height)))


# --- jurisdictions ----------------------------------------------------------------------------------------------------


def test_a_region_tells_its_versions_and_where_it_is_used(chief, county):
    before = RegionVersion.objects.create(name="旧版", imported_at=instants.now().replace(year=2020))
    land.region(before, "cell", CELL_1, land.WEST + "001", land.square(1, 0), name="老名字").save()
    grid = land.grid("G1", CELL_1)
    page = chief.get(at("row", "regions", Region.objects.get(version=county, code=CELL_1).pk))
    told = page.content.decode()
    assert not page.context["may_change"] and "老名字" in told and "有变化" in told
    assert at("row", "grids", grid.pk) in told


def test_what_lies_below_a_region_is_told(chief, county):
    land.grid("G1", CELL_1)
    page = chief.get(at("row", "regions", Region.objects.get(version=county, code=land.WEST).pk))
    used = next(each for each in page.context["panels"] if "uses" in each["context"])["context"]["uses"]
    assert {str(use.title): use.count for use in used.found} == {"责任网格": 1, "下级区划": 1}


# --- a grid on the map ------------------------------------------------------------------------------------------------


def sent(**fields: str) -> dict[str, str]:
    return {"code": "G1", "name": "一格", "cells": "", "valid_from": instants.today().isoformat(), **fields}


def cells_of(code: str) -> list[str]:
    return sorted(ResponsibilityGrid.objects.get(code=code).cells.values_list("cell_code", flat=True))


def test_a_grid_has_the_cells_whose_centre_was_drawn_around(chief):
    answer = chief.post(at("new", "grids"), sent(area=around(0, 0, 2, 1)))
    assert (answer.status_code, cells_of("G1")) == (302, [CELL_1, CELL_2])


def test_its_border_is_drawn_and_corrected_on_its_page(chief):
    chief.post(at("new", "grids"), sent(cells=f"{CELL_1} {CELL_2}"))
    page = at("row", "grids", ResponsibilityGrid.objects.get().pk)
    shown = chief.get(page).context["form"].initial
    assert shapely.Polygon([tuple(map(float, line.split(","))) for line in shown["area"].split("\n")]).equals(
        land.square(0, 0, 2, 1)
    )
    unchanged = sent(cells=shown["cells"], area=shown["area"].replace("\n", "\r\n"))
    assert chief.post(page, unchanged).status_code == 302 and cells_of("G1") == [CELL_1, CELL_2]
    chief.post(page, sent(cells=shown["cells"], area=around(0, 0, 1, 2)))
    assert cells_of("G1") == [CELL_1, CELL_4]


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({}, "请至少选一个单元网格，或在图上圈出"),
        ({"area": "117.0001,37.0001;117.0002,37.0001;117.0002,37.0002"}, "没有单元网格的中心"),
        ({"area": around(0, 0, 1, 1), "cells": CELL_2}, "只改其中一处"),
    ],
)
def test_what_cannot_be_a_grid_is_told(chief, fields, advice):
    answer = chief.post(at("new", "grids"), sent(**fields))
    assert advice in answer.content.decode() and not ResponsibilityGrid.objects.exists()


def test_cells_in_pieces_have_no_border_to_drag(chief):
    chief.post(at("new", "grids"), sent(cells=f"{CELL_1} {land.EAST}001001"))
    page = at("row", "grids", ResponsibilityGrid.objects.get().pk)
    assert chief.get(page).context["form"].initial["area"] == ""
