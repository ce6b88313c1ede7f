from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from chengyun.core.errors import UserError
from chengyun.taxonomy import queries
from chengyun.taxonomy.models import CountyClass, FilingCondition, MinorClass
from chengyun.taxonomy.services.catalogue_rows import CatalogueRow
from chengyun.taxonomy.services.county import adopt
from chengyun.taxonomy.services.data import EDITION_2013, EDITION_2026
from chengyun.taxonomy.services.excel import differences, export_catalogue, import_catalogue, read_catalogue
from chengyun.taxonomy.services.faults import FaultyTable

pytestmark = pytest.mark.django_db
SINCE, DAY = dt.date(2026, 7, 1), dt.date(2026, 11, 23)
Change = Callable[[Workbook], None]


@pytest.fixture(autouse=True)
def _catalogue(catalogues: None, db: None) -> None:
    rows = [
        CatalogueRow(EDITION_2026, "matter", "06", "市容环境类", "06010", "暴露垃圾"),
        CatalogueRow(EDITION_2026, "matter", "06", "市容环境类", "06012", "道路不洁"),
        CatalogueRow(EDITION_2013, "part", "01", "公用设施", "0137", "路灯"),
    ]
    adopt(rows, SINCE)


def exported(change: Change | None = None) -> BytesIO:
    content = BytesIO(export_catalogue(DAY))
    if change is None:
        return content
    workbook = load_workbook(content)
    change(workbook)
    changed = BytesIO()
    workbook.save(changed)
    changed.seek(0)
    return changed


def lines(change: Change) -> list[str]:
    return list(differences(read_catalogue(exported(change)), DAY).lines())


def drop_roads(workbook: Workbook) -> None:
    workbook["目录"].delete_rows(3)
    sheet = workbook["立案条件"]
    for number in range(sheet.max_row, 1, -1):
        if sheet.cell(number, 3).value == "06012":
            sheet.delete_rows(number)


def reword(workbook: Workbook) -> None:
    workbook["立案条件"]["F2"] = "本县自拟的条件"


def test_out_and_in_again_changes_nothing() -> None:
    table = read_catalogue(exported())
    assert not differences(table, DAY)
    assert not import_catalogue(table, DAY, origin="示范县")


def test_it_says_where_the_conditions_come_from() -> None:
    sheet = load_workbook(exported())["立案条件"]
    assert sheet["K2"].value == "起始集，非国标原文"


def test_differences_are_told_before_anything_is_written() -> None:
    assert lines(drop_roads) == ["停用小类 06012 道路不洁"]
    assert lines(reword) == ["变更立案条件 06010 第1条：本县自拟的条件"]
    assert CountyClass.objects.filter(valid_to=None).count() == 3


def test_a_class_dropped_from_the_sheet_ends() -> None:
    import_catalogue(read_catalogue(exported(drop_roads)), DAY, origin="示范县")
    names = queries.county_catalogue(DAY).values_list("name", flat=True)
    assert set(names) == {"暴露垃圾", "路灯"}


def test_a_reworded_condition_is_the_countys_from_that_day() -> None:
    import_catalogue(read_catalogue(exported(reword)), DAY, origin="示范县")
    minor = MinorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="06010")
    condition = queries.conditions_for(minor, DAY)[0]
    assert (condition.text, condition.origin) == ("本县自拟的条件", "示范县")
    assert queries.conditions_for(minor, DAY - dt.timedelta(days=1))[0].origin != "示范县"
    assert queries.limit_for(condition, "A").amount == 2


def test_conditions_of_an_old_class_are_changed_where_they_stand() -> None:
    def reword_lamp(workbook: Workbook) -> None:
        sheet = workbook["立案条件"]
        row = next(row for row in sheet.iter_rows(min_row=2) if row[2].value == "0137")
        row[9].value = "本县自拟的结案条件"

    import_catalogue(read_catalogue(exported(reword_lamp)), DAY, origin="示范县")
    lamps = MinorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="01037")
    assert queries.conditions_for(lamps, DAY)[0].closing == "本县自拟的结案条件"


