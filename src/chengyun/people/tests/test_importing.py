import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role
from chengyun.people.services.importing import Outcome, import_people

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def monday():
    with instants.at(instants.start_of_day(DAY)):
        yield


class Book:
    """A workbook as the county's office would send it; a test spoils a cell."""

    def __init__(self, folder) -> None:
        self.path = folder / "人员.xlsx"
        self.sheets: dict[str, list[list[object]]] = {
            "部门": [
                ["部门代码", "部门名称", "类型", "上级代码", "区划代码", "电话"],
                ["cg-1", "执法一中队", "专业部门", "cg", "", ""],
                ["cg", "城市管理局", "专业部门", "", "", "0531-8812345"],
                ["zx", "监督指挥中心", "监督指挥中心", "", 990101, ""],
            ],
            "人员": [
                ["登录名", "姓名", "手机号", "初始密码"],
                ["wang", "王派遣", "13800000000", ""],
                ["sun", "孙处置", "", "huang-he-2026-xia"],
            ],
            "岗位": [
                ["岗位代码", "岗位名称", "部门代码", "角色"],
                ["pq", "派遣员", "zx", "派遣员、受理员"],
                ["cz", "处置员", "cg-1", "处置人员"],
            ],
            "任职": [
                ["登录名", "岗位代码", "开始日期", "截止日期", "代谁履职"],
                ["wang", "pq", dt.datetime(2026, 3, 1), None, None],
                ["sun", "cz", "2026-03-01", "2026/12/31", ""],
            ],
        }

    def put(self, sheet: str, row: int, column: str, value: object) -> None:
        lines = self.sheets[sheet]
        lines[row - 1][lines[0].index(column)] = value

    def save(self) -> None:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, lines in self.sheets.items():
            sheet = book.create_sheet(name)
            for line in lines:
                sheet.append(line)
        book.save(self.path)

    def load(self) -> Outcome:
        self.save()
        return import_people(self.path, by=SYSTEM)


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)


def faults(outcome: Outcome) -> list[tuple[str, int, str]]:
    return [(fault.sheet, fault.row, fault.column) for fault in outcome.faults]


def test_everything_is_there_afterwards(book):
    outcome = book.load()
    assert outcome.added == {"部门": 3, "人员": 2, "岗位": 2, "任职": 2}
    wang = User.objects.get(username="wang")
    assert actor_for(wang, DAY).roles == {Role.DISPATCHER, Role.RECEIVER}
    assert actor_for(wang, DAY).region_codes == ("990101",)


def test_a_child_may_stand_above_its_parent(book):
    book.load()
    parent, child = Department.objects.get(code="cg"), Department.objects.get(code="cg-1")
    assert child.parent == parent
    assert child.path == f"{parent.path}{child.pk}/"


def test_dates_are_read_however_they_are_written(book):
    book.load()
    held = Appointment.objects.get(user__username="sun")
    assert (held.valid_from, held.valid_to) == (dt.date(2026, 3, 1), dt.date(2026, 12, 31))


def test_every_new_person_gets_a_password_to_change(book):
    told = {each.username: each.password for each in book.load().passwords}
    for user in User.objects.all():
        assert user.check_password(told[user.username])
        assert user.must_change_password
    assert told["sun"] == "huang-he-2026-xia"


def test_every_new_row_has_its_history(book):
    book.load()
    for model in (Department, User, Post, Appointment):
        for row in model.objects.all():
            assert [change.action for change in register.history(row)] == ["created"]


def test_a_second_run_adds_and_changes_nothing(book):
    book.load()
    outcome = book.load()
    assert set(outcome.added.values()) | set(outcome.changed.values()) == {0}
    assert outcome.passwords == []


def test_a_known_row_is_changed_with_history(book):
    book.load()
    book.put("部门", 3, "部门名称", "综合执法局")
    assert book.load().changed["部门"] == 1
    bureau = Department.objects.get(code="cg")
    assert bureau.name == "综合执法局"
    assert register.history(bureau)[0].action == "changed"


def test_a_known_department_moves_with_its_subtree(book):
    book.load()
    book.put("部门", 3, "上级代码", "zx")
    book.load()
    team = Department.objects.get(code="cg-1")
    assert team.path.startswith(Department.objects.get(code="zx").path)


