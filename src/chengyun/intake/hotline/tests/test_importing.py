import csv
import io
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from chengyun.casework.cases import search
from chengyun.casework.cases.models import Case, Report, Supplement
from chengyun.core.errors import UserError
from chengyun.intake.hotline.models import HotlineImport, HotlineOrder
from chengyun.intake.hotline.services import importing
from chengyun.intake.hotline.tests.files import LAMP, NOISE, WASTE, changed, text, write, write_gzip, write_xlsx

pytestmark = pytest.mark.django_db


def run(path, *arguments):
    """What the command prints, line by line."""
    out = io.StringIO()
    call_command("import_hotline", str(path), *arguments, stdout=out, stderr=out)
    return out.getvalue().splitlines()


def bad_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_each_row_becomes_an_order_a_report_and_a_case(tmp_path):
    assert run(write(tmp_path, text(LAMP, WASTE, NOISE)))[-1] == "导入 3 条，已有 0 条，补充 0 条，错误 0 条"
    order = HotlineOrder.objects.get(order_no="GD001")
    assert order.report.words == "凤凰街路灯三天不亮"
    assert order.report.source_id == "12345/GD001"
    assert order.case.source == "hotline"
    assert order.case.stage == "reported"
    assert Case.objects.count() == Report.objects.count() == HotlineOrder.objects.count() == 3


def test_what_was_imported_is_found_by_its_words(tmp_path):
    run(write(tmp_path, text(LAMP, WASTE)))
    assert search.search_ids("凤凰街") == [HotlineOrder.objects.get(order_no="GD001").case.pk]


def test_an_order_keeps_its_kind_and_counts(tmp_path):
    run(
        write(
            tmp_path, text([*LAMP, "3"], header=[*["编号", "时间", "标题", "内容", "姓名", "电话", "类型", "点赞数"]])
        )
    )
    order = HotlineOrder.objects.get()
    assert order.kind == HotlineOrder.Kind.COMPLAINT
    assert order.extra == {"likes": 3, "kind": "投诉"}


@pytest.mark.parametrize(("written", "kind"), [("投诉举报", "complaint"), ("求助类", "help"), ("其他", ""), ("", "")])
def test_kinds_are_read_by_their_word(written, kind):
    assert importing.kind_of(written) == kind


def test_a_second_run_adds_nothing(tmp_path):
    path = write(tmp_path, text(LAMP, WASTE, NOISE))
    run(path)
    assert run(path)[-1] == "导入 0 条，已有 3 条，补充 0 条，错误 0 条"
    assert Case.objects.count() == 3
    assert not Supplement.objects.exists()


def test_the_same_orders_in_another_file_format_are_known(tmp_path):
    run(write(tmp_path, text(LAMP, NOISE)))
    assert run(write_xlsx(tmp_path, LAMP, NOISE))[-1] == "导入 0 条，已有 2 条，补充 0 条，错误 0 条"


def test_changed_content_supplements_the_case(tmp_path):
    run(write(tmp_path, text(LAMP, NOISE)))
    later = write(tmp_path, text(changed(LAMP, text="凤凰街路灯五天不亮"), NOISE), name="later.csv")
    assert run(later)[-1] == "导入 0 条，已有 1 条，补充 1 条，错误 0 条"
    assert Supplement.objects.get().words == "凤凰街路灯五天不亮"
    assert run(later)[-1] == "导入 0 条，已有 2 条，补充 0 条，错误 0 条"
    assert Case.objects.count() == 2


def test_changed_counts_alone_are_no_supplement(tmp_path):
    header = ["编号", "时间", "内容", "点赞数"]
    run(write(tmp_path, text(["1", "2026-11-20", "路灯", "3"], header=header)))
    run(write(tmp_path, text(["1", "2026-11-20", "路灯", "8"], header=header)))
    assert HotlineOrder.objects.get().extra == {"likes": 8}
    assert not Supplement.objects.exists()


