"""Every indicator on the demo year: recomputed apart from the code, and opened to the rows behind it."""

from __future__ import annotations

import datetime as dt

import pytest

from chengyun.casework.cases.queries import visible_to
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.insight.facts import files, schema
from chengyun.insight.figures import kept
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.indicator import find, indicators
from chengyun.insight.figures.measuring import Question, behind, measure
from chengyun.insight.figures.periods import Period, plain
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.figures.telling import told
from chengyun.insight.figures.together import Asked, measure_together
from chengyun.people.access import actor_for
from chengyun.people.models import User
from tests.insight.conftest import NOW
from tests.insight.exact import check_equal, check_exact
from tests.insight.recomputed import KEYS, forget_rows, recomputed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]

YEAR = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
EVER = Period(dt.date(2025, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def moment():
    with instants.at(NOW):
        yield


@pytest.fixture(scope="module", autouse=True)
def read_anew():
    """The year does not change within this file; another run of it has another."""
    yield
    forget_rows()


def figure(facts, key, period=YEAR, by=(), **where):
    return measure(facts, find(key), Question(period, where=where), by)


@pytest.mark.parametrize("key", sorted(KEYS))
@pytest.mark.parametrize("period", [YEAR, EVER], ids=["year", "ever"])
def test_recomputed(facts, key, period):
    found = figure(facts, key, period).total
    numerator, denominator = recomputed(key, period)
    assert (found.numerator, found.denominator) == (pytest.approx(numerator, rel=1e-9), denominator)


def test_every_indicator_is_recomputed():
    assert {each.key for each in indicators()} == KEYS


# --- drill-down, groups, scope ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [each.key for each in indicators()])
def test_what_is_behind_a_figure_counts_as_much_as_the_figure(facts, key):
    found = figure(facts, key, EVER)
    question, as_of = found.question, found.as_of
    of = behind(facts, found.indicator.of, question, as_of)
    assert sum(each.amount for each in of) == pytest.approx(found.total.numerator)
    if found.indicator.over:
        over = behind(facts, found.indicator.over, question, as_of)
        assert sum(each.rows for each in over) == found.total.denominator


@pytest.mark.parametrize("key", ["filed", "dispatched", "mean_handling_hours"])
def test_what_is_behind_a_figure_is_turned_page_by_page(facts, key):
    found = figure(facts, key, EVER)
    whole = behind(facts, found.indicator.of, found.question, found.as_of)
    pages, before = [], None
    while page := behind(facts, found.indicator.of, found.question, found.as_of, before=before, limit=97):
        pages += page
        before = page[-1].case_id
    assert pages == whole and len({each.case_id for each in whole}) == len(whole)


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("key", ["reported", "filed", "on_time_handling_rate", "on_time_dispatch_rate", "reworked"])
def test_groups_add_up_and_each_opens_to_its_own(facts, key, dimension):
    found = figure(facts, key, EVER, [dimension])
    assert sum(value.numerator for value in found.groups.values()) == found.total.numerator
    for (part,), value in list(found.groups.items())[:4]:
        if part is not None:
            narrowed = measure(facts, found.indicator, found.question.narrowed(dimension, part))
            assert narrowed.total == value


def test_two_dimensions_at_once(facts):
    found = figure(facts, "filed", EVER, ["township", "month"])
    by_township = figure(facts, "filed", EVER, ["township"])
    for (township,), value in by_township.groups.items():
        assert sum(v.value for key, v in found.groups.items() if key[0] == township) == value.value


def test_figures_counted_together_are_those_counted_one_by_one(facts, monkeypatch):
    own = Question(EVER, scope_of(actor_for(User.objects.get(username="zhifa"))))
    of_two = Question(YEAR, where={"source": ["hotline", "collector"]})
    wanted = [
        Asked(each, question, by)
        for each in indicators()
        for question in (Question(EVER), of_two, own)
        for by in ((), ("department",), ("day",), ("township", "kind"))
    ]
    said, ask = [], type(facts).ask
    with monkeypatch.context() as patched:
        patched.setattr(type(facts), "ask", lambda self, sql, named=None: said.append(sql) or ask(self, sql, named))
        measured = measure_together(facts, wanted)
    assert len(said) < len(wanted) / 3
    alone = [measure(facts, each.indicator, each.question, each.by) for each in wanted]
    check_equal(measured, alone)
    check_equal(kept.measure_kept(facts, wanted), alone)


@pytest.mark.sqlite  # on PostgreSQL nothing of the year's open transaction is final yet: it stands in no file
def test_what_turns_with_the_clock_is_counted_as_it_is_then(facts, monkeypatch):
    """To the very instant of a deadline, and back; none of it counts the open cases again."""
    clocked = [each for each in indicators() if "$as_of" in f"{each.of.where} {each.over and each.over.where}"]
    wanted = [Asked(each, Question(EVER), by) for each in clocked for by in ((), ("department",))]
    soon = "SELECT min(due_at) FROM open_cases WHERE NOT is_paused AND due_at > $now"
    monkeypatch.setattr(files, "LONGEST_SEEN", dt.timedelta(days=3))
    monkeypatch.setattr(facts.files, "seen", [])
    check_exact(facts, wanted)
    [reds] = kept.measure_kept(facts, [Asked(find("lamp_red"), Question(EVER))])
    [(due,)] = facts.files.ask("main", soon, {"now": plain(NOW)})
    due = due.replace(tzinfo=dt.UTC)
    monkeypatch.setattr(files.Files, "ask_open", None)
    for later in (due, due + dt.timedelta(seconds=1), NOW - dt.timedelta(hours=3)):
        with instants.at(later):
            check_exact(facts, wanted)
            [turned] = kept.measure_kept(facts, [Asked(find("lamp_red"), Question(EVER))])
            assert (turned.total.value > reds.total.value) == (later > due)


def test_the_clock_changes_nothing_of_what_is_settled(facts):
    """Otherwise its tallies could not be kept: `$as_of` may tell of cases alone that have not ended."""
    wanted, tallies = [Asked(each, Question(EVER), ("department",)) for each in indicators()], []
    for later in (dt.timedelta(0), dt.timedelta(days=3650)):
        with instants.at(NOW + later):
            kept.forget()
            kept.measure_kept(facts, wanted)
            tallies.append(kept.known())
    assert len(tallies[0]) > len(wanted)
    assert tallies[0] == tallies[1]


def test_every_row_is_in_one_half(facts):
    for table in schema.TABLES:
        count, halves = f"SELECT count(*) FROM {table}", facts.halves
        parts = [halves.ask_moving(table, count, {}), halves.ask_settled(table, count, {})]
        assert sum(rows[0][0] for rows in parts) == facts.ask(count)[0][0]


@pytest.mark.sqlite  # on PostgreSQL nothing of the year's open transaction is final yet, so that all of it moves
def test_both_halves_have_rows(facts):
    for table in schema.TABLES:
        count = f"SELECT count(*) FROM {table}"
        assert facts.halves.ask_moving(table, count, {}) > [(0,)]
        assert facts.halves.ask_settled(table, count, {}) > [(0,)]


def test_nothing_to_divide_by_is_no_figure(facts):
    empty = Period(dt.date(2001, 1, 1), dt.date(2001, 1, 2))
    assert figure(facts, "closing_rate", empty).total.value is None
    assert figure(facts, "filed", empty).total.value == 0


def test_scope_counts_what_the_pages_show(facts):
    for user in User.objects.filter(is_active=True):
        actor = actor_for(user)
        sql = f"SELECT case_id FROM cases c WHERE {(scope := scope_of(actor)).sql}"
        named = {name: value for name, value in scope.parameters.items() if f"${name}" in sql}
        counted = {case_id for (case_id,) in facts.ask(sql, named)}
        assert counted == set(visible_to(actor).values_list("pk", flat=True)), user.username


def test_a_figure_says_what_it_is(facts):
    plain = told(figure(facts, "filed", by=["department", "season"]))
    assert plain["title"] == "立案数"
    assert plain["from"] == "2025-01-01"
    assert all(len(group["names"]) == 2 and group["names"][1] for group in plain["groups"])


def test_an_unknown_dimension_is_refused_with_those_there_are(facts):
    with pytest.raises(UserError, match="weather.*township"):
        figure(facts, "filed", by=["weather"])


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(UserError, match="早于"):
        Period(dt.date(2026, 2, 1), dt.date(2026, 1, 1))
