import datetime as dt

import pytest

from chengyun.core import instants


def test_the_clock_is_utc():
    assert instants.now().tzinfo is dt.UTC


def test_the_clock_can_be_stopped():
    moment = dt.datetime(2026, 3, 1, 8, 0, tzinfo=instants.SHANGHAI)

    with instants.at(moment):
        assert instants.now() == moment
        assert instants.now().tzinfo is dt.UTC

    assert instants.now() > moment


def test_a_civil_day_begins_in_shanghai():
    assert instants.civil_day(dt.datetime(2026, 1, 1, 15, 59, tzinfo=dt.UTC)) == dt.date(2026, 1, 1)
    assert instants.civil_day(dt.datetime(2026, 1, 1, 16, 0, tzinfo=dt.UTC)) == dt.date(2026, 1, 2)
    assert instants.start_of_day(dt.date(2026, 1, 2)) == dt.datetime(2026, 1, 1, 16, 0, tzinfo=dt.UTC)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"), instants.at(dt.datetime(2026, 1, 1)):
        pass
