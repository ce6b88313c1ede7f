"""A whole quarter of another city's cases; every figure recomputed from the file, apart from our code.

The file's traps: blank deadlines, deadlines before the report, one default point, times without a zone across DST.
"""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from chengyun.casework.cases.models import Case, Step
from chengyun.casework.clocks.models import Clock
from chengyun.people.models import Department
from chengyun.taxonomy.models import MinorClass

pytestmark = [pytest.mark.django_db, pytest.mark.shared, pytest.mark.slow]
EASTERN = ZoneInfo("America/New_York")
FILE = "data/requests/boston311_2011Q3_dev.parquet"
POINTS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)


def instant(naive):
    return naive and naive.replace(tzinfo=EASTERN).astimezone(dt.UTC)


def percentiles(seconds):
    ranked = sorted(seconds)
    return [ranked[int(share * (len(ranked) - 1))] for share in POINTS]


# The rules are the same on both databases; the whole quarter goes through SQLite, each eighth row through PostgreSQL.
EVERY = {"sqlite": 1, "postgresql": 8}


@pytest.fixture(scope="module")
def quarter(shared, tmp_path_factory, django_db_setup, django_db_blocker):
    """(rows of the file, as plain tuples; the database holds them imported). One import serves all tests."""
    file = tmp_path_factory.mktemp("boston") / "quarter.parquet"
    kept = f"SELECT * FROM '{shared / FILE}' WHERE case_enquiry_id % {EVERY[connection.vendor]} = 0"
    duckdb.sql(f"COPY ({kept}) TO '{file}'")
    columns = "case_enquiry_id, open_dt, target_dt, closed_dt, case_status, department, type, longitude, latitude"
    rows = duckdb.sql(f"SELECT {columns} FROM '{file}'").fetchall()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_catalogues")
        call_command("import_history", str(file), "--profile", "boston311")
        yield rows
        transaction.set_rollback(True)


def test_every_row_is_a_case(quarter):
    assert Case.objects.count() == len(quarter)
    assert set(Case.objects.values_list("reports__source_id", flat=True)) == {f"boston311:{row[0]}" for row in quarter}


def test_open_and_closed_are_as_many(quarter):
    closed = sum(row[4] == "Closed" for row in quarter)
    assert Case.objects.filter(stage="closed").count() == closed
    assert Case.objects.filter(stage="dispatched").count() == len(quarter) - closed


def test_departments_have_their_cases(quarter):
    wanted = {}
    for row in quarter:
        wanted[row[5]] = wanted.get(row[5], 0) + 1
    found = {row.name: row.main_cases.count() for row in Department.objects.filter(code__startswith="boston311-")}
    assert found == wanted


def test_times_to_close_have_the_same_percentiles(quarter):
    wanted = [(instant(row[3]) - instant(row[1])).total_seconds() for row in quarter if row[3]]
    pairs = Case.objects.filter(closed_at__isnull=False).values_list("reported_at", "closed_at")
    assert percentiles((closed - opened).total_seconds() for opened, closed in pairs) == percentiles(wanted)


def test_what_was_late_is_late(quarter):
    """Late: closed after the deadline; a blank deadline is never late."""
    wanted = {str(row[0]) for row in quarter if row[3] and row[2] and instant(row[3]) > instant(row[2])}
    late = Case.objects.filter(stage="closed", handling_overdue=True).values_list("reports__source_id", flat=True)
    assert {source_id.partition(":")[2] for source_id in late} == wanted


def test_deadlines_are_the_original_ones(quarter):
    wanted = {str(row[0]): max(instant(row[2]), instant(row[1])) for row in quarter if row[2]}
    clocks = Clock.objects.filter(stage="handle").values_list("case__reports__source_id", "due_at")
    assert {source_id.partition(":")[2]: due for source_id, due in clocks} == wanted


def test_the_default_point_is_no_place(quarter):
    somewhere = [row for row in quarter if (row[7], row[8]) != (-71.0587, 42.3594) and row[7] is not None]
    assert Case.objects.filter(lon__isnull=False).count() == len(somewhere)


def test_classes_come_through_the_map(quarter):
    potholes = [row for row in quarter if row[6] in ("Pothole Repair (Internal)", "Request for Pothole Repair")]
    imported = Step.objects.filter(
        verb="import", data__imported__class__in=["Pothole Repair (Internal)", "Request for Pothole Repair"]
    )
    assert imported.count() == len(potholes)
    minor = MinorClass.objects.get(standard__code="GB/T 47678.5-2026", kind="matter", code="06013")
    assert set(imported.values_list("case__minor_class", flat=True)) == {minor.pk}


def test_each_case_has_one_row_per_known_moment(quarter):
    closed = sum(row[3] is not None for row in quarter)
    assert Step.objects.count() == 2 * len(quarter) + closed
    assert Step.objects.filter(verb="import", by_name="Boston 311").count() == len(quarter)


def test_no_limit_was_rounded(quarter):
    for clock in Clock.objects.filter(stage="handle").exclude(amount=0)[:500]:
        seconds = (clock.due_at - clock.started_at).total_seconds()
        assert abs(clock.amount * 3600 - Decimal(seconds)) < Decimal("0.01")