def test_an_absent_column_leaves_known_rows_as_they_are(book):
    book.load()
    book.sheets["部门"] = [line[:3] for line in book.sheets["部门"]]
    assert book.load().changed["部门"] == 0
    assert Department.objects.get(code="cg").phone == "0531-8812345"


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value"),
    [
        ("部门", 3, "部门代码", "有 空格"),
        ("部门", 3, "部门名称", ""),
        ("部门", 3, "类型", "委员会"),
        ("部门", 4, "区划代码", "12"),
        ("部门", 2, "上级代码", "nowhere"),
        ("部门", 3, "上级代码", "cg-1"),
        ("部门", 4, "部门代码", "cg"),
        ("人员", 2, "登录名", "王 派遣"),
        ("人员", 2, "姓名", ""),
        ("人员", 2, "手机号", "没有"),
        ("人员", 3, "初始密码", "123456"),
        ("人员", 3, "登录名", "wang"),
        ("岗位", 2, "角色", "皇帝"),
        ("岗位", 2, "角色", ""),
        ("岗位", 2, "角色", "系统管理员、受理员"),
        ("岗位", 2, "部门代码", "nowhere"),
        ("任职", 2, "登录名", "nobody"),
        ("任职", 2, "岗位代码", "nowhere"),
        ("任职", 3, "截止日期", "2025-01-01"),
        ("任职", 3, "开始日期", "三月"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_imported(book, sheet, row, column, value):
    book.put(sheet, row, column, value)
    assert (sheet, row, column) in faults(book.load())
    assert not any(model.objects.exists() for model in (Department, User, Post, Appointment))


def test_a_fault_reads_as_a_sentence(book):
    book.put("部门", 3, "类型", "委员会")
    assert str(book.load().faults[0]).startswith("“部门”第 3 行 类型：没有“委员会”，请填：监督指挥中心、专业部门")


def test_all_faults_come_at_once_in_the_order_of_the_sheets(book):
    book.put("任职", 2, "开始日期", "三月")
    book.put("部门", 4, "区划代码", "12")
    book.put("部门", 3, "部门名称", "")
    assert [(fault.sheet, fault.row) for fault in book.load().faults][:2] == [("部门", 3), ("部门", 4)]


def test_nobody_becomes_administrator_beside_business(book):
    book.sheets["岗位"].append(["sys", "系统管理员", "zx", "系统管理员"])
    book.sheets["任职"].append(["wang", "sys", "", "", ""])
    (fault,) = book.load().faults
    assert (fault.sheet, fault.row) == ("任职", 4)
    assert "王派遣" in fault.message


def test_changed_roles_of_a_known_post_keep_administrators_apart(book):
    book.sheets["岗位"].append(["jd", "督查员", "zx", "督查员"])
    book.sheets["任职"].append(["wang", "jd", "", "", ""])
    book.load()
    book.put("岗位", 4, "角色", "审计管理员")
    assert ("岗位", 4, "岗位代码") in faults(book.load())


def test_a_deputy_needs_a_last_day(book):
    book.sheets["任职"].append(["sun", "pq", "", "", "wang"])
    assert faults(book.load()) == [("任职", 4, "截止日期")]


def test_a_folder_of_csv_files_is_read_too(book, tmp_path):
    folder = tmp_path / "csv"
    folder.mkdir()
    for number, (name, lines) in enumerate(book.sheets.items()):
        text = io.StringIO()
        csv.writer(text).writerows(lines[:3] if name == "任职" else lines)
        (folder / f"{name}.csv").write_text(
            text.getvalue().replace("2026-03-01 00:00:00", "2026-03-01"),
            encoding="gb18030" if number % 2 else "utf-8-sig",
        )
    assert import_people(folder, by=SYSTEM).added == {"部门": 3, "人员": 2, "岗位": 2, "任职": 2}


def test_a_missing_column_is_named(book):
    book.sheets["人员"] = [["登录名"], ["wang"]]
    with pytest.raises(UserError, match="“人员”缺少列：姓名"):
        book.load()


def test_a_workbook_without_our_sheets_is_refused(book):
    book.sheets = {"Sheet1": [["a"]]}
    with pytest.raises(UserError, match="部门、人员、岗位、任职"):
        book.load()


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_a_sentence(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(UserError, match="Excel"):
        import_people(path, by=SYSTEM)


def test_the_command_writes_passwords_for_its_owner_only(book, tmp_path):
    book.load()
    book.put("人员", 2, "手机号", "")
    book.sheets["人员"].append(["new", "新来的", "", ""])
    book.save()
    out = io.StringIO()
    call_command("load_people", str(book.path), stdout=out)
    told = tmp_path / "人员-初始密码.csv"
    assert told.stat().st_mode & 0o777 == 0o600
    assert "new,新来的," in told.read_text(encoding="utf-8-sig")
    assert "人员：新增 1，更新 1" in out.getvalue()


def test_the_command_lists_faults_and_fails(book):
    book.put("部门", 3, "部门名称", "")
    book.save()
    err = io.StringIO()
    with pytest.raises(CommandError, match="没有导入"):
        call_command("load_people", str(book.path), stdout=io.StringIO(), stderr=err)
    assert "“部门”第 3 行" in err.getvalue()
