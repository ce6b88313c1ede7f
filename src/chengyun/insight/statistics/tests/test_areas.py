from __future__ import annotations

from chengyun.insight.statistics.map_views import steps


def test_areas_are_coloured_by_as_equal_groups_as_can_be():
    assert steps([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) == [3, 5, 7, 9]
    assert steps([4, 4, 4]) == [] and steps([]) == []
