"""The risk of being late on a quarter of another city: learnt from its first weeks, judged on those that followed."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from chengyun.core import instants
from chengyun.insight.facts import feed
from chengyun.insight.facts.session import forget
from chengyun.insight.statistics import risk_store

pytestmark = [pytest.mark.django_db, pytest.mark.shared, pytest.mark.slow]
FILE = "data/requests/boston311_2011Q3_dev.parquet"
# A part of the quarter says as much and costs a fraction of the time.
EVERY = {"sqlite": 16, "postgresql": 24}
AFTERWARDS = dt.datetime(2012, 3, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def learnt(shared, tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("risk")
    kept = f"SELECT * FROM '{shared / FILE}' WHERE case_enquiry_id % {EVERY[connection.vendor]} = 0"
    duckdb.sql(f"COPY ({kept}) TO '{folder / 'quarter.parquet'}'")
    with (
        pytest.MonkeyPatch.context() as patched,
        django_db_blocker.unblock(),
        transaction.atomic(),
        instants.at(AFTERWARDS),
    ):
        patched.setattr("django.conf.settings.DATA_DIR", folder)
        forget()
        call_command("load_catalogues")
        call_command("import_history", str(folder / "quarter.parquet"), "--profile", "boston311")
        feed.rebuild()
        yield risk_store.learn()
        transaction.set_rollback(True)
    forget()


def test_it_beats_the_common_rate_on_the_weeks_that_followed(learnt):
    judged = risk_store.judgement(learnt)
    assert judged.judged > 200
    assert judged.auc > 0.7
    assert judged.brier < judged.base_brier * 0.95


def test_a_quarter_is_no_year_of_its_own(learnt):
    assert not risk_store.is_calibrated(learnt)