def test_the_same_number_of_another_source_is_another_order(tmp_path):
    path = write(tmp_path, text(LAMP))
    run(path)
    assert run(path, "--source", "留言板")[-1] == "导入 1 条，已有 0 条，补充 0 条，错误 0 条"


def test_an_order_twice_in_one_file_is_one_case_with_a_supplement(tmp_path):
    path = write(tmp_path, text(LAMP, changed(LAMP, text="路灯还是不亮"), LAMP))
    assert run(path)[-1] == "导入 1 条，已有 1 条，补充 1 条，错误 0 条"
    assert Case.objects.count() == 1


def test_bad_rows_are_listed_beside_the_input_and_the_rest_is_imported(tmp_path):
    path = write(tmp_path, text(LAMP, changed(WASTE, text="", time="昨天"), NOISE))
    printed = run(path)
    assert printed[-1] == "导入 2 条，已有 0 条，补充 0 条，错误 1 条"
    assert printed[-2] == f"错误行已列在 {tmp_path / 'orders.csv.bad-rows.csv'}"
    assert bad_rows(tmp_path / "orders.csv.bad-rows.csv") == [
        ["行号", "列", "原因"],
        ["3", "受理时间", "时间“昨天”不能识别"],
        ["3", "诉求内容", "内容为空"],
    ]


