from __future__ import annotations

import numpy as np
import pytest

from chengyun.insight.statistics import risk
from chengyun.insight.statistics.risk import GROUPS, Cases


def drawn(seed, count=2000, effect=2.5):
    """One class and a full department make cases late, the rest is chance."""
    chance = np.random.default_rng(seed)
    classes = chance.choice(["quick", "slow"], count)
    load = chance.poisson(5, count).astype(float)
    keys = {name: [str(each) for each in chance.integers(0, 4, count)] for name in GROUPS}
    keys["class"] = classes.tolist()
    odds = -2.5 + effect * (classes == "slow") + 0.1 * effect * (load - 5)
    late = chance.random(count) < 1 / (1 + np.exp(-odds))
    return Cases(keys, load), late


def test_it_tells_late_from_in_time_better_than_the_common_rate():
    judged = risk.judged(*drawn(1))
    assert judged.is_better and judged.auc > 0.7
    assert judged.brier < judged.base_brier * 0.95


def test_where_all_is_chance_it_does_not_pretend():
    judged = [risk.judged(*drawn(seed, effect=0)) for seed in range(8)]
    assert abs(np.mean([each.auc for each in judged]) - 0.5) < 0.05
    assert all(each.brier < each.base_brier * 1.03 for each in judged)


def test_the_reason_is_what_makes_it_late():
    cases, late = drawn(2)
    model = risk.learn(cases, late)
    told = risk.explained(model, cases)
    worst = max(told, key=lambda each: each.chance)
    assert (worst.reasons[0].group, worst.reasons[0].key) == ("class", "slow")
    slow = np.array([key == "slow" for key in cases.keys["class"]])
    assert worst.reasons[0].rate == pytest.approx(late[slow].mean())
    assert worst.reasons[0].count == slow.sum()


def test_the_held_out_part_is_not_learnt_from():
    cases, late = drawn(3)
    border = int(len(cases) * (1 - risk.HELD_OUT))
    changed = late.copy()
    changed[border:] = ~changed[border:]
    model = risk.learn(cases.part(slice(0, border)), late[:border])
    assert risk.judged(cases, late).auc == pytest.approx(1 - risk.judged(cases, changed).auc)
    assert risk.auc(risk.chances(model, cases.part(slice(border, None))), late[border:]) == risk.judged(cases, late).auc


def test_unknown_keys_have_the_common_risk_and_a_model_survives_being_stored():
    cases, late = drawn(4)
    model = risk.from_json(risk.to_json(risk.learn(cases, late)))
    assert risk.chances(model, cases) == pytest.approx(risk.chances(risk.learn(cases, late), cases))
    strange = Cases({name: ["never seen"] for name in GROUPS}, np.array([5.0]))
    assert risk.explained(model, strange)[0].reasons == ()


def test_too_few_or_none_late_cannot_be_judged():
    cases, late = drawn(5, count=100)
    assert risk.judged(cases, late) is None
    cases, late = drawn(5)
    assert risk.judged(cases, np.zeros_like(late)) is None


def test_auc_counts_equal_ones_half():
    late = np.array([True, False, True, False])
    assert risk.auc(np.array([0.9, 0.1, 0.8, 0.2]), late) == 1
    assert risk.auc(np.array([0.5, 0.5, 0.5, 0.5]), late) == 0.5
