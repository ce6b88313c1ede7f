import datetime as dt
import json

import openpyxl
import pytest

from chengyun.assets.models import Component, StagedComponent, State, SurveyImport
from chengyun.assets.services import switching
from chengyun.assets.tests.town import COUNTY, WELL, component, line
from chengyun.core import history
from chengyun.core.errors import Conflict, UserError
from chengyun.core.geometry import gcj02_to_bd09, wgs84_to_gcj02
from chengyun.people import register
from chengyun.regions.tests import land


def test_a_census_becomes_components_with_their_attributes(census):
    summary = census.bring_in(line(1), line(2, 状态="破损"))
    assert (summary.created, summary.refused) == (2, 0)
    first = Component.objects.get(identifier=f"{COUNTY}{WELL}000001")
    assert (first.name, first.state, first.road) == ("雨水井盖", State.INTACT, "凤凰街")
    assert (first.manager.name, first.manager.code) == ("住建局", "1137")
    assert first.initial_date == dt.date(2020, 3, 15)
    assert first.cell_code == f"{land.WEST}001001"


def test_the_same_file_again_changes_nothing(census):
    census.bring_in(line(1), line(2))
    before = (SurveyImport.objects.count(), list(Component.objects.values_list("pk", "digest")))
    assert census.again().same == 2
    assert (SurveyImport.objects.count(), list(Component.objects.values_list("pk", "digest"))) == before


def test_a_changed_row_is_a_change_with_history(census):
    census.bring_in(line(1), line(2))
    summary = census.bring_in(line(1, 状态="破损"), line(2))
    assert (summary.created, summary.changed, summary.same) == (0, 1, 1)
    changed = Component.objects.get(identifier__endswith="000001")
    [told] = register.history(changed)
    assert (told.before, told.after) == ({"state": "intact"}, {"state": "damaged"})
    assert not [fault for fault in history.verify() if fault.is_grave]


def test_a_column_that_the_file_lacks_changes_nothing(census):
    census.bring_in(line(1, 状态="破损"))
    few = {name: line(1)[name] for name in ("标识码", "主管部门", "初始日期", "经度", "纬度")}
    assert census.bring_in(few).same == 1
    assert census.bring_in(few | {"备注": "井圈偏高"}).changed == 1
    found = Component.objects.get()
    assert (found.state, found.road, found.manager.code, found.note) == ("damaged", "凤凰街", "1137", "井圈偏高")


def test_an_import_is_recorded_once_with_proof_of_its_rows(census):
    census.bring_in(line(1), line(2))
    [survey] = SurveyImport.objects.all()
    [record] = history.records(f"component_import:{survey.pk}")
    assert (record.data["created"], len(record.data["rows"])) == (2, 64)
    assert not StagedComponent.objects.exists()


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"标识码": "12"}, "标识码", "17 位"),
        ({"标识码": f"{COUNTY}01999000001"}, "标识码", "01999"),
        ({"标识码": f"990102{WELL}000001"}, "标识码", "990102"),
        ({"状态": "坏了"}, "状态", "坏了"),
        ({"初始日期": "2020-13-01"}, "初始日期", "2020-13-01"),
        ({"主管部门": ""}, "主管部门", "主管部门"),
        ({"经度": "116.5"}, "经度", "本县之外"),
        ({"经度": "37.0", "纬度": "117.0"}, "经度", "写反"),
        ({"经度": "东"}, "经度", "数字"),
        ({"名称": "长" * 31}, "名称", "30"),
    ],
)
def test_a_bad_row_is_named_and_the_others_come_in(census, changed, column, reason):
    summary = census.bring_in(line(1, **changed), line(2))
    assert (summary.created, summary.refused) == (1, 1)
    [(row, named, _kind, why)] = census.faults
    assert (row, named) == ("2", column)
    assert reason in why


def test_an_identifier_twice_is_refused_the_second_time(census):
    summary = census.bring_in(line(1), line(1))
    assert (summary.created, summary.refused) == (1, 1)
    assert "第 2 行重复" in census.faults[0][3]


def test_another_cell_than_the_points_is_remarked_and_corrected(census):
    summary = census.bring_in(line(1, 单元网格=f"{land.EAST}001001"))
    assert (summary.created, summary.remarked) == (1, 1)
    assert census.faults[0][1] == "单元网格"
    assert Component.objects.get().cell_code == f"{land.WEST}001001"


