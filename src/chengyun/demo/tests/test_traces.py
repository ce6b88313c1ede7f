"""What people leave around their work in the demo: drawings, sign-ins; and campaigns of a time that has cases."""

import datetime as dt

import pytest

from chengyun.core import instants
from chengyun.core.geometry import metres_between
from chengyun.demo import campaigns, organisation, traces
from chengyun.people.signin.models import SignIn
from chengyun.regions.models import NamedPlace
from chengyun.web.mapdesk.models import Drawing

NOW = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def built(db):
    with instants.at(NOW):
        yield organisation.build(organisation.full_units(), 1)


def test_two_weeks_of_sign_ins_end_now_and_hold_one_lock(built):
    assert traces.leave(built, NOW)
    kinds = set(SignIn.objects.values_list("kind", flat=True))
    assert {"in", "out", "idle", "failed", "locked", "unlocked"} <= kinds
    days = {instants.civil_day(at) for at in SignIn.objects.values_list("at", flat=True)}
    assert len(days) == traces.DAYS and max(days) == TODAY
    assert not SignIn.objects.filter(at__gt=NOW).exists()


def test_the_dispatchers_drawings_are_shared_with_the_post(built):
    for number in range(4):
        NamedPlace.objects.create(
            kind="landmark", code=f"L{number}", name=f"广场{number}", lon=115 + number / 100, lat=32, valid_from=TODAY
        )
    traces.leave(built, NOW)
    assert set(Drawing.objects.values_list("kind", flat=True)) == {"circle", "line", "point", "polygon"}
    assert all(drawing.shared_post_id for drawing in Drawing.objects.all())


def test_a_ring_is_round_and_closed():
    ring = traces._ring((115.0, 32.0), 300)
    assert ring[0] == ring[-1]
    assert all(abs(metres_between(115.0, 32.0, lon, lat) - 300) < 2 for lon, lat in ring)


@pytest.mark.parametrize(
    ("begins", "counting", "wanted"),
    [
        (dt.date(2026, 4, 27), "closed", dt.date(2025, 4, 27)),  # between the told year and the told weeks
        (dt.date(2026, 4, 27), "evidence", dt.date(2026, 4, 27)),
        (dt.date(2026, 10, 24), "closed", dt.date(2026, 10, 24)),
        (dt.date(2025, 9, 1), "closed", dt.date(2025, 9, 1)),
    ],
)
def test_a_campaign_that_counts_cases_has_a_time_with_cases(begins, counting, wanted):
    assert campaigns._with_cases({"days": "60", "counting": counting}, begins, TODAY) == wanted
