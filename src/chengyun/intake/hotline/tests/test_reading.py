import datetime as dt
import os
import tracemalloc
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from chengyun.core.tables.bad_rows import BadRow
from chengyun.core.tables.delimited import MAX_LINE
from chengyun.intake.hotline.reading.rows import Row, open_table
from chengyun.intake.hotline.tests import files
from chengyun.intake.hotline.tests.conftest import NOW
from chengyun.intake.hotline.tests.files import LAMP, NOISE, WASTE, changed, text, write

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(path, told=None, zone=SHANGHAI):
    with open_table(path, told) as table:
        return list(table.rows(zone, NOW))


def good(path, **kwargs):
    rows = read(path, **kwargs)
    assert [row for row in rows if isinstance(row, BadRow)] == []
    return rows


def bad(path, **kwargs):
    """(row, column, reason) of each fault."""
    rows = [row for row in read(path, **kwargs) if isinstance(row, BadRow)]
    return [(row.number, fault.column, fault.reason) for row in rows for fault in row.faults]


def test_a_row_of_csv_becomes_an_order(tmp_path):
    [row] = good(write(tmp_path, text(LAMP)))
    assert row.number == 2
    assert row.source_id == "GD001"
    assert row.received_at == dt.datetime(2026, 11, 20, 0, 30, tzinfo=dt.UTC)
    assert (row.title, row.text) == ("路灯不亮", "凤凰街路灯三天不亮")
    assert (row.name, row.phone, row.kind) == ("王某", "13800000000", "投诉")


def test_times_are_read_in_the_zone_named(tmp_path):
    [row] = good(write(tmp_path, text(LAMP)), zone=ZoneInfo("UTC"))
    assert row.received_at == dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_usual_encoding_is_recognised(tmp_path, encoding):
    rows = good(write(tmp_path, text(LAMP, WASTE), encoding=encoding))
    assert [row.text for row in rows] == [LAMP[3], WASTE[3]]


def test_gb18030_is_recognised_after_many_plain_lines(tmp_path):
    plain = [changed(LAMP, id=str(at), title="x", text="y", name="", kind="") for at in range(3000)]
    path = write(
        tmp_path,
        text(*plain, WASTE, header=["id", "time", "title", "text", "name", "phone", "kind"]),
        encoding="gb18030",
    )
    assert good(path)[-1].text == WASTE[3]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_recognised(tmp_path, delimiter):
    assert len(good(write(tmp_path, text(LAMP, WASTE, delimiter=delimiter)))) == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(tmp_path, ending):
    content = text(LAMP, NOISE).replace("\r\n", ending)
    assert [row.number for row in good(write(tmp_path, content))] == [2, 3]


def test_a_message_may_hold_line_breaks_and_quotes(tmp_path):
    rows = good(write(tmp_path, text(WASTE, NOISE)))
    assert rows[0].text == '幸福小区门口\n垃圾成堆，"没人"管'
    assert [row.number for row in rows] == [2, 3]


def test_a_gzip_file_is_known_by_its_content(tmp_path):
    path = files.write_gzip(tmp_path, text(LAMP))
    assert len(good(path.rename(tmp_path / "orders.csv"))) == 1


def test_a_cut_archive_gives_its_whole_rows_and_says_where_it_ends(tmp_path):
    many = [changed(LAMP, id=f"GD{at}", text=f"{at * 7919} 路灯不亮 {os.urandom(8).hex()}") for at in range(2000)]
    rows = read(files.write_gzip(tmp_path, text(*many), cut=4000))
    assert len(rows) > 1000
    assert all(row.text == many[row.number - 2][3] for row in rows[:-1])
    assert rows[-1].is_end
    assert rows[-1].faults[0].reason == "压缩文件不完整，从这一行起不能读出"


def test_a_workbook_holds_times_as_dates_serials_and_text(tmp_path):
    moment = dt.datetime(2026, 11, 20, 8, 30)
    rows = [
        [f"GD{at}", value, "", "路灯不亮"]
        for at, value in enumerate([moment, 46346.354166667, "2026年11月20日 8时30分"])
    ]
    path = files.write_xlsx(tmp_path, *rows)
    assert [row.received_at for row in good(path)] == [moment.replace(tzinfo=SHANGHAI).astimezone(dt.UTC)] * 3


def test_a_workbook_may_count_its_days_from_1904(tmp_path):
    path = files.write_xlsx(tmp_path, ["GD1", dt.datetime(2026, 11, 20, 8, 30), "", "路灯不亮"], epoch_1904=True)
    assert good(path)[0].received_at == dt.datetime(2026, 11, 20, 0, 30, tzinfo=dt.UTC)


def test_a_workbook_is_known_by_its_content(tmp_path):
    path = files.write_xlsx(tmp_path, LAMP)
    assert len(good(path.rename(tmp_path / "orders.csv"))) == 1


def test_numbers_of_a_workbook_read_as_they_look(tmp_path):
    path = files.write_xlsx(tmp_path, [188006, "2026-11-20", "标题", "路灯不亮", None, 13800000000.0])
    [row] = good(path)
    assert (row.source_id, row.phone) == ("188006", "13800000000")


def test_a_number_that_lost_digits_in_the_workbook_is_refused(tmp_path):
    path = files.write_xlsx(tmp_path, [3.7012620261122e19, "2026-11-20", "标题", "路灯不亮"])
    [(number, column, reason)] = bad(path)
    assert (number, column) == (2, "工单编号")
    assert "末位已丢失" in reason


