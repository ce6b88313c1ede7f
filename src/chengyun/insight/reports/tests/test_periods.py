import datetime as dt

import pytest

from chengyun.core.errors import UserError
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports import periods
from chengyun.insight.reports.forms import NewReportForm
from chengyun.insight.reports.models import Kind


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.TOPIC])
@pytest.mark.parametrize(
    "day", [dt.date.min, dt.date(1970, 1, 1), dt.date(1999, 12, 31), dt.date(2100, 1, 1), dt.date.max]
)
def test_a_day_beyond_the_years_is_refused_as_it_was_typed(kind, day):
    with pytest.raises(UserError, match=day.isoformat()) as refused:
        periods.around(kind, day)
    assert refused.value.field == "day"


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.TOPIC])
@pytest.mark.parametrize("day", [dt.date(2000, 1, 1), dt.date(2099, 12, 31)])
def test_what_it_is_compared_with_can_be_asked_of_every_other_day(kind, day):
    period = periods.around(kind, day)
    assert period.first <= day <= period.last
    assert all(periods.named(word, period).days > 0 for word in periods.WORDS)


def test_the_longest_topic_can_be_compared_too():
    assert periods.named("previous", periods.chosen(dt.date(2000, 1, 1), dt.date(2001, 12, 31))).first.year == 1998


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "field"), [("0001-01-01", "2025-01-01", "day"), ("2025-01-01", "9999-12-31", "last")]
)
def test_a_topic_s_wrong_day_is_told_where_it_was_typed(first, last, field):
    form = NewReportForm({"kind": Kind.TOPIC, "day": first, "last": last, "title": "专题"})
    assert list(form.errors) == [field]
    assert (first if field == "day" else last) in form.errors[field][0]


def test_a_month_is_whole():
    assert periods.around(Kind.MONTHLY, dt.date(2024, 2, 29)) == Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29))
