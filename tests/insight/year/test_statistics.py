"""Statistics on the demo year: recomputed by plain rows of the database, and within each one's scope."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import statistics
from collections import Counter
from urllib.parse import urlencode

import numpy as np
import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse

from chengyun.casework.cases import filters
from chengyun.casework.cases.models import Case, Step
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.clocks.models import Clock
from chengyun.core import instants
from chengyun.insight.facts import feed
from chengyun.insight.facts.session import forget, session
from chengyun.insight.figures.measuring import Question
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import (
    behind,
    flows,
    forecast_views,
    pivot,
    reasons,
    risk_store,
    stays,
    telling,
    workbook,
)
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import User
from chengyun.ui.templatetags.ui_tags import grouped
from tests.insight.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]


@pytest.fixture
def moment():
    with instants.at(NOW):
        yield


def answer(query, actor=SYSTEM):
    return pivot.answered(actor, asking.read(QueryDict(query), instants.today(), by=actor))


def values(found):
    return {row.key: row.cells[0].value.value for row in found.rows}


def filed(first, last, cases=None):
    """Filed cases of these days, from the database."""
    rows = (Case.objects.all() if cases is None else cases).exclude(stage="merged").filter(filed_at__isnull=False)
    return [c for c in rows if first <= instants.civil_day(c.filed_at) <= last]


JULY = (dt.date(2025, 7, 1), dt.date(2025, 7, 31))
JUNE = (dt.date(2025, 6, 1), dt.date(2025, 6, 30))


def test_one_dimension_with_the_month_before():
    found = answer("i=filed&by=department&from=2025-07-01&to=2025-07-31&with=before")
    now, then = (Counter(c.main_department_id for c in filed(*days)) for days in (JULY, JUNE))
    assert now and values(found) == dict(now)
    for row in found.rows:
        change = row.cells[0].changes["before"]
        assert change.then.value == then[row.key]
        expected = (now[row.key] - then[row.key]) / then[row.key] * 100 if then[row.key] else None
        assert change.by == pytest.approx(expected) if expected is not None else change.by is None
    assert found.totals[0].changes["before"].then.value == sum(then.values())


def test_two_dimensions():
    found = answer("i=filed&by=township&and=weekday&from=2025-07-01&to=2025-07-31")
    expected = Counter((c.township_code, c.filed_at.astimezone(instants.SHANGHAI).isoweekday()) for c in filed(*JULY))
    counted = {
        (row.key, column.keys[0]): cell.value.value
        for row in found.rows
        for column, cell in zip(found.columns, row.cells, strict=True)
        if cell.value.value
    }
    assert counted == dict(expected)
    assert found.total.value.value == sum(expected.values()) == sum(cell.value.value for cell in found.totals)


def test_the_nth_day_stands_beside_the_nth_day():
    found = answer("i=filed&by=day&from=2025-07-01&to=2025-07-31&with=before")
    june = Counter(instants.civil_day(c.filed_at).day for c in filed(*JUNE))
    told = {row.key: row.cells[0].changes["before"].then.value for row in found.rows}
    assert len(found.rows) == 31
    assert [told[f"2025-07-{day:02}"] for day in range(1, 32)] == [june[day] for day in range(1, 32)]


def test_the_rest_is_one_row_and_shares_are_of_the_whole():
    whole, cut = answer("by=class&span=last_year"), answer("by=class&span=last_year&top=5")
    rest = cut.rows[-1]
    assert rest.is_rest and len(cut.rows) == 6
    assert rest.cells[0].value.value == sum(row.cells[0].value.value for row in whole.rows[5:])
    assert sum(row.cells[0].share for row in cut.rows) == pytest.approx(100)


def test_the_first_few_months_are_those_with_most_and_the_rest_is_one_row():
    whole, cut = answer("by=month&span=last_year"), answer("by=month&span=last_year&top=5")
    counts = sorted((row.cells[0].value.value for row in whole.rows), reverse=True)
    assert len(whole.rows) == 12 and [row.key for row in whole.rows] == sorted(row.key for row in whole.rows)
    assert len(cut.rows) == 6 and cut.rows[-1].is_rest
    assert [row.cells[0].value.value for row in cut.rows] == [*counts[:5], sum(counts[5:])]
    first = answer("by=month&span=last_year&top=5&sort=key").rows[:5]
    assert [row.key for row in first] == [f"2025-{month:02}" for month in range(1, 6)]


def test_what_is_judged_by_today_is_not_compared():
    found = answer("i=open,open_late,suspended,filed&by=township&span=last_year&with=year")
    assert [bool(cell.changes) for cell in found.totals] == [True, False, False, True]


def test_the_rest_of_a_rate_is_weighed_not_averaged():
    cut = answer("i=on_time_handling_rate&by=department&span=last_year&top=3")
    values = [row.cells[0].value for row in cut.rows]
    assert sum(v.numerator for v in values) == cut.totals[0].value.numerator
    assert values[-1].value == pytest.approx(values[-1].numerator / values[-1].denominator * 100)
    assert cut.rows[0].cells[0].share is None


def test_a_figure_opens_to_as_much_as_it_says():
    found = answer("by=township&and=source&span=last_year")
    for row in found.rows[:3]:
        for cell in row.cells:
            where = "&".join(f"where={key}:{value}" for key, keys in cell.where.items() for value in keys)
            assert answer(f"span=last_year&{where}").totals[0].value == cell.value


def test_each_counts_only_what_he_may_see():
    users = [user for user in User.objects.filter(is_active=True) if actor_for(user).has("handler", "dispatcher")]
    assert users
    for user in users[:6]:
        actor = actor_for(user)
        expected = len(filed(dt.date(2025, 1, 1), dt.date(2025, 12, 31), visible_to(actor)))
        assert answer("by=township&span=last_year", actor).totals[0].value.value == expected


def test_excel_holds_live_formulas_and_the_measured_numbers():
    found = answer("i=filed,on_time_handling_rate&by=department&span=last_year&with=before&top=3")
    made = io.BytesIO()
    workbook.write(made, found)
    made.seek(0)
    formulas = openpyxl.load_workbook(made)["统计表"]
    made.seek(0)
    shown = openpyxl.load_workbook(made, data_only=True)["统计表"]
    total = 5 + len(found.rows) + 1
    assert {formulas.cell(line, 2).number_format for line in range(6, total)} == {"#,##0"}
    assert formulas.cell(total, 2).value == f"=SUM(B6:B{total - 1})"
    assert shown.cell(total, 2).value == found.totals[0].value.value
    assert formulas.cell(6, 3).value.startswith("=IF(") and "/$B$" in formulas.cell(6, 3).value
    assert shown.cell(6, 3).value == pytest.approx(found.rows[0].cells[0].share / 100)
    assert [row.name for row in found.rows] == [shown.cell(6 + n, 1).value for n in range(len(found.rows))]


def test_a_chart_leaves_the_rest_out():
    drawn = telling.chart_of(answer("by=class&span=last_year&top=5"))
    assert len(drawn["labels"]) == 5


# --- through the process ----------------------------------------------------------------------------------------------


def question(first=dt.date(2025, 1, 1), last=dt.date(2025, 12, 31), actor=SYSTEM, **where):
    return Question(Period(first, last), scope_of(actor), where)


def ways():
    """Per case first dispatched in 2025, the departments that live steps named, from the histories."""
    found = {}
    for case in Case.objects.filter(dispatched_at__isnull=False):
        if instants.civil_day(case.dispatched_at).year != 2025:
            continue
        steps = list(case.steps.order_by("seq"))
        undone = {step.data["undone"]["seq"] for step in steps if step.verb == "undo"}
        sent = [s for s in steps if s.seq not in undone and s.verb in ("dispatch", "decide_dispute")]
        found[case.pk] = tuple(s.data["department"]["id"] for s in sent)
    return found


def test_flows_recomputed_and_what_comes_in_goes_out_or_ends(facts):
    expected = Counter(ways().values())
    found = flows.paths(facts, question())
    counted = Counter()
    for path in found:
        counted[path.departments] += path.cases
    assert counted == expected and len(expected) > 3
    came, went = Counter(), Counter()
    for link in flows.links(found):
        came[link.target] += link.cases
        went[link.source] += link.cases
    departments = [node for node in came if isinstance(node, tuple)]
    assert departments and all(came[node] == went[node] for node in departments)
    assert went[flows.SOURCE] == sum(came[end] for end in flows.ENDS) == sum(expected.values())


def test_a_move_opens_to_its_cases(facts):
    moved = Counter(pair for way in ways().values() for pair in set(zip(way, way[1:], strict=False)))
    found = flows.moves(flows.paths(facts, question()))
    assert {(each.source, each.target): each.cases for each in found} == dict(moved)
    for each in found[:3]:
        assert len(flows.behind_move(facts, question(), each.source, each.target)) == each.cases


def test_all_that_is_drawn_opens_to_its_cases(facts, monkeypatch):
    """Small departments stand together where there are more than can be drawn, and open together."""
    monkeypatch.setattr(flows, "MOST_DRAWN", 2)
    drawn = flows.drawn_links(flows.paths(facts, question()))
    assert {type(each.target) for each in drawn} == {str, tuple}
    assert any(isinstance(each.target, tuple) and each.target[1] == flows.OTHERS for each in drawn)
    assert sum(each.cases for each in drawn if each.source == flows.SOURCE) == len(ways())
    through = Counter()
    for each in drawn:
        through[each.target] += each.cases
        assert flows.read_node(flows.written(each.target)) == each.target
        assert len(flows.behind_drawn(facts, question(), each.source, each.target)) == each.cases
    for node, cases in through.items():
        assert len(flows.behind_drawn(facts, question(), node)) == cases


def test_stays_recomputed(facts):
    """Median and nine tenths of the dispatch stage, from the effects that the steps recorded."""
    hours = []
    for case in Case.objects.all():
        begun, ended = None, None
        for step in case.steps.order_by("seq"):
            for effect in (e for e in step.clock_effects if e["clock"] == "dispatch"):
                if effect["effect"] in ("start", "restart"):
                    if begun and ended:
                        hours.append((begun, ended))
                    begun, ended = step.at, None
                elif effect["effect"] in ("pause", "stop") and ended is None:
                    ended = step.at
                elif effect["effect"] == "resume":
                    ended = None
        if begun and ended:
            hours.append((begun, ended))
    spent = [(e - b).total_seconds() / 3600 for b, e in hours if instants.civil_day(e).year == 2025]
    found = {each.key: each for each in stays.by_stage(facts, question())}["dispatch"]
    assert found.count == len(spent)
    assert found.median == pytest.approx(statistics.median(spent), abs=1e-6)
    assert found.p90 == pytest.approx(float(np.quantile(spent, 0.9)), abs=1e-6)


def test_a_stay_opens_to_its_cases(facts):
    everyone = [(each, each.key, ()) for each in stays.by_stage(facts, question())[:3]]
    everyone += [(each, "handle", (each.key,)) for each in stays.by_department(facts, question())[::9]]
    assert any(each.late for each, *_behind in everyone)
    for each, clock, departments in everyone:

        def times(part, clock=clock, departments=departments):
            return sum(stays.behind(facts, question(), clock, departments, part).values())

        assert times("") == each.count
        assert times("late") == each.late
        # Equal ones stand on both sides of a quantile.
        assert times("median") >= each.count / 2 and times("p90") >= each.count / 10


def test_reasons_are_the_words_of_the_steps_that_count(facts):
    found = reasons.most_said(facts, question(), reasons.REWORKED)
    assert found and sum(each.times for each in found) > 0
    first = found[0]
    steps = Step.objects.filter(verb__in=reasons.REWORKED, note=first.words)
    assert first.times <= steps.count()
    words, cases = reasons.behind(facts, question(), reasons.REWORKED, first.mark)
    assert words == first.words and sum(cases.values()) == first.times
    assert set(cases) <= set(steps.values_list("case_id", flat=True))


def test_nobody_finds_more_through_the_process_than_he_may_see(facts):
    user = next(u for u in User.objects.filter(is_active=True) if actor_for(u).has("handler"))
    actor = actor_for(user)
    seen = set(visible_to(actor).values_list("pk", flat=True))
    assert set(stays.behind(facts, question(actor=actor), "handle")) <= seen
    assert sum(path.cases for path in flows.paths(facts, question(actor=actor))) <= len(seen)


@pytest.fixture
def outside(settings, tmp_path):
    """Some cases of 2025 that lie outside every township, which hold an empty word there, not a NULL."""
    settings.DATA_DIR = tmp_path
    chosen = sorted(ways())[::5]
    Case.objects.filter(pk__in=chosen).update(township_code="")
    forget()
    feed.rebuild()
    yield set(chosen)
    forget()


def test_those_that_have_none_are_the_same_on_map_and_process_as_in_the_table(outside, client, evaluator):
    client.force_login(User.objects.get(pk=evaluator.user_id))
    year, query = (dt.date(2025, 1, 1), dt.date(2025, 12, 31)), "span=last_year&where=township:"
    filed_outside = {c.number for c in filed(*year, Case.objects.filter(township_code=""))}
    assert answer(query).totals[0].value.value == len(filed_outside) > 0
    points = client.get(f"{reverse('statistics:points')}?{query}").json()["features"]
    assert {each["properties"]["number"] for each in points} == filed_outside
    assert client.get(f"{reverse('statistics:process_cases')}?{query}&at=source").context["total"] == len(outside)
    assert set(flows.behind_drawn(session(), question(township=[""]), flows.SOURCE)) == outside


# --- ahead ------------------------------------------------------------------------------------------------------------


def test_risk_is_learnt_from_the_county_and_told_of_open_cases_in_sight(monkeypatch):
    assert risk_store.learn() is None  # too few in the small year
    monkeypatch.setattr("chengyun.insight.statistics.risk.FEWEST", 20)
    model = risk_store.learn()
    rows, total = risk_store.most_at_risk(SYSTEM, model)
    waiting = {
        clock.case_id
        for clock in Clock.objects.filter(stage="handle", case__stage__in=("dispatched", "handling", "returning"))
        if not clock.case.handling_overdue and (clock.stopped_at or clock.paused_at or NOW) <= clock.due_at
    }
    assert total == len(waiting) > 0
    assert {each.row.case.pk for each in rows} <= waiting
    assert [each.risk.chance for each in rows] == sorted((each.risk.chance for each in rows), reverse=True)
    assert all(said.name for each in rows for said in each.reasons)
    assert not risk_store.is_calibrated(model)


def test_the_forecast_counts_each_day_as_the_database_does():
    day = dt.date(2025, 12, 1)
    lines = forecast_views.lines_of(SYSTEM, "township", day)
    last = Counter(c.township_code for c in filed(day - dt.timedelta(days=7), day - dt.timedelta(days=1)))
    assert sum(line.last for line in lines) == sum(last.values())


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def evaluator():
    return next(actor for user in User.objects.all() if (actor := actor_for(user)).for_county("evaluator"))


def test_every_number_of_the_table_is_a_link(client, evaluator):
    client.force_login(User.objects.get(pk=evaluator.user_id))
    found = client.get(reverse("statistics:pivot"), {"span": "last_year", "by": "township"}).content.decode()
    table = found[found.index("<tbody>") : found.index("</tbody>")]
    assert table.count("/figures/filed/?from=2025-01-01&amp;to=2025-12-31&amp;where=township") >= 2


BEHIND = re.compile(r'href="/statistics/process/cases\?([^"]*)"[^>]*>([^<]*)<')


def test_every_number_of_the_process_opens_as_many_cases(client, evaluator, facts):
    client.force_login(User.objects.get(pk=evaluator.user_id))
    page = client.get(reverse("statistics:process"), {"span": "last_year"}).content.decode()
    links = [(html.unescape(query), shown) for query, shown in BEHIND.findall(page)]
    for kind in ("clock", "department", "source", "at", "then", "moved", "said"):
        query, shown = next(each for each in reversed(links) if f"&{kind}=" in each[0] and "&part=" not in each[0])
        found = behind.read(facts, question(actor=evaluator), QueryDict(query))
        assert found.title and grouped(found.times) == shown, query


def test_whatever_the_list_behind_a_number_offers_can_be_opened(client, evaluator, monkeypatch):
    monkeypatch.setattr(filters, "PAGE", 20)
    client.force_login(User.objects.get(pk=evaluator.user_id))
    address = reverse("statistics:process_cases")
    page = client.get(address, {"span": "last_year", "at": "source"}).content.decode()
    offered = [html.unescape(query) for query in re.findall(r'href="(\?[^"]*)"', page)]
    assert any("before=" in query for query in offered)
    assert {client.get(address + query).status_code for query in offered} == {200}


@pytest.mark.parametrize("query", ("", "clock=x", "clock=handle&department=x", "clock=handle&part=x", "at=7", "said=x"))
def test_an_address_that_no_figure_has_is_said(client, evaluator, query):
    client.force_login(User.objects.get(pk=evaluator.user_id))
    answered = client.get(f"{reverse('statistics:process_cases')}?{query}")
    assert answered.status_code == 400 and "地址不完整" in answered.content.decode()


def test_places_of_cases_are_told_within_the_readers_scope(client):
    user = next(u for u in User.objects.filter(is_active=True) if actor_for(u).has("handler"))
    client.force_login(user)
    found = client.get(reverse("statistics:points"), {"span": "last_year"}).json()
    seen = set(visible_to(actor_for(user)).values_list("number", flat=True))
    assert {each["properties"]["number"] for each in found["features"]} <= seen


# --- whom a reader may be told of by name -----------------------------------------------------------------------------

TOWNSHIP = "chenghu"


def narrowed_to(client, who):
    """What every page that can be narrowed says of one person, with the words that name him."""
    query = {"span": "last_year", "from": "2025-01-01", "to": "2025-12-31", "where": f"person:{who}"}
    urls = [reverse("figures:figure", args=["filed"]), *(reverse(f"statistics:{page}") for page in ("pivot", "map"))]
    pages = {url: client.get(url, query).content.decode() for url in urls}
    pages["xlsx"] = excel_words(client.post(f"{reverse('statistics:excel')}?{urlencode(query)}"))
    return pages


def excel_words(response):
    if response.status_code != 200:
        return response.content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))["统计表"]
    return f"{sheet.cell(3, 1).value}"


@pytest.fixture
def strangers_and_colleagues():
    """Who never had to do with a case, and who handles one that the township sees."""
    actor = actor_for(User.objects.get(username=TOWNSHIP))
    handlers = visible_to(actor).exclude(handler_id=actor.user_id).filter(handler_id__isnull=False)
    return User.objects.get(username="xitong"), User.objects.get(pk=handlers.latest("pk").handler_id)


def test_a_stranger_is_not_named_to_a_township_and_a_colleague_is(client, evaluator, strangers_and_colleagues):
    stranger, colleague = strangers_and_colleagues
    client.force_login(User.objects.get(username=TOWNSHIP))
    for url, page in narrowed_to(client, stranger.pk).items():
        assert stranger.name not in page and f"人员：{stranger.pk}" in page, url
    for url, page in narrowed_to(client, colleague.pk).items():
        assert f"人员：{colleague.name}" in page, url
    client.force_login(User.objects.get(pk=evaluator.user_id))
    assert all(f"人员：{stranger.name}" in page for page in narrowed_to(client, stranger.pk).values())


def test_whether_there_is_a_login_name_is_not_told_to_who_never_met_its_owner(client, strangers_and_colleagues):
    stranger, colleague = strangers_and_colleagues
    client.force_login(User.objects.get(username=TOWNSHIP))
    for login in (stranger.username, "nosuch"):
        for url, page in narrowed_to(client, login).items():
            assert f"“人员”没有“{login}”" in page, url
    assert all(f"人员：{colleague.name}" in page for page in narrowed_to(client, colleague.username).values())
