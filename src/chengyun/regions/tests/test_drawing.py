import pytest
import shapely

from chengyun.core.errors import UserError
from chengyun.regions.drawing import area_of, text_of
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db
SQUARE = "117.001,37.001\n117.009,37.001\n117.009,37.009\n117.001,37.009"


@pytest.fixture(autouse=True)
def county():
    return land.active_version()


def refusal(text: str) -> str:
    with pytest.raises(UserError) as caught:
        area_of(text)
    return str(caught.value)


def test_what_is_drawn_is_read_and_written_alike():
    written = text_of(shapely.to_wkb(area_of(SQUARE)))
    assert written.startswith("117.001000,37.001000\n117.009000,")
    assert area_of(written).equals(area_of(SQUARE))


@pytest.mark.parametrize("text", ["117.001，37.001；117.009 37.001;117.009,37.009\n117.001,37.009\n117.001,37.001"])
def test_other_marks_and_a_closing_corner_are_the_same(text):
    assert area_of(text).equals(area_of(SQUARE))


def test_nothing_written_is_no_area():
    assert area_of(" \n ") is None


def test_a_corner_that_is_none_is_named():
    assert refusal("117.001,37.001\n117.009\n117.009,37.009") == "第 2 个点“117.009”应写成“经度,纬度”。"


def test_longitude_and_latitude_the_other_way_round_are_told_by_corner():
    assert refusal("117.001,37.001\n37.001,117.009\n117.009,37.009").startswith("第 2 个点：经度和纬度写反了")


def test_two_corners_make_no_area():
    assert "至少要有 3 个不同的点" in refusal("117.001,37.001\n117.009,37.001\n117.009,37.001")


def test_a_border_that_crosses_itself_is_refused_with_the_place():
    crossed = "117.001,37.001\n117.009,37.009\n117.009,37.001\n117.001,37.009"
    assert refusal(crossed) == "边界在 117.005000,37.005000 处自己相交，请移动那里的点。"


def test_land_outside_the_county_is_refused_with_its_share():
    assert refusal("116.991,37.001\n117.009,37.001\n117.009,37.009\n116.991,37.009") == (
        "区域有 50% 在县界以外，请把界外的点移回来。"
    )