def test_titles_above_the_header_are_passed_over(tmp_path):
    content = "某县热线工单,,,,,,\n导出时间,2026-11-22,,,,,\n" + text(LAMP)
    assert [row.number for row in good(write(tmp_path, content))] == [4]


def test_blank_rows_are_passed_over_and_counted(tmp_path):
    content = text(LAMP) + "\r\n,,,,,,\r\n" + text(NOISE).split("\r\n", 1)[1]
    assert [row.number for row in good(write(tmp_path, content))] == [2, 5]


def test_columns_may_be_told(tmp_path):
    content = text(LAMP, header=["a", "b", "c", "d", "e", "f", "g"])
    [row] = good(write(tmp_path, content), told={"source_id": "a", "received_at": "b", "text": "D"})
    assert (row.source_id, row.text, row.title) == ("GD001", LAMP[3], "")


def test_a_file_without_order_numbers_knows_its_rows_by_content(tmp_path):
    header = ["时间", "内容"]
    first, second, third = good(
        write(tmp_path, text(["2026-11-20", "甲"], ["2026-11-20", "乙"], ["2026-11-20", "甲"], header=header))
    )
    assert first.source_id == third.source_id != second.source_id


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (changed(LAMP, text="  "), "诉求内容", "内容为空"),
        (changed(LAMP, time=""), "受理时间", "时间为空"),
        (changed(LAMP, time="2026-02-30 10:00"), "受理时间", "时间“2026-02-30 10:00”不能识别"),
        (changed(LAMP, time="昨天"), "受理时间", "时间“昨天”不能识别"),
        (changed(LAMP, time="2026-11-23 13:00"), "受理时间", "时间“2026-11-23 13:00”在将来"),
        (changed(LAMP, time="1900-01-01"), "受理时间", "时间“1900-01-01”太早"),
        (changed(LAMP, title="长" * 121), "标题", "最多 120 字，现有 121 字"),
        (changed(LAMP, phone="1" * 31), "联系电话", "最多 30 字，现有 31 字"),
        (changed(LAMP, text="路灯\x00不亮"), "诉求内容", "含有空字符（NUL）"),
        (LAMP[:5], "", "这一行有 5 列，表头有 7 列"),
        ([*LAMP, "多"], "", "这一行有 8 列，表头有 7 列"),
    ],
)
def test_a_bad_row_is_named_with_column_and_reason(tmp_path, row, column, reason):
    path = write(tmp_path, text(NOISE, row, WASTE))
    assert bad(path) == [(3, column, reason)]
    assert [each.number for each in read(path) if isinstance(each, Row)] == [2, 4]


def test_all_faults_of_a_row_are_named(tmp_path):
    assert [fault[1] for fault in bad(write(tmp_path, text(changed(LAMP, text="", time="x"))))] == [
        "受理时间",
        "诉求内容",
    ]


def test_broken_bytes_are_named_with_their_column(tmp_path):
    content = text(LAMP, WASTE, NOISE).encode().replace("凤凰街".encode(), b"\xe5\x87\xa4\xff")
    assert bad(write(tmp_path, content)) == [(2, "诉求内容", "有不能按 UTF-8 识别的字节")]


def test_broken_bytes_in_gb18030_are_named_too(tmp_path):
    content = text(LAMP, WASTE, NOISE).encode("gb18030").replace("凤凰街".encode("gb18030"), b"\xff\xff")
    assert bad(write(tmp_path, content)) == [(2, "诉求内容", "有不能按 GB18030 识别的字节")]


def test_a_quote_that_never_closes_costs_only_its_own_row(tmp_path):
    broken = 'GD9,2026-11-20 08:30:00,标题,"没有结束,,,\r\n'
    head, rest = text(LAMP, NOISE, WASTE).split("\r\n", 1)
    path = write(tmp_path, head + "\r\n" + broken + rest)
    assert [fault[0] for fault in bad(path)] == [2]
    assert [row.source_id for row in read(path) if isinstance(row, Row)] == ["GD001", "GD003", "GD002"]


def test_a_line_without_end_costs_only_itself(tmp_path):
    path = write(tmp_path, text(LAMP) + "x" * (3 * MAX_LINE) + "\r\n" + text(NOISE).split("\r\n", 1)[1])
    assert bad(path) == [(3, "", f"这一行超过 {MAX_LINE} 字")]
    assert len(read(path)) == 3


def test_a_hundred_thousand_rows_take_little_memory(tmp_path):
    with (tmp_path / "long.csv").open("w", encoding="utf-8") as file:
        file.write("编号,时间,内容\n")
        file.writelines(f"{at},2026-11-20,路灯不亮，已经第 {at} 次反映\n" for at in range(100_000))
    with open_table(tmp_path / "long.csv") as table:
        rows = table.rows(SHANGHAI, NOW)
        assert sum(1 for _row in islice(rows, 90_000)) == 90_000
        tracemalloc.start()
        assert sum(1 for _row in rows) == 10_000
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.shared
def test_the_real_messages_are_read_whole(shared):
    rows = good(shared / "data/complaints/att3_hot_raw.csv.gz")
    assert len(rows) == len({row.source_id for row in rows}) == 4326
    assert all(row.text and row.title and row.name for row in rows)
