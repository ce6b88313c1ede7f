"""Sets of cases, packed."""

import zlib

from hypothesis import given
from hypothesis import strategies as some

from chengyun.insight.reports.counted import packed, unpacked

IDS = some.integers(1, 2**62)


@given(some.dictionaries(IDS, some.integers(1, 500)))
def test_what_is_packed_comes_back_in_order(cases):
    found = unpacked(packed(cases))
    assert found == cases
    assert list(found) == sorted(cases)


def test_a_year_of_cases_takes_little():
    """Six thousand cases of every second or third number: less than a byte each."""
    cases = {number * 5 // 2: 1 for number in range(1, 6001)}
    assert len(packed(cases)) < 3000
    assert len(zlib.compress(",".join(map(str, cases)).encode(), 9)) > 3 * len(packed(cases))
