"""Every indicator on the demo year: recomputed apart from the code, and opened to the rows behind it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cache, partial

import pytest

from chengyun.casework.cases.models import Case, Report, Step
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.clocks.models import Clock
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.indicator import find, indicators
from chengyun.insight.figures.measuring import Question, behind, measure
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.figures.telling import told
from chengyun.insight.figures.together import Asked, measure_together
from chengyun.people.access import actor_for
from chengyun.people.models import User
from tests.insight.conftest import NOW

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
    histories.cache_clear()
    handle_clocks.cache_clear()


def figure(facts, key, period=YEAR, by=(), **where):
    return measure(facts, find(key), Question(period, where=where), by)


# --- recomputed: plain rows and plain Python, nothing of the code that is judged -------------------------------------


def in_period(moment, period):
    return moment is not None and period.first <= moment.astimezone(instants.SHANGHAI).date() <= period.last


def live_steps(period, *verbs):
    """Steps of these verbs within the period that nobody took back."""
    found = []
    for chain in histories().values():
        undone = {step.data["undone"]["seq"] for step in chain if step.verb == "undo"}
        found += [s for s in chain if s.verb in verbs and s.seq not in undone and in_period(s.at, period)]
    return found


@cache
def histories():
    chains = defaultdict(list)
    for step in Step.objects.order_by("case_id", "seq"):
        chains[step.case_id].append(step)
    return chains


def is_late(case):
    """The handle clock passed its deadline, now or whenever it came to a stand."""
    if case.handling_overdue:
        return True
    clock = handle_clocks().get(case.pk)
    if clock is None or case.ended_at is not None:
        return False
    return (clock.stopped_at or clock.paused_at or NOW) > clock.due_at


@cache
def handle_clocks():
    return {clock.case_id: clock for clock in Clock.objects.filter(stage="handle")}


def filed(period):
    return [case for case in Case.objects.exclude(stage="merged") if in_period(case.filed_at, period)]


def owed(period):
    return [
        case
        for case in filed(period)
        if case.stage not in ("void", "suspended") and (is_handled(case) or is_late(case))
    ]


def is_handled(case):
    return case.fed_back_at is not None or case.stage == "closed"


def share(rows, holds):
    return (sum(map(bool, map(holds, rows))), len(rows))


def on_time(step):
    due = [e["due"] for e in step.clock_effects if e["effect"] in ("pause", "stop")]
    return not due or step.at <= dt.datetime.fromisoformat(due[0])


def lit(colour, _period):
    """As the lists show them now, whatever the period."""
    return [c for c in Case.objects.filter(ended_at=None) if c.lamp(NOW) == colour]


COUNTS = {
    "reported": lambda p: [r for r in Report.objects.all() if in_period(r.received_at, p)],
    "accepted": lambda p: [c for c in Case.objects.all() if in_period(c.accepted_at, p)],
    "refused": lambda p: [c for c in Case.objects.filter(stage="refused") if in_period(c.ended_at, p)],
    "filed": filed,
    "dispatched": lambda p: live_steps(p, "dispatch"),
    "handled": lambda p: [c for c in Case.objects.exclude(stage__in=("void", "merged")) if in_period(c.fed_back_at, p)],
    "closed": lambda p: [c for c in Case.objects.filter(stage="closed") if in_period(c.closed_at, p)],
    "voided": lambda p: [c for c in Case.objects.filter(stage="void") if in_period(c.ended_at, p)],
    "late": lambda p: [c for c in filed(p) if is_late(c)],
    "exempted": lambda p: [c for c in filed(p) if c.overdue_exempt],
    "supervised": lambda p: live_steps(p, "supervise"),
    "reworked": lambda p: live_steps(p, "check_fail", "rework"),
    "returned": lambda p: live_steps(p, "grant_return"),
    **{f"lamp_{colour}": partial(lit, colour) for colour in ("green", "yellow", "red", "grey")},
}
SHARES = {
    "closing_rate": lambda p: share(owed(p), lambda c: c.stage == "closed"),
    "on_time_closing_rate": lambda p: share(
        owed(p), lambda c: c.stage == "closed" and (c.overdue_exempt or not is_late(c))
    ),
    "handling_rate": lambda p: share(owed(p), is_handled),
    "on_time_handling_rate": lambda p: share(owed(p), lambda c: is_handled(c) and (c.overdue_exempt or not is_late(c))),
    "rework_rate": lambda p: share(owed(p), lambda c: c.rework_count),
    "extension_rate": lambda p: share(owed(p), lambda c: c.extension_count),
    "check_pass_rate": lambda p: share(live_steps(p, "check_pass", "check_fail"), lambda s: s.verb == "check_pass"),
    "return_rate": lambda p: (len(live_steps(p, "grant_return")), len(live_steps(p, "dispatch"))),
    "told_rate": lambda p: share(filed(p), lambda c: c.source in ("hotline", "public")),
    "valid_report_rate": lambda p: share(
        [r for r in Report.objects.filter(source="collector").select_related("case") if in_period(r.received_at, p)],
        lambda r: r.case.filed_at,
    ),
    "on_time_accept_rate": lambda p: share(live_steps(p, "accept", "refuse"), on_time),
    "accurate_filing_rate": lambda p: share(filed(p), lambda c: c.stage != "void"),
    "verify_sent_rate": lambda p: share(live_steps(p, "send_verify"), on_time),
    "accurate_dispatch_rate": lambda p: share(live_steps(p, "dispatch"), is_accurate),
}


def is_accurate(step):
    named = [s for s in histories()[step.case_id] if s.seq > step.seq and s.verb in ("dispatch", "decide_dispute")]
    return not named or named[0].data["department"]["id"] == step.data["department"]["id"]


@pytest.mark.parametrize("key", COUNTS)
@pytest.mark.parametrize("period", [YEAR, EVER], ids=["year", "ever"])
def test_counts_recomputed(facts, key, period):
    assert figure(facts, key, period).total.value == len(COUNTS[key](period))


@pytest.mark.parametrize("key", SHARES)
def test_shares_recomputed(facts, key):
    found = figure(facts, key, EVER).total
    assert (found.numerator, found.denominator) == SHARES[key](EVER)


def test_mean_handling_time_recomputed(facts):
    cases = [c for c in Case.objects.exclude(stage__in=("void", "merged")) if in_period(c.fed_back_at, EVER)]
    hours = [(c.fed_back_at - (c.dispatched_at or c.fed_back_at)).total_seconds() / 3600 for c in cases]
    assert figure(facts, "mean_handling_hours", EVER).total.value == pytest.approx(sum(hours) / len(hours), rel=1e-9)


ROUNDS = {
    "on_time_dispatch_rate": ("dispatch", ("dispatch",), ("apply_void", "merge")),
    "on_time_verify_rate": ("verify", ("verify_report",), ("recall_verify",)),
    "on_time_check_rate": ("check", ("check_pass", "check_fail"), ("recall_check",)),
    "on_time_close_rate": ("close", ("close",), ("rework",)),
}


@pytest.mark.parametrize("key", ROUNDS)
def test_shares_of_rounds_recomputed(facts, key):
    clock, good, dropped = ROUNDS[key]
    hits = total = 0
    for chain in histories().values():
        rounds = {}
        for step in chain:
            for effect in step.clock_effects:
                if effect["clock"] != clock:
                    continue
                if effect["effect"] in ("start", "restart"):
                    rounds[effect["round"]] = [step.at, effect["due"], None, None]
                elif effect["effect"] in ("pause", "stop") and rounds[effect["round"]][2] is None:
                    rounds[effect["round"]][1:] = [effect["due"], step.verb, step.at]
                elif effect["effect"] == "resume":
                    rounds[effect["round"]][1:] = [effect["due"], None, None]
        for begun, due, verb, at in rounds.values():
            if in_period(begun, EVER) and verb not in dropped:
                total += 1
                hits += verb in good and at <= dt.datetime.fromisoformat(due)
    found = figure(facts, key, EVER).total
    assert (found.numerator, found.denominator) == (hits, total)
    assert total


def test_every_indicator_is_recomputed_here():
    stocks = {"open", "open_late", "suspended"}
    assert {each.key for each in indicators()} == {*COUNTS, *SHARES, *ROUNDS, *stocks, "mean_handling_hours"}


def test_stocks_recomputed(facts):
    open_cases = [c for c in filed(EVER) if c.ended_at is None]
    assert figure(facts, "open", EVER).total.value == len(open_cases)
    assert figure(facts, "suspended", EVER).total.value == Case.objects.filter(stage="suspended").count()
    late = [c for c in open_cases if c.fed_back_at is None and is_late(c)]
    assert figure(facts, "open_late", EVER).total.value == len(late)


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
    for each, together in zip(wanted, measured, strict=True):
        alone = measure(facts, each.indicator, each.question, each.by)
        assert list(together.groups) == list(alone.groups)
        for key, value in {(): alone.total, **alone.groups}.items():
            found = together.groups[key] if key else together.total
            # Amounts are added up in another order.
            assert found.numerator == pytest.approx(value.numerator, rel=1e-12)
            assert found.denominator == value.denominator


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
