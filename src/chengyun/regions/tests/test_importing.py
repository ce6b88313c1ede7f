import copy

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from chengyun.core import instants
from chengyun.core.events import Event
from chengyun.core.geometry import metres_between, wgs84_to_gcj02
from chengyun.people.access import SYSTEM
from chengyun.regions.locate import locate
from chengyun.regions.models import Level, Region, RegionVersion
from chengyun.regions.services import importing, pieces
from chengyun.regions.services.importing import ABANDONED_AFTER, Outcome, import_regions
from chengyun.regions.tests import land
from chengyun.regions.tests.county_file import File

pytestmark = pytest.mark.django_db
WEST_1, WEST_2, WEST_5 = (f"{land.WEST}00100{number}" for number in (1, 2, 5))


@pytest.fixture
def file():
    return File()


def kinds(outcome: Outcome) -> set[tuple[str, str]]:
    return {(fault.kind, fault.code) for fault in outcome.faults}


def test_a_good_file_becomes_the_active_version(file):
    outcome = file.load()
    assert outcome.faults == ()
    assert outcome.version == RegionVersion.objects.get(is_active=True)
    assert outcome.counts == {Level.COUNTY: 1, Level.TOWNSHIP: 2, Level.COMMUNITY: 2, Level.CELL: 18}
    assert Region.objects.filter(version=outcome.version).count() == 23


def test_points_are_located_in_the_new_version_at_once(file, django_capture_on_commit_callbacks):
    assert locate(*land.middle(1, 1)).cell_code == ""
    with django_capture_on_commit_callbacks(execute=True):
        file.load()
    assert locate(*land.middle(1, 1)).cell_code == WEST_5


def test_the_old_version_stays_but_is_not_active(file):
    old = file.load().version
    new = file.load().version
    assert list(RegionVersion.objects.filter(is_active=True)) == [new]
    assert Region.objects.filter(version=old).count() == 23


def test_the_switch_is_announced(file):
    version = file.load().version
    assert Event.objects.filter(kind="regions.activated", subject=f"regionversion:{version.pk}").count() == 1


def test_a_check_stores_nothing(file):
    assert file.load(check_only=True).faults == ()
    assert not RegionVersion.objects.exists()


def test_a_file_with_a_fault_changes_nothing(file):
    old = file.load().version
    file.put(WEST_5, code="12")
    assert file.load().version is None
    assert RegionVersion.objects.get() == old


def test_an_import_that_dies_half_way_leaves_the_old_version_active(file, monkeypatch):
    old = file.load().version
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 5)
    monkeypatch.setattr(importing, "activate", lambda *rest, **more: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError):
        file.load()
    assert RegionVersion.objects.get(is_active=True) == old


def test_what_a_dead_import_left_is_removed_by_a_later_one(file):
    left = RegionVersion.objects.create(name="断", imported_at=instants.now() - 2 * ABANDONED_AFTER, is_staging=True)
    Region.objects.bulk_create([land.region(left, *row) for row in land.regions()])
    file.load()
    assert not RegionVersion.objects.filter(pk=left.pk).exists()
    assert Region.objects.count() == 23


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "not_json"),
        (b"", "not_json"),
        ("中文".encode("gb18030"), "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "not_collection"),
        (b'{"type": "Feature", "features": []}', "not_collection"),
        (b'{"type": "FeatureCollection", "features": []}', "not_collection"),
        (b'{"type": "FeatureCollection", "features": [1], "coordinate_system": "mars"}', "system"),
    ],
)
def test_a_file_that_is_no_geojson_is_named_so(content, kind):
    outcome = import_regions(content, name="试验县", by=SYSTEM)
    assert [fault.kind for fault in outcome.faults] == [kind]


