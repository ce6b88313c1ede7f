import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chengyun.core.geometry import metres_between
from chengyun.people.access import SYSTEM
from chengyun.regions.finding.search import Match
from chengyun.regions.models import NamedPlace
from chengyun.regions.queries import find_places
from chengyun.regions.services.places import change_place, create_place
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db
LON, LAT = land.LON, land.LAT


def place(name: str, lon: float = LON, lat: float = LAT, kind: str = "landmark", line=None) -> NamedPlace:
    shape = shapely.to_wkb(shapely.LineString(line)) if line else None
    code = f"R{NamedPlace.objects.count()}"
    return create_place(by=SYSTEM, kind=kind, code=code, name=name, lon=lon, lat=lat, shape=shape)


def road(name: str, *line: tuple[float, float]) -> NamedPlace:
    return place(name, *line[0], kind="road", line=line)


def names(text: str, **more: object) -> list[str]:
    return [found.name for found in find_places(text, **more)]


@pytest.fixture
def crossing():
    """凤凰街 runs to the east, 人民路 to the north; they meet at 0.01, 0.01."""
    road("凤凰街", (LON, LAT + 0.01), (LON + 0.02, LAT + 0.01))
    road("人民路", (LON + 0.01, LAT), (LON + 0.01, LAT + 0.02))


def test_the_whole_name_comes_first_then_beginnings_then_the_rest():
    for name in ("中南门街", "南门里", "南门", "北门"):
        place(name)
    assert names("南门") == ["南门", "南门里", "中南门街"]


@pytest.mark.parametrize("text", ["", " ", "南", "%%", "\x00\x00", "😀😀"])
def test_too_little_finds_nothing(text):
    place("南门里")
    assert names(text) == []


def test_blanks_and_wide_letters_do_not_matter():
    place("Ａ座 商贸城")
    assert names("a座商贸") == ["Ａ座 商贸城"]


def test_names_that_a_description_holds_are_found_longest_first():
    for name in ("东关", "东关小区", "城关"):
        place(name)
    assert names("城关镇东关小区3号楼后面堆满垃圾") == ["东关小区", "东关", "城关"]


def test_the_nearer_of_two_equals_comes_first():
    far, near = place("幸福小区", LON + 1), place("幸福小区", LON)
    found = find_places("幸福小区", near=(LON, LAT))
    assert [each.place_id for each in found] == [near.pk, far.pk]
    assert found[0].metres == 0


def test_a_known_house_number_is_found():
    house = place("凤凰街12号", kind="house")
    found = find_places("城关镇凤凰街 12 号")[0]
    assert (found.place_id, found.match, found.is_estimate) == (house.pk, Match.HOUSE, False)


def test_an_unknown_house_number_is_estimated_between_its_neighbours():
    place("凤凰街8号", LON, kind="house")
    place("凤凰街20号", LON + 0.012, kind="house")
    place("凤凰街11号", LON + 1, kind="house")
    found = find_places("凤凰街12号")[0]
    assert (found.name, found.is_estimate) == ("凤凰街12号", True)
    assert found.lon == pytest.approx(LON + 0.004)


def test_an_estimate_follows_the_bend_of_the_street():
    road("弯街", (LON, LAT), (LON + 0.01, LAT), (LON + 0.01, LAT + 0.01))
    place("弯街2号", LON, LAT, kind="house")
    place("弯街6号", LON + 0.01, LAT + 0.01, kind="house")
    found = find_places("弯街4号")[0]
    assert metres_between(found.lon, found.lat, LON + 0.01, LAT) < 1


def test_beyond_the_last_number_the_last_says_where_to_look():
    place("凤凰街8号", kind="house")
    assert find_places("凤凰街18号")[0].is_estimate
    assert names("凤凰街180号") == []


def test_a_street_without_numbers_is_answered_by_the_street(crossing):
    assert names("凤凰街12号") == ["凤凰街"]


@pytest.mark.parametrize("text", ["凤凰街与人民路交叉口", "城关镇人民路和凤凰街路口东南角"])
def test_a_crossing_is_where_the_roads_meet(crossing, text):
    found = find_places(text)[0]
    assert found.match == Match.CROSSING
    assert (found.lon, found.lat) == pytest.approx((LON + 0.01, LAT + 0.01))


def test_roads_that_do_not_meet_are_answered_by_themselves(crossing):
    road("远路", (LON + 1, LAT), (LON + 1, LAT + 1))
    assert set(names("凤凰街与远路交叉口")) == {"凤凰街", "远路"}


def test_a_renamed_place_is_found_by_its_new_name_only():
    change_place(place("旧市场"), by=SYSTEM, name="新天地")
    assert (names("市场"), names("新天")) == ([], ["新天地"])


@pytest.mark.parametrize("text", ["凤凰街与人民路交叉口", "凤凰街12号", "凤凰"])
def test_the_statements_do_not_grow_with_the_names(crossing, text):
    with CaptureQueriesContext(
        connection,
    ) as few:
        find_places(text)
    for number in range(2, 40, 2):
        place(f"凤凰街{number + 20}号", kind="house")
    with CaptureQueriesContext(connection) as many:
        find_places(text)
    assert len(many) <= len(few) <= 6
