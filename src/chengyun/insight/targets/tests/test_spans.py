import datetime as dt

import pytest

from chengyun.core.errors import UserError
from chengyun.insight.targets.spans import read, span_of, spans_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        ("2026-q2", (2026, 4, 1), (2026, 6, 30)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
    ],
)
def test_a_period_as_it_is_written(text, first, last):
    period = read(text).period
    assert (period.first, period.last) == (dt.date(*first), dt.date(*last))


@pytest.mark.parametrize("text", ["", "26", "2026-Q5", "2026-13", "2026-1", "1999", "２０２６", "2026-Q1-01"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(UserError, match="2026-Q1"):
        read(text)


def test_each_of_a_year_is_known_again_by_kind_and_first_day():
    found = spans_of(2026)
    assert len(found) == len(set(map(str, found))) == 17
    assert [span_of(each.kind, each.period.first) for each in found] == found == [read(str(each)) for each in found]
