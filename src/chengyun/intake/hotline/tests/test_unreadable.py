"""Files that are no table, or a broken one, are refused in words; no bytes end in a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.core.tables.records import FileFault
from chengyun.intake.hotline.reading.rows import Row
from chengyun.intake.hotline.tests import files
from chengyun.intake.hotline.tests.files import LAMP, WASTE, text, write
from chengyun.intake.hotline.tests.test_reading import good, read


def refusal(path, **kwargs):
    with pytest.raises(FileFault) as caught:
        read(path, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    assert refusal(write(tmp_path, content)) in ("文件是空的", "文件里没有内容")


def test_a_header_alone_is_a_file_without_rows(tmp_path):
    assert read(write(tmp_path, text())) == []


def test_a_header_that_says_nothing_is_refused_with_what_it_says(tmp_path):
    assert refusal(write(tmp_path, "甲,乙\n1,2\n")) == "没有找到“受理时间”“诉求内容”列，请用 --map 指明；表头是：甲、乙"


def test_a_doubled_column_is_refused(tmp_path):
    header = ["工单编号", "受理时间", "诉求内容", "诉求内容"]
    assert refusal(write(tmp_path, text(LAMP[:4], header=header))) == "表头“诉求内容”出现了不止一次，请改名后再导入"


def test_a_doubled_column_that_nobody_reads_does_not_matter(tmp_path):
    header = ["受理时间", "诉求内容", "备注", "备注"]
    assert len(good(write(tmp_path, text(["2026-11-20", "路灯", "", ""], header=header)))) == 1


def test_a_told_column_must_exist(tmp_path):
    assert refusal(write(tmp_path, text(LAMP)), told={"text": "描述"}).startswith("表头里没有“描述”列")


def test_an_old_xls_file_is_refused_with_advice(tmp_path):
    assert refusal(write(tmp_path, b"\xd0\xcf\x11\xe0" * 100)) == "不支持旧版 xls 文件，请另存为 xlsx 或 csv"


def test_a_picture_is_no_table(tmp_path):
    assert refusal(write(tmp_path, bytes(range(256)) * 4)) == "这不是表格文件，请选择 xlsx、csv 或 csv.gz"


def test_a_header_cannot_steer_the_terminal(tmp_path):
    assert "\x1b" not in refusal(write(tmp_path, "\x1b[2J甲,乙\n1,2\n"))


def test_a_broken_workbook_is_refused(tmp_path):
    whole = files.write_xlsx(tmp_path, LAMP).read_bytes()
    assert refusal(write(tmp_path, whole[: len(whole) // 2])) == "xlsx 文件已损坏，请重新导出"


def test_a_missing_file_is_refused(tmp_path):
    assert "不能打开" in refusal(tmp_path / "none.csv")


def outcome(path: Path) -> str:
    try:
        rows = read(path)
    except FileFault as fault:
        return str(fault)
    for row in rows:
        if isinstance(row, Row):
            assert row.text.strip()
            f"{row}".encode()
    return f"{len(rows)}"


SHARED_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
STARTS = st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", "时间,内容\n".encode()])
STARTS_GB = st.sampled_from(["时间,内容\n".encode("gb18030"), "时间,内容\n".encode("utf-16")])


@SHARED_FOLDER
@given(start=st.one_of(STARTS, STARTS_GB), rest=st.binary(max_size=400))
def test_no_bytes_end_in_a_traceback(tmp_path, start, rest):
    assert outcome(write(tmp_path, start + rest))


@SHARED_FOLDER
@given(rest=st.text(st.sampled_from('",\n\r\x00路灯2026-11 '), max_size=200))
def test_no_quoting_ends_in_a_traceback(tmp_path, rest):
    assert outcome(write(tmp_path, "时间,内容\n" + rest))


@SHARED_FOLDER
@given(at=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_workbook_with_one_wrong_byte_is_read_or_refused(tmp_path, at, value):
    content = bytearray(files.write_xlsx(tmp_path, LAMP, WASTE).read_bytes())
    content[at % len(content)] = value
    assert outcome(write(tmp_path, bytes(content), name="broken.xlsx"))
