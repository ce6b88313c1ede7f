"""Shapefiles and workbooks of regions."""

import io
import zipfile

import pytest
import shapely
from shapely.geometry import Polygon

from chengyun.core.geometry import metres_between
from chengyun.people.access import SYSTEM
from chengyun.regions.models import Region
from chengyun.regions.services.importing import import_regions
from chengyun.regions.tests import land, survey

pytestmark = pytest.mark.django_db
WEST_1 = land.WEST + "001001"


def load(content: bytes, **options: object):
    return import_regions(content, name="测量成果", by=SYSTEM, **options)


def why(content: bytes, **options: object) -> str:
    outcome = load(content, **options)
    assert outcome.version is None
    return " ".join(map(str, outcome.faults))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("epsg", [4548, 4527, 4509, 4498, 4490])
def test_a_shapefile_of_every_2000_zone_is_imported(epsg, encoding):
    outcome = load(survey.zipped(epsg=epsg, encoding=encoding))
    assert list(map(str, outcome.faults)) == []
    region = Region.objects.get(version=outcome.version, code=WEST_1)
    assert region.name == "网格001"
    assert metres_between(region.min_lon, region.min_lat, land.LON, land.LAT) < 0.5


@pytest.mark.parametrize("cpg", [None, b"ISO-88591-x", b"936"])
def test_gbk_is_read_with_a_missing_or_wrong_cpg(cpg):
    outcome = load(survey.zipped(cpg=cpg))
    assert Region.objects.get(version=outcome.version, code=WEST_1).name == "网格001"


def test_without_a_prj_the_importer_tells_the_system():
    content = survey.zipped(prj=None)
    assert "以米为单位" in why(content)
    assert load(content, system="epsg:4548").version is not None


def test_a_missing_index_is_no_matter():
    assert load(survey.zipped(shx=None)).version is not None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 broken", "打不开"),
        (survey.zipped(shp=None), "没有 .shp"),
        (survey.zipped(dbf=None), "缺 .dbf"),
        (survey.zipped(shp=b"nothing"), "损坏"),
        (survey.zipped(dbf=b"nothing"), "损坏"),
        (survey.zipped()[:900], "打不开"),
        (survey.zipped(epsg=2385), "2000 坐标系"),
        (survey.zipped(epsg=32650), "不能导入"),
    ],
    ids=range(8),
)
def test_a_file_that_cannot_be_is_named_so(content, told):
    assert told in why(content)


def test_an_archive_that_grows_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("chengyun.regions.services.reading.shapefiles.MAX_BYTES", 100)
    assert "300 MB" in why(survey.zipped())


def test_a_cut_layer_is_refused():
    packed = io.BytesIO(survey.zipped())
    with zipfile.ZipFile(packed) as archive:
        shp = archive.read(next(name for name in archive.namelist() if name.endswith(".shp")))
    assert "损坏" in why(survey.zipped(shp=shp[: len(shp) // 2], shx=None))


def test_a_self_intersection_in_a_shapefile_is_named_with_its_cell():
    lon, lat, step = land.LON, land.LAT, land.STEP
    bow = Polygon([(lon, lat), (lon + step, lat + step), (lon + step, lat), (lon, lat + step)])
    rows = [(level, code, parent, bow if code == WEST_1 else shape) for level, code, parent, shape in land.regions()]
    assert WEST_1 in why(survey.zipped(rows))
    assert "自相交" in why(survey.zipped(rows))


def test_a_workbook_brings_outlines_as_wkt():
    lines = [(code, f"名{code[-3:]}", level.value, shapely.to_wkt(shape)) for level, code, _up, shape in land.regions()]
    outcome = load(survey.workbook(("代码", "名称", "层级", "图形"), *lines))
    assert list(map(str, outcome.faults)) == []
    assert Region.objects.get(version=outcome.version, code=WEST_1).name == "名001"


def test_a_workbook_changes_attributes_of_known_outlines():
    land.active_version()
    lines = [(int(code), f"新{code[-3:]}", "A") for _level, code, _up, _shape in land.regions()]
    outcome = load(survey.workbook(("代码", "名称", "区域类别"), *lines))
    region = Region.objects.get(version=outcome.version, code=WEST_1)
    assert (region.name, region.area_class, region.min_lon) == ("新001", "A", land.LON)


def test_a_row_without_an_outline_anywhere_is_named_by_its_row():
    land.active_version()
    faults = load(survey.workbook(("代码", "名称"), (land.COUNTY, "县"), (land.WEST + "001999", "新格"))).faults
    assert [(fault.feature, fault.kind) for fault in faults] == [(3, "geometry")]


@pytest.mark.parametrize(
    "lines", [[()], [("名称",), ("甲",)], [("代码",)], [("代码", "图形"), (land.COUNTY, "POLYGON(")]]
)
def test_a_workbook_without_what_it_needs_is_named_so(lines):
    assert why(survey.workbook(*lines))


def test_a_workbook_with_a_broken_sheet_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(survey.workbook(("代码",)))) as whole, zipfile.ZipFile(out, "w") as broken:
        for info in whole.infolist():
            is_sheet = info.filename.startswith("xl/worksheets/")
            broken.writestr(info, b"<worksheet><sheetData><row>" if is_sheet else whole.read(info))
    assert "不是 Excel 工作簿" in why(out.getvalue())
