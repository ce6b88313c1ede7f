import datetime as dt
import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from chengyun.core.calendar_files import Notice, NoticeFaults, read_notice, template
from chengyun.core.worktime import statutory_calendar

OFF_2027 = {
    "元旦": ["01-01", "01-02", "01-03"],
    "春节": [f"02-{day:02}" for day in range(5, 12)],
    "清明节": ["04-03", "04-04", "04-05"],
    "劳动节": [f"05-{day:02}" for day in range(1, 6)],
    "端午节": ["06-09"],
    "中秋节": ["09-15"],
    "国庆节": [f"10-{day:02}" for day in range(1, 8)],
}
WORKED_2027 = {"春节": ["02-14"], "劳动节": ["05-08"], "国庆节": ["09-26", "10-09"]}


def invented_notice(**changes):
    """A believable notice of a year whose real one is not known here."""
    off = [(f"2027-{day}", name, True) for name, days in OFF_2027.items() for day in days]
    worked = [(f"2027-{day}", name, False) for name, days in WORKED_2027.items() for day in days]
    return {"year": 2027, "days": as_days(off + worked)} | changes


def as_days(rows):
    return [{"date": date, "name": name, "isOffDay": off} for date, name, off in rows]


def as_json(notice):
    return json.dumps(notice).encode()


def as_excel(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def faults_of(content, **options):
    with pytest.raises(NoticeFaults) as caught:
        read_notice(content, **options)
    return caught.value.faults


def with_rows(*rows):
    notice = invented_notice()
    return as_json(notice | {"days": notice["days"] + as_days(rows)})


def test_a_json_notice_is_read_whole():
    notice = read_notice(as_json(invented_notice(papers=["https://example.org/notice"])))
    assert (notice.year, len(notice.days), notice.source) == (2027, 31, "https://example.org/notice")


def test_an_excel_notice_says_the_same_as_its_json():
    rows = [(day["date"], day["name"], "是" if day["isOffDay"] else "否") for day in invented_notice()["days"]]
    content = as_excel(("2027年节假日安排",), (), ("日期", "节日名称", "是否放假（是/否）"), *rows)
    assert read_notice(content) == Notice(2027, read_notice(as_json(invented_notice())).days, "导入文件")


@pytest.mark.parametrize(
    "date",
    ["2027-10-01", "2027/10/1", "2027年10月1日", "20271001", dt.date(2027, 10, 1), dt.datetime(2027, 10, 1)],
)
def test_dates_are_read_as_people_write_them(date):
    notice = read_notice(as_excel(("日期", "名称", "是否放假"), (date, "国庆节", "休")), force=True)
    assert notice.days[0].date == dt.date(2027, 10, 1)


@pytest.mark.parametrize(
    ("word", "is_working"), [("休", False), ("放假", False), ("班", True), ("调休上班", True), (1, False)]
)
def test_words_for_off_and_worked(word, is_working):
    notice = read_notice(as_excel(("日期", "名称", "类型"), ("2027-10-01", "国庆节", word)), force=True)
    assert notice.days[0].is_working is is_working


def test_an_impossible_date_is_named_with_its_row():
    assert faults_of(with_rows(("2027-02-30", "春节", True))) == [
        "第 32 行的日期“2027-02-30”不存在或无法识别，请写成 2027-01-01 的形式"
    ]


def test_an_excel_row_is_counted_as_the_reader_sees_it():
    content = as_excel(
        ("安排",), ("日期", "名称", "是否放假"), ("2027-10-01", "国庆节", "是"), ("", "", ""), ("后天", "", "是")
    )
    assert faults_of(content)[0].startswith("第 5 行的日期“后天”")


def test_a_doubled_day_is_named_with_both_rows():
    assert faults_of(with_rows(("2027-10-01", "国庆节", True))) == ["第 32 行与第 21 行的日期 2027-10-01 重复"]


def test_a_day_of_another_year_is_refused():
    assert faults_of(with_rows(("2026-10-01", "国庆节", True))) == ["第 32 行的日期 2026-10-01 不属于 2027 年"]


def test_the_turn_of_the_year_may_stand_in_the_later_notice():
    assert dt.date(2026, 12, 31) in {day.date for day in read_notice(with_rows(("2026-12-31", "元旦", True))).days}


def test_a_file_of_another_year_than_asked_for_is_refused():
    assert faults_of(as_json(invented_notice()), year=2028) == ["文件是 2027 年的安排，不是 2028 年"]


def test_an_unreadable_state_is_named():
    assert faults_of(with_rows(("2027-12-31", "元旦", "也许"))) == [
        "第 32 行“是否放假”的内容“也许”无法识别，请填“是”或“否”"
    ]


def test_a_missing_festival_is_noticed():
    days = [day for day in invented_notice()["days"] if day["name"] not in ("端午节", "清明节")]
    found = faults_of(as_json(invented_notice(days=days)))
    assert found[:2] == ["缺少清明节（2027-04-05）", "没有端午"]


def test_missing_worked_weekends_are_noticed():
    days = [day for day in invented_notice()["days"] if day["isOffDay"]]
    (found,) = faults_of(as_json(invented_notice(days=days)))
    assert "可能漏了调休上班的日期" in found


def test_a_worked_weekday_is_noticed():
    assert "2027-10-11 是周一至周五，不必列为调休上班" in faults_of(with_rows(("2027-10-11", "国庆节", False)))


def test_an_incomplete_notice_can_be_insisted_on():
    assert read_notice(as_json(invented_notice(days=invented_notice()["days"][:3])), force=True).year == 2027


def test_a_wrong_day_cannot_be_insisted_on():
    assert faults_of(with_rows(("2027-13-01", "元旦", True)), force=True)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "文件既不是 JSON 也不是 Excel（xlsx）"),
        (b"\xff\xfe\x00", "文件既不是 JSON 也不是 Excel（xlsx）"),
        (b"[]", "JSON 中须有 year 和 days 两项"),
        (b'{"year": 2027, "days": []}', "文件中没有任何日期"),
        (b"PK\x05\x06" + bytes(18), "Excel 文件损坏，无法读取"),
        (as_excel(("甲", "乙")), "没有找到表头，须有“日期”“名称”“是否放假”三列"),
        (b" " * 2_000_001, "文件太大，节假日安排不应超过 2 MB"),
    ],
)
def test_a_file_that_is_no_notice_is_refused(content, fault):
    assert faults_of(content) == [fault]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert faults_of(tmp_path / "缺.json") == ["无法读取文件 缺.json"]