@pytest.mark.parametrize(
    ("spoiled", "kind", "field"),
    [
        ({"level": "village"}, "level", "level"),
        ({"level": None}, "level", "level"),
        ({"code": land.WEST + "00100"}, "code", "code"),
        ({"code": land.WEST + "00100x"}, "code", "code"),
        ({"code": None}, "code", "code"),
        ({"code": ["1"]}, "missing", "code"),
        ({"code": land.EAST + "001099"}, "prefix", "parent_code"),
        ({"parent_code": land.EAST + "001"}, "prefix", "parent_code"),
        ({"parent_code": land.WEST}, "wrong_parent", "parent_code"),
        ({"name": "长" * 101}, "missing", "name"),
        ({"name": {"zh": "格"}}, "missing", "name"),
    ],
)
def test_a_wrong_property_is_named(file, spoiled, kind, field):
    file.put(WEST_5, **spoiled)
    outcome = file.load()
    assert (kind, field) in {(fault.kind, fault.field) for fault in outcome.faults}
    assert outcome.version is None


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        (None, "geometry"),
        ({"type": "Point", "coordinates": [117, 37]}, "geometry"),
        ({"type": "Polygon"}, "geometry"),
        ({"type": "Polygon", "coordinates": []}, "geometry"),
        ({"type": "Polygon", "coordinates": [[[117, 37], [118, 37], [118, 38]]]}, "geometry"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "geometry"),
        ({"type": "Polygon", "coordinates": "117 37"}, "geometry"),
        ({"type": "Polygon", "coordinates": [[[37, 117], [37, 118], [38, 118], [37, 117]]]}, "coordinates"),
        ({"type": "Polygon", "coordinates": [[[5e5, 4e6], [6e5, 4e6], [6e5, 5e6], [5e5, 4e6]]]}, "coordinates"),
        ({"type": "Polygon", "coordinates": [[[117, 37], [118, 38], [118, 37], [117, 38], [117, 37]]]},
         "self_intersection"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_named(file, geometry, kind):
    file.feature(WEST_5)["geometry"] = geometry
    assert (kind, WEST_5) in kinds(file.load())


def test_a_self_intersection_tells_its_place(file):
    file.draw(WEST_5, Polygon([(117, 37), (118, 38), (118, 37), (117, 38)]))
    assert "117.500000 37.500000" in str(file.load().faults[0])


def test_a_code_used_twice_is_named_with_both_features(file):
    file.features.append(copy.deepcopy(file.feature(WEST_5)))
    (fault,) = file.load().faults
    assert (fault.kind, fault.code, fault.feature) == ("duplicate", WEST_5, 24)
    assert f"第 {file.features.index(file.feature(WEST_5)) + 1} 个要素" in fault.message


def test_a_missing_parent_is_named(file):
    file.without(land.WEST + "001")
    found = kinds(file.load())
    assert ("no_parent", WEST_5) in found
    assert len(found) == 9


def test_a_child_outside_its_parent_is_named(file):
    file.draw(WEST_1, land.square(-1, 0, 2))
    outcome = file.load()
    assert kinds(outcome) == {("outside_parent", WEST_1)}


def test_an_overlap_of_neighbours_is_named_with_the_other_one(file):
    file.draw(WEST_2, land.square(0, 0, 2))
    (fault,) = file.load().faults
    assert (fault.kind, fault.code) == ("overlap", WEST_2)
    assert WEST_1 in fault.message


def test_a_gap_is_named_at_the_parent_with_area_and_place(file):
    file.without(WEST_5)
    (fault,) = file.load().faults
    assert (fault.kind, fault.code) == ("gap", land.WEST + "001")
    lon, lat = land.middle(1, 1)
    assert f"{lon:.6f}, {lat:.6f}" in fault.message
    # A cell of 0.01° × 0.01° at 37° north: 1,112 m × 888 m.
    assert "98" in fault.message.split("平方米")[0]


def test_gaps_may_be_allowed_where_cells_cover_only_the_town(file):
    file.without(WEST_5)
    assert file.load(gaps=False).version is not None


def test_a_sliver_narrower_than_a_metre_is_drawing_not_land(file):
    hair = 0.000004  # 40 cm
    lon, lat = land.LON, land.LAT
    file.draw(WEST_1, box(lon, lat, lon + land.STEP + hair, lat + land.STEP - hair))
    assert file.load().faults == ()


def test_a_strip_wider_than_a_metre_is_land(file):
    strip = 0.00003  # 3 m
    lon, lat = land.LON, land.LAT
    file.draw(WEST_1, box(lon, lat, lon + land.STEP + strip, lat + land.STEP))
    assert kinds(file.load()) == {("overlap", WEST_2)}


def test_all_faults_are_listed_not_only_the_first(file):
    file.put(WEST_1, level="village")
    file.feature(WEST_2)["geometry"] = None
    file.put(WEST_5, code="12")
    assert len(file.load().faults) == 3


def test_a_fault_reads_as_a_sentence_with_feature_code_and_field(file):
    file.feature(WEST_5)["geometry"] = None
    (fault,) = file.load().faults
    assert str(fault).startswith(f"第 {fault.feature} 个要素（{WEST_5}）的 geometry：")


def test_a_parent_may_be_left_to_the_code(file):
    for feature in file.features:
        del feature["properties"]["parent_code"]
    outcome = file.load()
    assert Region.objects.get(version=outcome.version, code=WEST_5).parent_code == land.WEST + "001"


def test_numbers_as_codes_are_taken_as_written(file):
    file.put(WEST_5, code=int(WEST_5))
    assert file.load().faults == ()


@pytest.mark.parametrize("mark", [{"coordinate_system": "gcj02"}, {"crs": {"properties": {"name": "GCJ-02"}}}])
def test_a_file_marked_gcj02_is_moved_to_wgs84(file, mark):
    file.members = mark
    outcome = file.load()
    region = Region.objects.get(version=outcome.version, code=WEST_1)
    assert metres_between(region.min_lon, region.min_lat, land.LON, land.LAT) > 300
    assert wgs84_to_gcj02(region.min_lon, region.min_lat) == pytest.approx((land.LON, land.LAT), abs=1e-4)


def test_moved_neighbours_still_touch(file):
    reading = pieces.read(file.content, "gcj02")
    moved = {piece.code: piece.shape for piece in pieces.converted(reading.pieces, "gcj02")}
    assert shapely.area(shapely.intersection(moved[WEST_1], moved[WEST_2])) == 0
    assert shapely.length(shapely.intersection(moved[WEST_1], moved[WEST_2])) > 0.009


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(json_values, st.sampled_from(["properties", "geometry", "code", "level", "coordinates", "feature", "crs"]))
def test_whatever_stands_in_a_file_gives_faults_never_an_error(value, where):
    file = File()
    spoiled = file.feature(WEST_5)
    if where in ("properties", "geometry"):
        spoiled[where] = value
    elif where in ("code", "level"):
        spoiled["properties"][where] = value
    elif where == "coordinates":
        spoiled["geometry"]["coordinates"] = value
    elif where == "crs":
        file.members["crs"] = value
    else:
        file.features.append(value)
    reading = pieces.read(file.content)
    assert reading.faults or len(reading.pieces) == len(file.features)
