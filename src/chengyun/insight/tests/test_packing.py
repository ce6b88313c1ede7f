from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chengyun.insight.figures.packing import pack, repeated, unpack

ids = st.lists(st.integers(1, 2**62)).map(sorted)


@given(st.dictionaries(st.text(max_size=15), ids))
def test_ids_come_back_as_they_were(kept):
    assert unpack(pack(kept)) == kept
    assert pack(dict(reversed(kept.items()))) == pack(kept)


def test_a_case_stands_as_often_as_it_counts():
    assert repeated({7: 2, 3: 1}) == [3, 7, 7]


def test_a_million_cases_are_small():
    assert len(pack({"3": range(1, 1_000_001)})) < 100_000
    assert len(pack({"3": [number * 7 // 3 for number in range(1_000_000)]})) < 1_500_000
