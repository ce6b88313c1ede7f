from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict

from chengyun.core.errors import UserError
from chengyun.insight.statistics import asked as asking
from chengyun.people.access import SYSTEM

DAY = dt.date(2026, 5, 20)


def test_the_address_holds_the_whole_question():
    query = "i=filed&i=closed&by=township&from=2025-07-01&to=2025-07-31&where=source:hotline&with=year&top=5&chart=line"
    first = asking.read(QueryDict(query), DAY, by=SYSTEM)
    assert asking.read(QueryDict(first.query()), DAY, by=SYSTEM) == first


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("i=weather", "没有指标"),
        ("by=weather", "没有“weather”这个维度"),
        ("from=2025-13-01", "读不懂"),
        ("from=1025-01-01", "2000 年至 2099"),
        ("from=2025-02-01&to=2025-01-01", "早于"),
        ("span=aeon", "没有名为“aeon”的期间"),
        ("where=weekday:9", "星期.*9"),
        ("where=x", "应写成 维度:值"),
        ("top=-1", "整数"),
        ("top=0", "1 到 999"),
        ("sort=up", "不能是"),
        ("i=filed,closed&and=source", "只能选一个指标"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(query, words):
    with pytest.raises(UserError, match=words):
        asking.read(QueryDict(query), DAY, by=SYSTEM)