def test_a_new_local_class_comes_with_its_conditions() -> None:
    def add(workbook: Workbook) -> None:
        workbook["目录"].append(["事项", "91", "智慧停车", "91999", "闸机故障", "LOCAL"])
        workbook["立案条件"].append(
            ["事项", "LOCAL", "91999", "闸机故障", 1, "闸机抬不起来", "", 4, "工作时", "抬杆正常", ""]
        )

    table = read_catalogue(exported(add))
    assert list(differences(table, DAY).lines()) == [
        "新增小类 91999 闸机故障",
        "新增立案条件 91999 第1条：闸机抬不起来",
    ]
    import_catalogue(table, DAY, origin="示范县")
    [condition] = FilingCondition.objects.filter(minor__code="91999")
    assert queries.limit_for(condition).unit == "working_hour"


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("目录", "D2", 6010, "目录第2行：.*没有小类6010"),
        ("目录", "A2", "物件", "目录第2行：类型应为"),
        ("目录", "E1", "名字", "目录第1行：缺少列：小类名称"),
        ("立案条件", "H2", -1, "立案条件第2行：时限应为大于0"),
        ("立案条件", "H2", "半天", "立案条件第2行：时限应为大于0"),
        ("立案条件", "H2", "NaN", "立案条件第2行：时限应为大于0"),
        ("立案条件", "I2", "小时", "立案条件第2行：单位应为"),
        ("立案条件", "E2", "一", "立案条件第2行：序号应为1至99"),
        ("立案条件", "J2", None, "立案条件第2行：请先填写一行默认时限"),
        ("立案条件", "G3", None, "立案条件第3行：同一立案条件的区域类别重复"),
        ("立案条件", "C2", "06036", "立案条件第2行：小类06036不在目录表中"),
    ],
)
def test_a_fault_is_told_with_its_row_and_nothing_is_imported(
    sheet: str, cell: str, value: object, message: str
) -> None:
    def spoil(workbook: Workbook) -> None:
        workbook[sheet][cell] = value
        workbook["目录"].delete_rows(4)

    with pytest.raises(FaultyTable, match=message):
        import_catalogue(read_catalogue(exported(spoil)), DAY, origin="示范县")
    assert CountyClass.objects.filter(valid_to=None).count() == 3


def test_a_missing_sheet_is_a_fault() -> None:
    def drop(workbook: Workbook) -> None:
        del workbook["立案条件"]

    with pytest.raises(FaultyTable, match="立案条件：缺少该工作表"):
        lines(drop)


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(UserError, match="不是有效的Excel"):
        read_catalogue(BytesIO(b"PK nonsense"))


def test_a_workbook_with_broken_sheets_is_refused() -> None:
    broken = BytesIO()
    with ZipFile(exported()) as whole, ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            is_sheet = name.startswith("xl/worksheets/")
            copy.writestr(name, b"<worksheet><sheetData><row" if is_sheet else whole.read(name))
    broken.seek(0)
    with pytest.raises(UserError, match="不是有效的Excel"):
        read_catalogue(broken)


def test_the_command_shows_and_writes_the_differences(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.xlsx"
    path.write_bytes(exported(drop_roads).getvalue())
    said = StringIO()
    call_command("load_county_catalogue", str(path), "--from", "2026-11-23", "--dry-run", stdout=said)
    assert said.getvalue() == "停用小类 06012 道路不洁\n以上差异尚未写入\n"
    call_command("load_county_catalogue", str(path), "--from", "2026-11-23", stdout=said)
    assert "已写入，自2026-11-23起生效" in said.getvalue()
    assert queries.county_catalogue(DAY).count() == 2


def test_the_command_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("load_county_catalogue", str(tmp_path / "none.xlsx"))


def test_the_export_command_writes_what_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    call_command("export_county_catalogue", str(path), "--on", "2026-11-23", stdout=StringIO())
    with path.open("rb") as file:
        assert not differences(read_catalogue(file), DAY)
