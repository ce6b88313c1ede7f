import datetime as dt

import pytest

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.people.roles import Role
from chengyun.people.tests.books import applied, exported, put, told, uploaded
from chengyun.people.tests.cast import appoint, department, person
from chengyun.regions import locate as locating
from chengyun.regions.locate import locate
from chengyun.regions.models import RegionVersion, ResponsibilityGrid
from chengyun.regions.services.grids import assign_grid, change_cells, close_grid, create_grid
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
CELL_1, CELL_2, CELL_5 = (f"{land.WEST}00100{number}" for number in (1, 2, 5))


@pytest.fixture(autouse=True)
def county():
    return land.active_version()


@pytest.fixture
def li():
    return person("李采集")


def make(code="G1", cells=(CELL_5,), **fields) -> ResponsibilityGrid:
    return create_grid(by=SYSTEM, code=code, name=code, cells=cells, valid_from=MONDAY, **fields)


def located(day: dt.date, column: int = 1, row: int = 1) -> tuple[int | None, int | None]:
    locating.forget()
    with instants.at(instants.start_of_day(day)):
        place = locate(*land.middle(column, row))
    return place.grid_id, place.grid_collector_id


def test_a_new_grid_answers_for_its_cells(li):
    grid = make(collector=li)
    assert located(MONDAY) == (grid.pk, li.pk)
    assert located(MONDAY, 0, 0) == (None, None)


def test_a_grid_given_on_changes_hands_on_the_day(li):
    zhang = person("张采集")
    before = make(collector=li)
    after = assign_grid(before, by=SYSTEM, department=None, collector=zhang, from_day=TUESDAY)
    assert located(MONDAY) == (before.pk, li.pk)
    assert located(TUESDAY) == (after.pk, zhang.pk)
    assert after.code == before.code


def test_given_on_the_day_it_began_it_is_corrected_not_followed(li):
    grid = make()
    assert assign_grid(grid, by=SYSTEM, department=None, collector=li, from_day=MONDAY).pk == grid.pk
    assert ResponsibilityGrid.objects.count() == 1


def test_other_cells_from_a_day_on_keep_the_people(li):
    bureau = department("bureau")
    grid = make(collector=li, department=bureau)
    after = change_cells(grid, by=SYSTEM, cells=[CELL_1], from_day=TUESDAY)
    assert (after.collector, after.department) == (li, bureau)
    assert located(TUESDAY) == (None, None)
    assert located(TUESDAY, 0, 0) == (after.pk, li.pk)


def test_a_closed_grid_answers_through_its_last_day():
    grid = close_grid(make(), by=SYSTEM, last_day=MONDAY)
    assert located(MONDAY)[0] == grid.pk
    assert located(TUESDAY)[0] is None


@pytest.mark.parametrize("cells", [[], ["990101001001999"], [land.WEST + "001"]], ids=str)
def test_only_cells_of_the_active_version_can_be_given(cells):
    with pytest.raises(UserError) as error:
        make(cells=cells)
    assert error.value.field == "cells"


def test_a_cell_belongs_to_one_grid_at_a_time():
    make()
    with pytest.raises(UserError, match="G1"):
        make("G2", [CELL_5, CELL_1])


def test_a_cell_is_free_again_when_its_grid_has_ended():
    close_grid(make(), by=SYSTEM, last_day=MONDAY)
    create_grid(by=SYSTEM, code="G2", name="G2", cells=[CELL_5], valid_from=TUESDAY)
    assert ResponsibilityGrid.objects.count() == 2


def test_a_code_in_use_is_refused():
    make()
    with pytest.raises(UserError) as error:
        make("G1", [CELL_1])
    assert error.value.field == "code"


def test_every_process_hears_of_a_change(county):
    before = county.stamp
    make()
    assert RegionVersion.objects.get().stamp != before


def test_history_tells_who_had_the_grid(li):
    grid = make(collector=li)
    assign_grid(grid, by=SYSTEM, department=None, collector=None, from_day=TUESDAY)
    followed, created = register.history(grid)
    assert created.after["collector_id"] == li.pk
    assert followed.after == {"valid_to": "2026-03-02"}


def test_changed_cells_stand_in_history():
    grid = make()
    change_cells(grid, by=SYSTEM, cells=[CELL_1, CELL_2], from_day=MONDAY)
    assert register.history(grid)[0].after == {"cells": [CELL_1, CELL_2]}


# --- the workbook -----------------------------------------------------------------------------------------------------


def test_who_has_a_grid_comes_from_a_file_from_a_day_on(client):
    chief, wang = person("chief"), person("wang")
    appoint(chief, department("centre", "centre", region_code="990101"), Role.DUTY_CHIEF)
    client.force_login(chief, backend="django.contrib.auth.backends.ModelBackend")
    bureau = department("cg")
    grid = land.grid("G1", "990101001001001", department=bureau)
    first = instants.today() + dt.timedelta(days=7)
    page = uploaded(client, "grids", exported(client, "grids"), day=first.isoformat())
    assert (page.context["found"].faults, told(page)) == ([], [])
    book = put(exported(client, "grids"), "责任网格", 2, 采集员="wang", 责任部门="")
    page = uploaded(client, "grids", book, day=first.isoformat())
    assert told(page)[0][2] == [("责任部门", "cg", ""), ("采集员", "", "wang")]
    applied(client, "grids", page)
    rows = ResponsibilityGrid.objects.filter(code="G1").order_by("valid_from")
    assert [(each.collector, each.department, each.valid_from == first) for each in rows] == [
        (None, bureau, False),
        (wang, None, True),
    ]
    grid.refresh_from_db()
    assert grid.valid_to == first - dt.timedelta(days=1)
    page = uploaded(client, "grids", put(book, "责任网格", 0, 代码="G9"), day=first.isoformat())
    assert "新的行请在页面上建立" in page.context["found"].faults[0].message
