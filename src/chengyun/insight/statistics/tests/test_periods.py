from __future__ import annotations

import datetime as dt

import pytest

from chengyun.insight.figures.periods import Period
from chengyun.insight.statistics.periods import just_before, keys_of, year_before


@pytest.mark.parametrize(
    ("first", "last", "last_year", "before"),
    [
        ("2025-03-01", "2025-03-31", ("2024-03-01", "2024-03-31"), ("2025-02-01", "2025-02-28")),
        ("2024-02-01", "2024-02-29", ("2023-02-01", "2023-02-28"), ("2024-01-01", "2024-01-31")),
        ("2026-05-01", "2026-05-20", ("2025-05-01", "2025-05-20"), ("2026-04-01", "2026-04-20")),
        ("2025-01-01", "2025-12-31", ("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-12-31")),
        ("2026-05-18", "2026-05-20", ("2025-05-18", "2025-05-20"), ("2026-05-11", "2026-05-13")),
        ("2026-05-06", "2026-05-20", ("2025-05-06", "2025-05-20"), ("2026-04-21", "2026-05-05")),
        ("2024-02-29", "2024-02-29", ("2023-02-28", "2023-02-28"), ("2024-02-28", "2024-02-28")),
    ],
)
def test_with_what_a_period_is_compared(first, last, last_year, before):
    period = Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    for found, expected in ((year_before(period), last_year), (just_before(period), before)):
        assert (found.first.isoformat(), found.last.isoformat()) == expected


def test_days_without_cases_stand_in_the_row_of_days():
    assert keys_of("week", Period(dt.date(2025, 12, 29), dt.date(2026, 1, 11))) == ["2026-W01", "2026-W02"]
    assert len(keys_of("day", Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29)))) == 29
