import datetime as dt

import pytest

from chengyun.assets import told
from chengyun.assets.models import Component, State
from chengyun.assets.services import stamp
from chengyun.assets.services.editing import change_component, change_many, create_component, restore, retire
from chengyun.assets.tests.town import BIN, COUNTY, WELL, component
from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.regions.tests.land import WEST, middle


def test_numbers_of_a_class_are_counted_on(land):
    assert [component().identifier for _ in range(2)] == [f"{COUNTY}{WELL}00000{n}" for n in (1, 2)]
    assert component(class_code=BIN).identifier == f"{COUNTY}{BIN}000001"


def test_an_identifier_of_another_class_is_refused(land):
    with pytest.raises(UserError, match=f"{COUNTY}{WELL}"):
        component(identifier=f"{COUNTY}{BIN}000001")


def test_an_identifier_is_given_once(land):
    component(identifier=f"{COUNTY}{WELL}000007")
    with pytest.raises(UserError, match="已被使用"):
        component(identifier=f"{COUNTY}{WELL}000007")


def test_a_component_knows_where_it_stands(land):
    made = component()
    assert (made.township_code, made.cell_code) == (WEST, f"{WEST}001001")


def test_moved_it_stands_elsewhere_and_history_says_so(land):
    made = component()
    lon, lat = middle(1, 1)
    assert change_component(made, {"lon": lon, "lat": lat}, by=SYSTEM)
    made.refresh_from_db()
    assert made.cell_code == f"{WEST}001005"
    assert any("单元网格" in words for words in told.history(made)[0].fields)


def test_the_same_values_are_no_change(land):
    made, before = component(), stamp.serial()
    assert not change_component(made, {"state": State.INTACT}, by=SYSTEM)
    assert (len(register.history(made)), stamp.serial()) == (1, before)


def test_chosen_ones_are_changed_alike(land):
    made = [component(), component()]
    assert change_many(made, {"state": State.DAMAGED}, by=SYSTEM) == 2
    assert set(Component.objects.values_list("state", flat=True)) == {State.DAMAGED}


def test_retired_and_restored(land):
    made = component(initial_date=dt.date(2020, 1, 1))
    retire(made, State.REMOVED, by=SYSTEM, day=dt.date(2026, 3, 1))
    made.refresh_from_db()
    assert (made.valid_to, made.state) == (dt.date(2026, 3, 1), State.REMOVED)
    restore(made, by=SYSTEM)
    made.refresh_from_db()
    assert (made.is_in_service, made.state) == (True, State.INTACT)


def test_a_class_that_is_no_part_is_refused(land):
    with pytest.raises(UserError, match="06010"):
        create_component(by=SYSTEM, class_code="06010", lon=117.0, lat=37.0)
