"""A quarter of another city, imported: every indicator recomputed from the file alone.

And the risk of being late, learnt from its first weeks and judged on those that followed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import duckdb
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from chengyun.core import instants
from chengyun.insight.facts import feed
from chengyun.insight.facts.session import forget, session
from chengyun.insight.figures.indicator import find, indicators
from chengyun.insight.figures.measuring import Question, measure
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.together import Asked, measure_together
from chengyun.insight.statistics import risk_store
from chengyun.people.models import Department

pytestmark = [pytest.mark.django_db, pytest.mark.shared, pytest.mark.slow]
FILE = "data/requests/boston311_2011Q3_dev.parquet"
# A part of the quarter says as much and costs a fraction of the time.
EVERY = {"sqlite": 16, "postgresql": 24}
AFTERWARDS = dt.datetime(2012, 3, 1, tzinfo=dt.UTC)
EASTERN = ZoneInfo("America/New_York")
CITIZENS = ("Constituent Call", "Citizens Connect App", "Self Service")
EVER = Period(dt.date(2011, 1, 1), dt.date(2012, 12, 31))
# The first begins on the evening before by the city's own clock; the last ends before much of it was closed.
PERIODS = [EVER, *(Period(dt.date(2011, month, 1), dt.date(2011, month, 30)) for month in (7, 8, 9, 11))]


@dataclass(frozen=True)
class Row:
    """A line of the file, its times made instants here and not by the importer."""

    opened: dt.datetime
    due: dt.datetime | None
    closed: dt.datetime | None
    department: str
    source: str

    @property
    def is_late(self):
        return self.due is not None and (self.closed or AFTERWARDS) > self.due

    @property
    def is_owed(self):
        return self.closed is not None or self.is_late

    @property
    def yellow(self):
        return self.opened + 0.8 * (self.due - self.opened)

    @property
    def hours(self):
        return (self.closed - self.opened).total_seconds() / 3600


def row_of(opened, target, closed, status, department, source):
    def instant(naive):
        return naive and naive.replace(tzinfo=EASTERN).astimezone(dt.UTC)

    begun, due = instant(opened), instant(target)
    # A deadline before the report left no time at all.
    due = due and max(due, begun)
    return Row(begun, due, instant(closed) if status == "Closed" else None, department, source)


@pytest.fixture(scope="module")
def quarter(shared, tmp_path_factory, django_db_setup, django_db_blocker):
    """The rows that were imported. What is closed only after the frozen moment, the importer refuses."""
    folder = tmp_path_factory.mktemp("quarter")
    file = folder / "quarter.parquet"
    kept = f"SELECT * FROM '{shared / FILE}' WHERE case_enquiry_id % {EVERY[connection.vendor]} = 0"
    duckdb.sql(f"COPY ({kept}) TO '{file}'")
    columns = "open_dt, target_dt, closed_dt, case_status, department, source"
    rows = [row_of(*row) for row in duckdb.sql(f"SELECT {columns} FROM '{file}'").fetchall()]
    with (
        pytest.MonkeyPatch.context() as patched,
        django_db_blocker.unblock(),
        transaction.atomic(),
        instants.at(AFTERWARDS),
    ):
        patched.setattr("django.conf.settings.DATA_DIR", folder)
        forget()
        call_command("load_catalogues")
        call_command("import_history", str(file), "--profile", "boston311")
        feed.rebuild()
        yield [row for row in rows if row.closed is None or row.closed <= AFTERWARDS]
        transaction.set_rollback(True)
    forget()


@pytest.fixture(scope="module")
def learnt(quarter):
    return risk_store.learn()


# --- every indicator -------------------------------------------------------------------------------------------------


def within(period, moment):
    return moment is not None and period.first <= moment.astimezone(instants.SHANGHAI).date() <= period.last


def expected(rows, period):
    """Indicator → (numerator, denominator). What an older system does not tell is nought of nothing."""
    filed = [row for row in rows if within(period, row.opened)]
    closed = [row for row in rows if within(period, row.closed)]
    owed = [row for row in filed if row.is_owed]
    late = [row for row in filed if row.is_late]
    done = sum(row.closed is not None for row in owed)
    in_time = sum(row.closed is not None and not row.is_late for row in owed)
    begun = [row for row in rows if row.opened.astimezone(instants.SHANGHAI).date() <= period.last]
    waiting = [row for row in begun if row.closed is None]
    running = [row for row in rows if row.closed is None and row.due]
    counts = {
        **dict.fromkeys(("reported", "accepted", "filed"), len(filed)),
        **dict.fromkeys(("handled", "closed"), len(closed)),
        "late": len(late),
        "open": sum(row.closed is None or not within_or_before(period, row.closed) for row in begun),
        "open_late": sum(row.is_late for row in waiting),
        "lamp_green": sum(row.yellow > AFTERWARDS for row in running),
        "lamp_yellow": sum(row.yellow <= AFTERWARDS <= row.due for row in running),
        "lamp_red": sum(row.due < AFTERWARDS for row in running),
        **dict.fromkeys(
            ("refused", "dispatched", "voided", "suspended", "lamp_grey", "exempted", "supervised", "reworked",
             "returned", "acceptances"),
            0,
        ),
    }  # fmt: skip
    shares = {
        **dict.fromkeys(("closing_rate", "handling_rate"), (done, len(owed))),
        **dict.fromkeys(("on_time_closing_rate", "on_time_handling_rate"), (in_time, len(owed))),
        "late_closing_rate": (done - in_time, len(owed)),
        "late_unhandled_rate": (len(owed) - done, len(owed)),
        "open_rate": (sum(row.closed is None for row in filed), len(filed)),
        **dict.fromkeys(("rework_rate", "extension_rate"), (0, len(owed))),
        "told_rate": (sum(row.source in CITIZENS for row in filed), len(filed)),
        "accurate_filing_rate": (len(filed), len(filed)),
        "mean_handling_hours": (sum(row.hours for row in closed), len(closed)),
        **dict.fromkeys(
            ("return_rate", "check_pass_rate", "valid_report_rate", "on_time_accept_rate", "on_time_dispatch_rate",
             "accurate_dispatch_rate", "on_time_verify_rate", "on_time_check_rate", "on_time_close_rate",
             "verify_sent_rate", "filing_accuracy"),
            (0, 0),
        ),
    }  # fmt: skip
    return {**{key: (count, None) for key, count in counts.items()}, **shares}


def within_or_before(period, moment):
    return moment.astimezone(instants.SHANGHAI).date() <= period.last


def told(value):
    return pytest.approx(value.numerator, rel=1e-6), value.denominator


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_every_indicator_recomputed_from_the_file(quarter, period):
    figures = measure_together(session(), [Asked(each, Question(period)) for each in indicators()])
    wanted = expected(quarter, period)
    assert {figure.indicator.key: told(figure.total) for figure in figures} == wanted
    assert wanted["late"][0] or period.first.month == 11


def test_every_departments_share_recomputed_from_the_file(quarter):
    figure = measure(session(), find("on_time_closing_rate"), Question(EVER), ["department"])
    names = dict(Department.objects.values_list("pk", "name"))
    found = {names[key]: told(value) for (key,), value in figure.groups.items() if value.denominator}
    by_department = {
        name: expected([row for row in quarter if row.department == name], EVER)["on_time_closing_rate"]
        for name in {row.department for row in quarter}
    }
    assert found == {name: value for name, value in by_department.items() if value[1]}
    assert len(found) > 4


# --- the risk of being late ------------------------------------------------------------------------------------------


def test_it_beats_the_common_rate_on_the_weeks_that_followed(learnt):
    judged = risk_store.judgement(learnt)
    assert judged.judged > 200
    assert judged.auc > 0.7
    assert judged.brier < judged.base_brier * 0.95


def test_a_quarter_is_no_year_of_its_own(learnt):
    assert not risk_store.is_calibrated(learnt)