def test_the_list_of_bad_rows_goes_when_they_are_mended(tmp_path):
    run(write(tmp_path, text(changed(LAMP, text=""))))
    run(write(tmp_path, text(LAMP)))
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_bad_rows_go_to_the_data_directory_where_the_folder_is_not_writable(tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    path = write(tmp_path, text(changed(LAMP, text="")))
    # A folder in the place of the file refuses even the superuser.
    (tmp_path / "orders.csv.bad-rows.csv").mkdir()
    listed = tmp_path / "data" / "imports" / "orders.csv.bad-rows.csv"
    assert run(path)[-2] == f"错误行已列在 {listed}"
    assert len(bad_rows(listed)) == 2
    assert stat.S_IMODE(listed.parent.stat().st_mode) == 0o700


def test_a_column_name_cannot_run_as_a_formula(tmp_path):
    path = write(tmp_path, text(["2026-11-20", "x" * 20_001], header=["时间", "=cmd()"]))
    run(path, "--map", "text==cmd()")
    assert bad_rows(tmp_path / "orders.csv.bad-rows.csv")[1][1] == "'=cmd()"


def test_a_row_that_the_door_refuses_is_listed_alone(tmp_path, monkeypatch):
    door = importing.submit_part

    def refusing(reports, by):
        if any(report.title == "暴露垃圾" for report in reports):
            raise UserError("这一件不收")
        return door(reports, by)

    monkeypatch.setattr(importing, "submit_part", refusing)
    assert run(write(tmp_path, text(LAMP, WASTE, NOISE)))[-1] == "导入 2 条，已有 0 条，补充 0 条，错误 1 条"
    assert bad_rows(tmp_path / "orders.csv.bad-rows.csv")[1] == ["3", "", "这一件不收"]


def test_a_chunk_that_met_a_faster_import_is_stored_again(tmp_path, monkeypatch):
    path = write(tmp_path, text(LAMP, NOISE))
    door, late = importing.submit_part, [path]

    def overtaken(reports, by):
        if late:
            late.pop()
            raise IntegrityError("one_report_per_source_id")
        return door(reports, by)

    monkeypatch.setattr(importing, "submit_part", overtaken)
    assert run(path)[-1] == "导入 2 条，已有 0 条，补充 0 条，错误 0 条"


def test_kinds_are_read_whatever_language_the_reader_has():
    with translation.override("en"):
        assert importing.kind_of("投诉") == "complaint"


class Killed(BaseException):
    pass


def test_a_killed_import_left_whole_rows_and_completes_when_run_again(tmp_path, monkeypatch):
    many = [changed(LAMP, id=f"GD{at}", text=f"第 {at} 盏路灯不亮") for at in range(95)]
    path = write(tmp_path, text(*many))
    kill_in_chunk(monkeypatch, 2)
    with pytest.raises(Killed):
        run(path)
    assert Case.objects.count() == Report.objects.count() == HotlineOrder.objects.count() == importing.CHUNK
    monkeypatch.undo()
    left = 95 - importing.CHUNK
    assert run(path)[-1] == f"导入 {left} 条，已有 {importing.CHUNK} 条，补充 0 条，错误 0 条"
    assert Case.objects.count() == HotlineOrder.objects.count() == 95


def kill_in_chunk(monkeypatch, number):
    calls = []
    count = importing._count

    def dying(*args):
        calls.append(args)
        if len(calls) == number:
            raise Killed
        count(*args)

    monkeypatch.setattr(importing, "_count", dying)


def test_a_run_taken_up_again_counts_each_row_once(tmp_path, monkeypatch):
    many = [changed(LAMP, id=f"GD{at}", text=f"第 {at} 盏路灯不亮" if at != 70 else "") for at in range(95)]
    path = write(tmp_path, text(*many))
    taken = importing.start("orders.csv", told={})
    kill_in_chunk(monkeypatch, 2)
    with pytest.raises(Killed), importing.BadRowFile(path) as faults:
        importing.import_file(path, importing.Import(taken, faults))
    monkeypatch.undo()
    with importing.BadRowFile(path) as faults:
        summary = importing.import_file(path, importing.Import(HotlineImport.objects.get(), faults))
    assert str(summary) == "导入 94 条，已有 0 条，补充 0 条，错误 1 条"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--map", "text"], "应写成 字段=列名"),
        (["--map", "颜色=标题"], "应写成 字段=列名"),
        (["--map", "text=没有"], "表头里没有“没有”列"),
    ],
)
def test_a_wrong_map_is_refused_and_nothing_imported(tmp_path, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(write(tmp_path, text(LAMP)), *arguments)
    assert not Report.objects.exists()


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(CommandError, match="文件是空的"):
        run(write(tmp_path, ""))
    assert HotlineImport.objects.get().state == HotlineImport.State.FAILED


def test_a_cut_archive_is_imported_up_to_its_cut_and_ends_in_failure(tmp_path):
    many = [changed(LAMP, id=f"GD{at}", text=f"路灯不亮 {at * 7919}") for at in range(100)]
    with pytest.raises(SystemExit) as ended:
        run(write_gzip(tmp_path, text(*many), cut=100))
    assert ended.value.code == 1
    assert 0 < HotlineOrder.objects.count() < 100


def test_an_unknown_zone_is_refused(tmp_path):
    with pytest.raises(CommandError, match="没有时区"):
        run(write(tmp_path, text(LAMP)), "--zone", "Mars/Base")


def test_statements_do_not_grow_with_the_rows_of_a_chunk(tmp_path):
    run(write(tmp_path, text(LAMP)))
    counts = []
    for size in (5, importing.CHUNK):
        path = write(tmp_path, text(*(changed(LAMP, id=f"{size}-{at}") for at in range(size))))
        with CaptureQueriesContext(connection) as queries:
            run(path)
        counts.append(len([query for query in queries if "cases_search" not in query["sql"]]))
    # SQLite takes a limited number of parameters, so a wide insert may be cut in two or three.
    assert counts[1] - counts[0] <= 4


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_messages_become_cases(shared, tmp_path):
    path = tmp_path / "att3_hot_raw.csv.gz"
    path.write_bytes((shared / "data/complaints/att3_hot_raw.csv.gz").read_bytes())
    assert run(path)[-1] == "导入 4326 条，已有 0 条，补充 0 条，错误 0 条"
    assert run(path)[-1] == "导入 0 条，已有 4326 条，补充 0 条，错误 0 条"
    assert Case.objects.count() == HotlineOrder.objects.count() == 4326
