from __future__ import annotations

import csv
import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chengyun.casework.dispatch import queries
from chengyun.casework.dispatch.models import DutyRow
from chengyun.casework.dispatch.services import Duty, add_duty
from chengyun.casework.dispatch.services.lines import HEAD
from chengyun.casework.dispatch.services.table import changes, export_table, import_table, read_table
from chengyun.core.instants import SHANGHAI
from chengyun.people.models import Department
from chengyun.taxonomy.models import MinorClass
from chengyun.taxonomy.services.faults import FaultyTable

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
LAMP_ROW = {
    "类型": "事项",
    "依据标准": "GB/T 47678.5-2026",
    "小类代码": "01037",
    "主办部门": "路灯所",
}


@pytest.fixture(autouse=True)
def _county(lamps: MinorClass, lighting: Department, power: Department, township: Department) -> None:
    """Classes and three departments are there in every test."""


def csv_file(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    out = StringIO()
    writer = csv.DictWriter(out, HEAD)
    writer.writeheader()
    writer.writerows(LAMP_ROW | row for row in rows)
    file = path / "duty.csv"
    file.write_text(out.getvalue(), encoding=encoding)
    return file


def load(file: Path, *, whole: bool = False) -> dict[str, int]:
    return dict(import_table(read_table(file, DAY), DAY, whole=whole))


def test_rows_of_a_csv_become_duties(
    tmp_path: Path, lamps: MinorClass, lighting: Department, power: Department
) -> None:
    row = {
        "区域代码": "",
        "条件序号": "1",
        "起始时间": "18:00",
        "结束时间": "24:00",
        "协办部门": "供电公司",
        "自动派遣": "是",
    }
    assert load(csv_file(tmp_path, row)) == {"added": 1}
    duty = DutyRow.objects.get()
    assert (duty.main_department, list(duty.co_departments.all())) == (lighting, [power])
    assert (duty.condition and duty.condition.number, duty.from_time, duty.to_time) == (1, dt.time(18), dt.time(0))
    assert duty.auto_dispatch


def test_a_file_of_an_old_office_program_is_read(tmp_path: Path) -> None:
    assert load(csv_file(tmp_path, {}, encoding="gb18030")) == {"added": 1}


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    file = csv_file(tmp_path, {}, {"主办部门": "T1", "星期": "67"})
    load(file)
    assert load(file) == {}


def test_another_department_takes_over_from_that_day(
    tmp_path: Path, lamps: MinorClass, lighting: Department, power: Department
) -> None:
    add_duty(Duty(lamps.pk, lighting.pk), valid_from=dt.date(2020, 1, 1))
    assert load(csv_file(tmp_path, {"主办部门": "D2"})) == {"changed": 1}
    now = queries.propose(lamps, (), None, NOON)
    before = queries.propose(lamps, (), None, NOON - dt.timedelta(days=1))
    assert now and before
    assert (before.main_department_id, now.main_department_id) == (lighting.pk, power.pk)


def test_only_a_whole_list_retires_what_it_does_not_name(
    tmp_path: Path, lamps: MinorClass, lighting: Department
) -> None:
    add_duty(Duty(lamps.pk, lighting.pk, region_code="990101001"), valid_from=dt.date(2020, 1, 1))
    file = csv_file(tmp_path, {})
    assert changes(read_table(file, DAY), DAY, whole=True).counts() == {"added": 1, "retired": 1}
    assert load(file) == {"added": 1}
    assert load(file, whole=True) == {"retired": 1}


def test_out_and_in_again_changes_nothing(tmp_path: Path) -> None:
    load(csv_file(tmp_path, {"条件序号": "2", "星期": "12345"}, {"协办部门": "供电公司、玉泉街道"}))
    file = tmp_path / "duty.xlsx"
    file.write_bytes(export_table(DAY))
    assert load(file, whole=True) == {}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"小类代码": "1037"}, "没有小类1037"),
        ({"主办部门": ""}, "请填写主办部门"),
        ({"主办部门": "不存在"}, "没有名为“不存在”的部门"),
        ({"条件序号": "99"}, "没有第99条立案条件"),
        ({"起始时间": "六点"}, "时间请按"),
        ({"星期": "8"}, "星期请用1至7"),
        ({"协办部门": "路灯所"}, "主办部门不能同时"),
        ({"自动派遣": "可"}, "请填“是”或“否”"),
        ({"区域代码": "玉泉"}, "区域代码只能是数字"),
    ],
)
def test_a_fault_is_told_with_its_row_and_nothing_is_imported(
    tmp_path: Path, row: dict[str, str], message: str
) -> None:
    with pytest.raises(FaultyTable, match=f"权责清单第3行：.*{message}"):
        load(csv_file(tmp_path, {}, row))
    assert not DutyRow.objects.exists()


def test_the_same_entry_twice_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FaultyTable, match="第3行：与前面的行重复"):
        load(csv_file(tmp_path, {}, {}))


def test_a_missing_column_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "duty.csv"
    file.write_text("类型,小类代码\n", encoding="utf-8")
    with pytest.raises(FaultyTable, match="缺少列：依据标准"):
        load(file)


def test_the_command_counts_what_it_did(tmp_path: Path) -> None:
    file, said = csv_file(tmp_path, {}), StringIO()
    call_command("load_duty", str(file), "--dry-run", stdout=said)
    call_command("load_duty", str(file), stdout=said)
    call_command("load_duty", str(file), stdout=said)
    assert said.getvalue() == "新增 1 条（尚未写入）\n新增 1 条\n没有改动\n"


def test_the_command_lists_all_faults(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="第2行.*\n.*第3行"):
        call_command("load_duty", str(csv_file(tmp_path, {"主办部门": ""}, {"主办部门": ""})))


def test_the_export_command_writes_a_workbook(tmp_path: Path) -> None:
    call_command("export_duty", str(tmp_path / "out.xlsx"), stdout=StringIO())
    assert not read_table(tmp_path / "out.xlsx", DAY).faults
