"""Fact files made from the database."""

from __future__ import annotations

import datetime as dt

import pyarrow.parquet as pq
import pytest

from chengyun.casework.cases.models import Case, Report, Request, Step
from chengyun.casework.cases.services.steps import take_step
from chengyun.core import instants
from chengyun.demo import small
from chengyun.insight.facts import feed, schema, store
from chengyun.insight.facts.session import session
from chengyun.people.roles import Role
from tests.insight.stories import report

pytestmark = pytest.mark.django_db

MODELS = {"cases": Case, "steps": Step, "reports": Report, "requests": Request}
# The last is still the old year in UTC and already the new one in Shanghai.
REPORTED = ("2025-11-30T02:00Z", "2025-11-30T03:00Z", "2025-12-01T02:00Z", "2025-12-31T16:30Z")


@pytest.fixture
def facts(facts_folder):
    with instants.at(small.OPENED):
        county = small.build()
    for moment in REPORTED:
        with instants.at(dt.datetime.fromisoformat(moment)):
            case = report(county)
            take_step(case.pk, "refuse", by=county.actor(Role.RECEIVER), version=1, reason="不属受理范围")
            report(county, "public")
    feed.rebuild()
    return session()


@pytest.mark.parametrize("table", MODELS)
def test_every_row_is_a_fact(facts, table):
    assert facts.ask(f"SELECT count(*) FROM {table}") == [(MODELS[table].objects.count(),)]


def test_rebuilding_gives_the_same_files(facts):
    before = store.manifest().months
    feed.rebuild()
    assert store.manifest().months == before


def test_each_case_lies_in_the_civil_month_in_which_it_was_reported(facts):
    months = store.manifest().months
    rows = {month: pq.read_metadata(store.folder() / files["cases"]).num_rows for month, files in months.items()}
    assert rows == {"2025-11": 4, "2025-12": 2, "2026-01": 2}


def test_a_second_engine_reads_the_same_figures(facts):
    """Arrow alone, without DuckDB: the files are the way out to a bigger engine."""
    counted: dict[str, int] = {}
    for name in store.manifest().files("cases"):
        for stage in pq.read_table(store.folder() / name, columns=["stage"])["stage"].to_pylist():
            counted[stage] = counted.get(stage, 0) + 1
    assert dict(facts.ask("SELECT stage, count(*) FROM cases GROUP BY 1")) == counted == {"refused": 4, "reported": 4}


def test_columns_hold_no_words_of_citizens():
    personal = {*Report.PERSONAL, "title", "description", "note", "by_name", "name", "phone"}
    assert not personal & {column for columns in schema.TABLES.values() for column in columns}


def test_an_empty_county_has_empty_tables(facts_folder):
    feed.rebuild()
    assert [session().ask(f"SELECT count(*) FROM {table}") for table in schema.TABLES] == [[(0,)]] * len(schema.TABLES)
