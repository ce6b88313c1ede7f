"""Kept figures stay exact whatever happens to cases that had ended."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.tests import county as small
from chengyun.core import events, instants
from chengyun.insight.facts import feed, store
from chengyun.insight.facts.session import session, settle
from chengyun.insight.figures import kept
from chengyun.insight.figures.kept import measure_kept
from tests.insight.exact import all_figures, check_exact

pytestmark = pytest.mark.django_db(transaction=True)

MONTHS = [dt.datetime(2026, month, 2, 2, tzinfo=dt.UTC) for month in (2, 3, 4, 5)]


@pytest.fixture
def county(facts_folder):
    """A closed, a refused, a merged and an open case in each of three months, with files over them."""
    county = small.build()
    for moment in MONTHS[:3]:
        with instants.at(moment):
            county.walk(report(county), "close")
            county.step(report(county), "refuse", "receiver", reason="不属受理范围")
            target = report(county)
            county.step(report(county), "merge", "receiver", target=target.number)
    events.settle()
    feed.rebuild()
    with instants.at(MONTHS[3]):
        yield county


def report(county):
    return county.report(received_at=instants.now())


def of_stage(stage):
    return Case.objects.filter(stage=stage).order_by("pk")


def reopened(county):
    county.step(of_stage("closed")[0], "reopen", "chief", reason="又脏了")


def merged(county):
    first, second = of_stage("reported")[:2]
    county.step(first, "merge", "receiver", target=second.number)


def moved_on(county):
    county.walk(of_stage("reported")[0], "close")


def come_new(county):
    county.walk(report(county), "close")


def come_into_an_old_month(county):
    """As an import of history brings it: reported long ago, known since now."""
    with instants.at(MONTHS[0]):
        county.walk(report(county), "file")


CHANGES = (reopened, merged, moved_on, come_new, come_into_an_old_month)


def test_whatever_happens_to_cases_the_figures_stay_those_that_are_counted(county):
    """In one story, so that each change meets what was kept before it; the files are swapped on the way."""
    wanted = all_figures(bys=((), ("month",)))
    check_exact(session(), wanted)
    for number, change in enumerate(CHANGES):
        change(county)
        check_exact(session(), wanted)
        if number % 2:
            events.settle()
            assert feed.advance(everything=True) > 0
            check_exact(session(), wanted)


# On PostgreSQL an older transaction of anybody on the server makes more cases fresh than have changed.
@pytest.mark.sqlite
def test_only_the_months_that_changed_are_counted_again(county, monkeypatch):
    scanned, by_file = [], kept._by_file

    def counted(facts, group, files, as_of):
        scanned.append(len(files))
        return by_file(facts, group, files, as_of)

    monkeypatch.setattr(kept, "_by_file", counted)
    wanted = all_figures(bys=((),))
    measure_kept(session(), wanted)
    assert set(scanned) == {3}
    scanned.clear()
    come_new(county)
    measure_kept(session(), wanted)
    assert scanned == []
    reopened(county)
    measure_kept(session(), wanted)
    assert set(scanned) == {1}
    scanned.clear()
    events.settle()
    feed.advance(everything=True)
    assert len(store.manifest().months) == 4
    assert taken().files.known == store.manifest()
    assert set(scanned) == {2}
    scanned.clear()
    measure_kept(session(), wanted)
    assert scanned == []


def taken():
    """The session over new files, which were made ready beside the one before."""
    session()
    settle()
    return session()


def test_an_older_session_goes_on_with_what_it_knew(county):
    before = session()
    counts = [before.ask("SELECT count(*) FROM cases")]
    for _number in range(3):
        report(county)
        counts.append(session().ask("SELECT count(*) FROM cases"))
    assert before.ask("SELECT count(*) FROM cases") == counts[0]
    assert all(later[0][0] == earlier[0][0] + 1 for earlier, later in pairwise(counts))
