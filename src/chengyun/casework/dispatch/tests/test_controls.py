from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import shapely

from chengyun.casework.dispatch.models import ControlArea
from chengyun.casework.dispatch.queries import controlled
from chengyun.casework.dispatch.services import add_control_area, change_control_area, end_control_area
from chengyun.casework.dispatch.windows import Window
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI
from chengyun.people.access import actor_for
from chengyun.people.models import User
from chengyun.people.register import history
from chengyun.taxonomy.models import MinorClass

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
CELL = "990101001002003"
SQUARE = shapely.to_wkb(shapely.box(117.0, 37.0, 117.1, 37.1))


def area(**fields: object) -> ControlArea:
    approver = User.objects.create_user("approver", "x", name="审批人")
    values: dict[str, object] = {
        "approved_by_id": approver.pk,
        "reason": "道路改造",
        "starts_at": NOON - dt.timedelta(days=1),
        "ends_at": NOON + dt.timedelta(days=1),
    }
    return add_control_area("文化路改造", **(values | fields))  # type: ignore[arg-type]


def found(minor: MinorClass, lon: float = 117.05, at: dt.datetime = NOON) -> ControlArea | None:
    return controlled(minor, lon, 37.05, CELL, at)


def test_an_area_by_code_controls_its_cells(lamps: MinorClass) -> None:
    assert found(lamps) is None
    control = area(region_codes=["990101001"])
    assert found(lamps) == control


def test_an_area_of_another_township_does_not(lamps: MinorClass) -> None:
    area(region_codes=["990101002"])
    assert found(lamps) is None


def test_a_polygon_controls_what_lies_inside(lamps: MinorClass) -> None:
    control = area(shape=SQUARE)
    assert found(lamps) == control
    assert found(lamps, lon=117.2) is None


def test_only_the_named_classes_are_controlled(lamps: MinorClass, old_lamps: MinorClass) -> None:
    control = area(minor_ids=[lamps.pk])
    other = MinorClass.objects.get(standard=lamps.standard, kind="matter", code="06010")
    assert found(old_lamps) == control
    assert found(other) is None


def test_only_its_period_and_hours_count(lamps: MinorClass) -> None:
    area(window=Window(dt.time(8), dt.time(18)))
    assert found(lamps) is not None
    assert found(lamps, at=NOON + dt.timedelta(hours=9)) is None
    assert found(lamps, at=NOON + dt.timedelta(days=2)) is None


def test_an_ended_area_controls_nothing_more(lamps: MinorClass) -> None:
    end_control_area(area(), at=NOON)
    assert found(lamps) is None
    assert found(lamps, at=NOON - dt.timedelta(hours=1)) is not None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"ends_at": NOON - dt.timedelta(days=2)}, "ends_at"),
        ({"shape": b"nonsense"}, "shape"),
        ({"shape": shapely.to_wkb(shapely.Point(1, 1))}, "shape"),
    ],
)
def test_a_request_that_cannot_hold_is_refused(fields: dict[str, object], field: str) -> None:
    with pytest.raises(UserError) as error:
        area(**fields)
    assert error.value.field == field


def test_two_drawn_areas_of_one_time_do_not_share_land(lamps: MinorClass) -> None:
    first = area(shape=SQUARE)
    later = {"approved_by_id": first.approved_by_id, "reason": "演出"}
    half = shapely.to_wkb(shapely.box(117.05, 37.0, 117.15, 37.1))
    with pytest.raises(UserError) as caught:
        add_control_area("演出", starts_at=NOON, ends_at=NOON + dt.timedelta(hours=2), shape=half, **later)  # type: ignore[arg-type]
    assert "50% 与同时段的“文化路改造”重叠" in str(caught.value)
    after = first.ends_at + dt.timedelta(hours=1)
    add_control_area("演出", starts_at=first.ends_at, ends_at=after, shape=half, **later)  # type: ignore[arg-type]
    assert ControlArea.objects.count() == 2


def test_an_area_that_is_not_over_gets_other_land_and_time_with_history(lamps: MinorClass) -> None:
    control = area(shape=SQUARE)
    moved = shapely.to_wkb(shapely.box(117.2, 37.0, 117.3, 37.1))
    with instants.at(NOON):
        change_control_area(control, shape=moved, minor_ids=[lamps.pk])
    assert found(lamps) is None
    assert found(lamps, lon=117.25) == control
    assert {name for each in history(control) for name in each.after} >= {"shape", "minors"}


def test_what_is_over_is_not_changed(lamps: MinorClass) -> None:
    control = area(shape=SQUARE)
    with instants.at(NOON + dt.timedelta(days=2)), pytest.raises(UserError):
        change_control_area(control, name="别的")


def test_a_draft_holds_back_nothing_until_somebody_approves_it(lamps: MinorClass) -> None:
    draft, chief = area(shape=SQUARE, is_draft=True), User.objects.create_user("chief", "x", name="值班长")
    assert found(lamps) is None
    other = area_beside(shape=SQUARE)
    with instants.at(NOON):
        with pytest.raises(UserError, match="重叠"):
            change_control_area(draft, by=actor_for(chief), is_draft=False)
        end_control_area(other, at=NOON - dt.timedelta(days=2))
        change_control_area(draft, by=actor_for(chief), is_draft=False)
    draft.refresh_from_db()
    assert (found(lamps), draft.approved_by) == (draft, chief)
    assert [sorted(each.after) for each in history(draft)][0] == ["approved_by_id", "is_draft"]


def area_beside(**fields: object) -> ControlArea:
    approver = User.objects.get(username="approver")
    times: dict[str, Any] = {"starts_at": NOON - dt.timedelta(days=1), "ends_at": NOON + dt.timedelta(days=1)}
    return add_control_area("旁边", approved_by_id=approver.pk, reason="活动", **times, **fields)  # type: ignore[arg-type]
