"""The risk that a case will be handled late, learnt from what became of others. Pure, numpy alone.

For each of its class, department, township, source, hour and weekday a case has the rate at which such cases were
late, drawn towards the common rate where they are few (empirical Bayes: as if `PRIOR` more had come at that rate).
A logistic regression weighs these and the load of the department at filing. While learning, a case does not know its
own outcome: it is taken out of its own rates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

GROUPS: Final = ("class", "department", "township", "source", "hour", "weekday")
PRIOR: Final = 20.0
RIDGE: Final = 5.0
STEPS: Final = 30
# The last part of the time, by which the model is judged: it has learnt from what came before.
HELD_OUT: Final = 0.3
FEWEST: Final = 200
# What moves the risk less than this is no reason.
TELLING: Final = 0.15


@dataclass(frozen=True)
class Cases:
    """Columns: the keys of each case in each group, the department's open cases when it was filed."""

    keys: Mapping[str, Sequence[str]]
    load: Numbers

    def __len__(self) -> int:
        return len(self.load)

    def part(self, rows: slice) -> Cases:
        return Cases({name: keys[rows] for name, keys in self.keys.items()}, self.load[rows])


@dataclass(frozen=True)
class Model:
    base: float
    # Of each group's keys: how many there were, how many of them late.
    counts: Mapping[str, Mapping[str, tuple[int, int]]]
    weights: Sequence[float]  # constant, groups, load
    mean_load: float


@dataclass(frozen=True)
class Judged:
    """On the held-out part: how well late was told from not late, and how far off, beside the common rate alone."""

    learnt: int
    judged: int
    late: int
    auc: float
    brier: float
    base_brier: float

    @property
    def is_better(self) -> bool:
        return self.brier < self.base_brier and self.auc > 0.5


@dataclass(frozen=True)
class Reason:
    group: str
    key: str
    count: int
    rate: float
    weight: float


@dataclass(frozen=True)
class Risk:
    chance: float
    reasons: tuple[Reason, ...]
    # The reason «the department has more open cases than usual», by its weight.
    load: float = 0
    load_weight: float = 0


def learn(cases: Cases, late: NDArray[np.bool_]) -> Model:
    base = float(np.clip(late.mean(), 0.001, 0.999))
    counts = {name: _counted(keys, late) for name, keys in cases.keys.items()}
    mean_load = float(np.log1p(cases.load).mean())
    columns = [_logits(counts[name], cases.keys[name], base, late) for name in GROUPS]
    x = np.column_stack([np.ones(len(cases)), *columns, np.log1p(cases.load) - mean_load])
    return Model(base, counts, _fitted(x, late.astype(float)).tolist(), mean_load)


def chances(model: Model, cases: Cases) -> Numbers:
    return _logistic(_features(model, cases) @ np.array(model.weights))


def explained(model: Model, cases: Cases) -> list[Risk]:
    """Each case's risk with what drives it up, the strongest first."""
    x = _features(model, cases)
    parts = x * np.array(model.weights)
    found = []
    for row, (chance, weights) in enumerate(zip(_logistic(parts.sum(axis=1)), parts, strict=True)):
        reasons = [_reason(model, name, cases.keys[name][row], weights[1 + place]) for place, name in enumerate(GROUPS)]
        telling = sorted((each for each in reasons if each.weight > TELLING), key=lambda each: -each.weight)
        found.append(Risk(float(chance), tuple(telling[:3]), float(cases.load[row]), float(weights[-1])))
    return found


def judged(cases: Cases, late: NDArray[np.bool_]) -> Judged | None:
    """`cases` are in the order of time. None where there are too few, or none late, to judge by."""
    border = int(len(cases) * (1 - HELD_OUT))
    before, after = slice(0, border), slice(border, len(cases))
    if len(cases) < FEWEST or not late[before].sum() > 0 or not 0 < late[after].sum() < len(cases) - border:
        return None
    told = chances(learn(cases.part(before), late[before]), cases.part(after))
    came = late[after]
    base = late[before].mean()
    return Judged(
        border, int(len(came)), int(came.sum()), auc(told, came), float(((told - came) ** 2).mean()),
        float(((base - came) ** 2).mean()),
    )  # fmt: skip


def auc(told: Numbers, came: NDArray[np.bool_]) -> float:
    """How often a late case was given more risk than one in time; equal ones count half."""
    _values, place, size = np.unique(told, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(size) - (size - 1) / 2)[place]
    positive, negative = int(came.sum()), int((~came).sum())
    return float((ranks[came].sum() - positive * (positive + 1) / 2) / (positive * negative))


def to_json(model: Model) -> dict[str, Any]:
    return asdict(model)


def from_json(plain: Mapping[str, Any]) -> Model:
    counts = {name: {key: (n, k) for key, (n, k) in keys.items()} for name, keys in plain["counts"].items()}
    return Model(plain["base"], counts, plain["weights"], plain["mean_load"])


# --- parts ------------------------------------------------------------------------------------------------------------


def _counted(keys: Sequence[str], late: NDArray[np.bool_]) -> dict[str, tuple[int, int]]:
    known, place = np.unique(np.array(keys, dtype=str), return_inverse=True)
    sizes = np.bincount(place, minlength=len(known))
    lates = np.bincount(place, weights=late, minlength=len(known))
    return {str(key): (int(n), int(k)) for key, n, k in zip(known, sizes, lates, strict=True)}


def _logits(
    counts: Mapping[str, tuple[int, int]], keys: Sequence[str], base: float, own: NDArray[np.bool_] | None = None
) -> Numbers:
    """How far the group's rate lies from that of all, in log-odds; `own` outcomes are taken out of it."""
    pairs = np.array([counts.get(key, (0, 0)) for key in keys], dtype=float).reshape(-1, 2)
    out = np.zeros(len(keys)) if own is None else own.astype(float)
    size = pairs[:, 0] - (0 if own is None else 1)
    rate = (pairs[:, 1] - out + PRIOR * base) / (size + PRIOR)
    return np.asarray(_logit(rate) - _logit(np.array(base)))


def _features(model: Model, cases: Cases) -> Numbers:
    columns = [_logits(model.counts[name], cases.keys[name], model.base) for name in GROUPS]
    return np.column_stack([np.ones(len(cases)), *columns, np.log1p(cases.load) - model.mean_load])


def _fitted(x: Numbers, y: Numbers) -> Numbers:
    """Newton's steps to the maximum of the likelihood, the weights held small; the constant is free."""
    weights = np.zeros(x.shape[1])
    weights[0] = _logit(np.array(np.clip(y.mean(), 0.001, 0.999)))
    held = RIDGE * np.eye(x.shape[1])
    held[0, 0] = 1e-6
    for _step in range(STEPS):
        p = _logistic(x @ weights)
        slope = x.T @ (y - p) - held @ weights
        bend = (x * (p * (1 - p))[:, None]).T @ x + held
        move = np.linalg.solve(bend, slope)
        weights += move
        if np.abs(move).max() < 1e-8:
            break
    return weights


def _reason(model: Model, group: str, key: str, weight: float) -> Reason:
    count, late = model.counts[group].get(key, (0, 0))
    return Reason(group, key, count, late / count if count else model.base, float(weight))


def _logit(p: Numbers) -> Numbers:
    return np.asarray(np.log(p / (1 - p)))


def _logistic(z: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))))
