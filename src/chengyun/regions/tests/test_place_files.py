import json

import pytest
from django.core.management import CommandError, call_command

from chengyun.core.errors import UserError
from chengyun.core.geometry import metres_between, wgs84_to_gcj02
from chengyun.people.access import SYSTEM
from chengyun.people.register import history
from chengyun.regions.models import NamedPlace
from chengyun.regions.queries import find_places
from chengyun.regions.services.place_files import derive_roads, import_places
from chengyun.regions.tests import land, survey

pytestmark = pytest.mark.django_db
CSV = """类别,名称,经度,纬度,地址
小区,东关小区,117.001,37.001,凤凰街8号
门牌,凤凰街20号,117.003,37.001,
标志物,火车站,117.005,37.005,
"""


@pytest.fixture(autouse=True)
def county():
    return land.active_version()


def load(content: bytes | str, **options: str):
    return import_places(content.encode() if isinstance(content, str) else content, by=SYSTEM, **options)


def test_names_come_in_with_township_history_and_the_house_of_their_address():
    outcome = load(CSV)
    assert (outcome.added, outcome.known, outcome.refused) == (4, 0, [])
    station = NamedPlace.objects.get(name="火车站")
    assert station.township_code == land.WEST
    assert len(history(station)) == 1
    assert find_places("凤凰街8号")[0].kind == "house"


def test_a_second_run_adds_nothing():
    load(CSV)
    assert (load(CSV).added, NamedPlace.objects.count()) == (0, 4)


def test_a_road_follows_from_its_houses():
    load(CSV)
    assert derive_roads(by=SYSTEM) == 1
    assert derive_roads(by=SYSTEM) == 0
    road = NamedPlace.objects.get(kind="road")
    assert (road.name, round(road.lon, 4)) == ("凤凰街", 117.002)
    assert find_places("凤凰街14号")[0].is_estimate


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_read_in_both_encodings(encoding):
    assert load(CSV.encode(encoding)).added == 4


def test_a_workbook_is_read():
    content = survey.workbook(("名称", "经度", "纬度"), ("火车站", 117.005, 37.005))
    assert load(content, kind="landmark").added == 1


def test_geojson_brings_the_shape_of_a_road():
    line = {"type": "LineString", "coordinates": [[117.0, 37.0], [117.01, 37.0]]}
    feature = {"type": "Feature", "properties": {"name": "凤凰街", "kind": "road"}, "geometry": line}
    load(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert NamedPlace.objects.get().shape is not None


def test_gcj02_is_converted():
    lon, lat = wgs84_to_gcj02(117.005, 37.005)
    load(f"名称,经度,纬度\n火车站,{lon},{lat}\n", kind="landmark", system="gcj02")
    station = NamedPlace.objects.get()
    assert metres_between(station.lon, station.lat, 117.005, 37.005) < 0.2


@pytest.mark.parametrize(
    ("line", "why"),
    [("飞机场,远,117,37", "类别"), ("小区,,117,37", "名称"), ("小区,甲,abc,37", "数字"), ("小区,甲,nan,37", "数字"),
     ("小区,甲,37,117", "写反"), ("小区,甲,2.3,48.8", "不在中国"), ("小区,甲,39500000,4100000", "以米为单位")],
)  # fmt: skip
def test_a_wrong_row_is_refused_and_the_others_come_in(line, why):
    outcome = load(f"类别,名称,经度,纬度\n{line}\n小区,乙,117,37\n")
    assert [number for number, _reason in outcome.refused] == [2]
    assert why in outcome.refused[0][1]
    assert outcome.added == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b'{"features": 1}', "名称\n甲".encode(), b"\xff\xff\xff"])
def test_a_file_that_is_no_list_of_places_is_named_so(content):
    with pytest.raises(UserError):
        load(content)


def test_the_command_tells_sums_and_lists_what_it_refused(tmp_path, capsys):
    file = tmp_path / "names.csv"
    file.write_text(CSV + "小区,甲,37,117,\n", encoding="gb18030")
    call_command("import_places", str(file), "--roads")
    assert "新增 4 处，已有 0 处，拒收 1 行，推出道路 1 条" in capsys.readouterr().out
    assert "5" in (tmp_path / "names.refused.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(CommandError):
        call_command("import_places", str(tmp_path / "none.csv"))
