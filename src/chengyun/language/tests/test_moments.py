import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from chengyun.language.moments import parse

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-02 15:04:05",
        "2026/11/2 15:04:05",
        "2026.11.02 15:04:05",
        "2026年11月2日 15时04分05秒",
        "2026年11月2日15:04:05",
        "2026/11/2 下午 3:04:05",
        "2026-11-02T15:04:05",
        "2026-11-02T07:04:05Z",
        "2026-11-02T15:04:05.123+08:00",
        "2026-11-02 星期一 15:04:05",
        "20261102150405",
        "２０２６－１１－０２　１５：０４：０５",
        "46328.627835648",
        46328.627835648,
        dt.datetime(2026, 11, 2, 15, 4, 5),
    ],
)
def test_a_time_is_read_however_it_is_written(written):
    assert parse(written, SHANGHAI) == dt.datetime(2026, 11, 2, 7, 4, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("written", ["2026-11-02", "2026年11月2日", "20261102", 46328, dt.date(2026, 11, 2)])
def test_a_day_alone_begins_at_midnight(written):
    assert parse(written, SHANGHAI) == dt.datetime(2026, 11, 1, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize("written", ["2026-11-02 9:05", "2026年11月2日9点05分", "202611020905"])
def test_seconds_may_be_missing(written):
    assert parse(written, SHANGHAI) == dt.datetime(2026, 11, 2, 1, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "昨天",
        "2026-02-30",
        "2026-13-01",
        "2026-11-02 25:00",
        "2026-11-02 10:60",
        "02/11/2026",
        "5",
        5,
        -1.5,
        True,
    ]
    + ["99999", 1e300, float("nan"), "0000-00-00 00:00:00", "2026-11-02 15:04:05 +99:99", "١٢٣٤-١١-٠٢", "9" * 5000],
)
def test_what_was_never_on_a_calendar_is_no_time(written):
    assert parse(written, SHANGHAI) is None
