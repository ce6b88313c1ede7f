from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.core.errors import UserError
from chengyun.insight.evaluation import spans

days = st.dates(dt.date(1971, 1, 1), dt.date(2198, 12, 31))


@given(days, st.sampled_from(list(spans.LENGTHS)))
def test_a_period_holds_its_day_and_its_name_leads_back(day, length):
    span = spans.around(length, day)
    assert span.period.first <= day <= span.period.last
    assert spans.read(span.key) == span


@given(days, st.sampled_from(list(spans.LENGTHS)))
def test_periods_follow_each_other_without_a_gap(day, length):
    span = spans.around(length, day)
    assert span.previous.period.last + spans.DAY == span.period.first
    assert span.previous.following == span
    assert span.previous.period == span.period.previous or length == "day"


@pytest.mark.parametrize("text", ["", "2025-13", "2025-Q5", "2025-W54", "2025-02-30", "0000", "二〇二五", "2025-07-1"])
def test_what_names_no_period_is_refused(text):
    with pytest.raises(UserError, match="2025-Q3") as refused:
        spans.read(text)
    assert refused.value.field == "period"


@pytest.mark.parametrize(
    "text", ["1969", "1970", "1970-01", "1970-W01", "2199", "2199-12", "2199-Q4", "2199-12-31", "9999"]
)
def test_a_period_without_a_neighbour_is_refused_by_its_own_name(text):
    with pytest.raises(UserError, match=f"“{text}”太早或太晚") as refused:
        spans.read(text)
    assert refused.value.field == "period"


def test_periods_at_the_borders():
    assert [span.key for span in spans.up_to(spans.read("1970-03"), 8)] == ["1970-01", "1970-02", "1970-03"]
    assert spans.read("2199-11").following.key == "2199-12"


def test_names_of_periods():
    names = [spans.read(key).title for key in ("2025", "2025-Q3", "2025-07", "2025-W31", "2025-07-14")]
    assert names == ["2025年", "2025年第3季度", "2025年7月", "2025年第31周", "2025年7月14日"]