def test_a_class_of_2013_comes_in_under_its_successor(census):
    census.bring_in(line(1, 标识码=f"{COUNTY}0103000009"))
    found = Component.objects.get()
    assert (found.identifier, found.former_identifier) == (f"{COUNTY}{WELL}000009", f"{COUNTY}0103000009")


@pytest.mark.parametrize("system", ["gcj02", "bd09", "4549"])
def test_other_coordinate_systems_are_converted(census, system):
    import pyproj

    lon, lat = land.middle(0, 0)
    shifted = wgs84_to_gcj02(lon, lat)
    given = {"gcj02": shifted, "bd09": gcj02_to_bd09(*shifted)}
    x, y = given.get(system) or pyproj.Transformer.from_crs(4490, 4549, always_xy=True).transform(lon, lat)
    census.bring_in(line(1, 经度=str(x), 纬度=str(y)), system=system)
    found = Component.objects.get()
    assert (found.lon, found.lat) == (pytest.approx(lon, abs=2e-6), pytest.approx(lat, abs=2e-6))


def test_only_checking_writes_nothing(census):
    assert census.bring_in(line(1), line(2, 状态="坏了"), check_only=True).created == 1
    assert not Component.objects.exists()
    assert not SurveyImport.objects.exists()


def test_a_missing_column_is_named(census):
    with pytest.raises(UserError, match="标识码"):
        census.bring_in({"名称": "井盖", "经度": "1", "纬度": "2"})


def test_a_retired_component_is_not_changed_behind_its_back(census):
    census.bring_in(line(1))
    Component.objects.update(valid_to=dt.date(2026, 1, 1))
    assert census.bring_in(line(1, 状态="破损")).refused == 1


def test_an_identifier_taken_meanwhile_undoes_the_whole(census, monkeypatch):
    switch = switching._switch

    def taken(*given):
        component(identifier=f"{COUNTY}{WELL}000001")
        switch(*given)

    monkeypatch.setattr(switching, "_switch", taken)
    with pytest.raises(Conflict):
        census.bring_in(line(1), line(2))
    assert Component.objects.count() == 1


def test_excel_and_geojson_say_the_same(census, tmp_path):
    census.bring_in(line(1))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(line(1)))
    sheet.append([*line(1).values()])
    book.save(tmp_path / "census.xlsx")
    sheet.append([])
    sheet.append([None, "备注行"])
    book.save(tmp_path / "trailing.xlsx")
    properties = {name: value for name, value in line(1).items() if name not in ("经度", "纬度")}
    geometry = {"type": "Point", "coordinates": [float(line(1)["经度"]), float(line(1)["纬度"])]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    content = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "census.geojson").write_text(json.dumps(content), encoding="utf-8")
    for name in ("census.xlsx", "census.geojson"):
        census.path = tmp_path / name
        assert census.again().same == 1, name
    census.path = tmp_path / "trailing.xlsx"
    assert (census.again().same, census.faults[0][0]) == (1, "4")


def test_a_real_date_and_a_code_typed_as_a_number_are_read_from_excel(census, tmp_path):
    given = line(1) | {"初始日期": dt.datetime(2020, 3, 15), "主管部门代码": 1137, "经度": land.middle(0, 0)[0]}
    book = openpyxl.Workbook()
    book.active.append(list(given))
    book.active.append(list(given.values()))
    census.path = tmp_path / "typed.xlsx"
    book.save(census.path)
    assert census.again().created == 1
    found = Component.objects.get()
    assert (found.initial_date, found.manager.code) == (dt.date(2020, 3, 15), "1137")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old"])
def test_a_broken_workbook_is_told_in_a_sentence(census, tmp_path, content):
    census.path = tmp_path / "broken.xlsx"
    census.path.write_bytes(content)
    with pytest.raises(UserError, match="另存"):
        census.again()


def test_a_shapefile_of_points_with_pinyin_columns(census, tmp_path):
    import shapefile

    with shapefile.Writer(str(tmp_path / "census"), encoding="gb18030") as writer:
        for name in ("GLBJBSM", "ZGBMMC", "CSRQ"):
            writer.field(name, "C", 30)
        writer.point(*land.middle(0, 0))
        writer.record(f"{COUNTY}{WELL}000001", "住建局", "20200315")
    census.path = tmp_path / "census.shp"
    assert census.again().created == 1
    assert Component.objects.get().manager.name == "住建局"
