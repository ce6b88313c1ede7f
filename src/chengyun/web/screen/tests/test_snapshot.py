"""What the screen shows, made once for all who may see the same."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re

from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.urgent.handlers import follow
from chengyun.casework.urgent.models import Alert
from chengyun.casework.urgent.services import acknowledge
from chengyun.core import declarations, instants
from chengyun.core.declarations import ScreenTile
from chengyun.core.models import Event
from chengyun.web.screen import snapshot
from chengyun.web.screen.snapshot import snapshot_for


def shown(county, name="leader"):
    return json.loads(gzip.decompress(snapshot_for(county.actor(name))[0].body))


def numbers(data, tile):
    """By row: the numbers written there."""
    return {row["title"]: [cell["text"] for cell in row["cells"]] for row in data["tiles"][tile]["rows"]}


def test_a_new_case_is_in_the_next_snapshot(county):
    before = shown(county)
    county.walk(county.report(lon=117.1, lat=37.2), "file")
    after = shown(county)
    assert before["version"] != after["version"]
    assert numbers(before, "totals")["立案数"] == ["0", "0", "0"]
    assert numbers(after, "totals")["立案数"] == ["1", "1", "1"]
    assert after["points"]["lamp"] == ["green"]
    assert [row["state"] for row in after["tiles"]["ticker"]["rows"]] == ["立案", "受理", "上报"]


def test_an_empty_county_shows_noughts_and_dashes(county):
    data = shown(county)
    assert [cell["text"] for cell in data["tiles"]["lamps"]["cells"]] == ["0", "0", "0", "0"]
    assert numbers(data, "rates")["结案率"] == ["—", "—"]
    assert data["tiles"]["departments"]["rows"] == []
    assert data["tiles"]["ticker"]["rows"] == [] and data["tiles"]["ticker"]["empty"]
    assert not any(tile.get("fault") for tile in data["tiles"].values())


def test_every_number_has_a_unit_and_the_address_of_its_cases(county):
    county.walk(county.report(), "dispatch")
    data = json.dumps(shown(county)["tiles"])
    cells = re.findall(r'\{[^{}]*"text"[^{}]*\}', data)
    assert len(cells) > 20
    assert all(json.loads(cell)["href"].startswith("/figures/") for cell in cells)


def test_all_who_see_every_case_share_one_snapshot(county, monkeypatch):
    made = []
    make = snapshot.make
    monkeypatch.setattr(snapshot, "make", lambda *all_of_it: made.append(1) or make(*all_of_it))
    county.report()
    found = {snapshot_for(county.actor(name))[0].version for name in ("leader", "chief", "receiver", "evaluator") * 5}
    assert len(found) == len(made) == 1


def test_a_department_counts_its_own_cases_alone(county):
    county.walk(county.report(), "dispatch")
    county.walk(county.report(), "dispatch", county.market)
    assert numbers(shown(county), "totals")["立案数"][0] == "2"
    assert numbers(shown(county, "market"), "totals")["立案数"][0] == "1"
    assert len(shown(county, "market")["tiles"]["ticker"]["rows"]) == 4


def test_the_first_question_after_midnight_is_another_days(county):
    county.walk(county.report(), "file")
    assert numbers(shown(county), "totals")["立案数"] == ["1", "1", "1"]
    with instants.at(MONDAY + dt.timedelta(days=1)):
        assert numbers(shown(county), "totals")["立案数"] == ["0", "1", "1"]


def test_lamps_turn_though_nothing_happens(county, monkeypatch):
    county.walk(county.report(), "dispatch")
    assert shown(county)["tiles"]["late-cases"]["rows"] == []
    monkeypatch.setattr(snapshot, "OLDEST_S", 0.0)
    with instants.at(MONDAY + dt.timedelta(hours=9)):
        [late] = shown(county)["tiles"]["late-cases"]["rows"]
    assert late["title"] == "暴露垃圾" and late["state"].startswith("超 ")


def test_an_urgent_case_rings_until_somebody_knows(county):
    case = county.report(is_urgent=True)
    assert [line["href"] for line in shown(county)["alarms"]] == [case.get_absolute_url()]
    assert shown(county, "market")["alarms"] == []
    follow(list(Event.objects.filter(kind="report.received")))
    acknowledge(Alert.objects.get(case=case).pk, by=county.actor("receiver"))
    assert shown(county)["alarms"] == []


def test_a_tile_that_fails_does_not_take_the_wall_with_it(county, monkeypatch):
    def fails(seen):
        raise RuntimeError("no lamps today")

    added = [
        ScreenTile("broken", "坏", "bars", fails),
        ScreenTile("secret", "密", "bars", dict, roles=frozenset({"x"})),
    ]
    monkeypatch.setattr(declarations, "_all", lambda known=tuple(declarations._all()): [*known, *added])
    tiles = shown(county)["tiles"]
    assert tiles["broken"] == {"fault": True}
    assert "secret" not in tiles
    assert not tiles["totals"].get("fault")