def test_a_row_that_is_no_object_is_refused():
    assert len(faults_of(as_json(invented_notice(days=["2027-01-01"])))) >= 1


def test_the_message_shows_the_first_faults_and_counts_the_rest():
    content = with_rows(*(("错", "元旦", True) for _ in range(7)))
    with pytest.raises(NoticeFaults, match="另有 2 处"):
        read_notice(content)


@pytest.mark.shared
@pytest.mark.parametrize("year", range(2021, 2027))
def test_the_published_notices_pass_the_checks(shared, year):
    assert read_notice(shared / "data" / "calendar" / f"holiday-cn_{year}.json").year == year


@pytest.mark.shared
def test_the_year_of_the_epidemic_has_to_be_insisted_on(shared):
    file = shared / "data" / "calendar" / "holiday-cn_2020.json"
    assert all("周一至周五" in fault for fault in faults_of(file))
    assert read_notice(file, force=True).year == 2020


def test_the_template_of_a_known_year_is_a_notice():
    assert len(read_notice(template(statutory_calendar(), 2026)).days) == 39


def test_the_template_of_an_unknown_year_begins_with_the_fixed_days():
    sheet = load_workbook(io.BytesIO(template(statutory_calendar(), 2027))).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [
        "元旦", "清明节", "劳动节", "劳动节", "国庆节", "国庆节", "国庆节",
    ]  # fmt: skip
