"""Compares the commitments found in history with the personal values that are there now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from chengyun.core.chained import commitment
from chengyun.core.history.personal import ERASED, Held, PersonalHolder, erasure_chain, holders
from chengyun.core.models import Record

CLAIMS_PER_READ = 500


@dataclass(frozen=True)
class Claim:
    """A row says: the value `name` of `key` was the one behind this hex."""

    key: str
    name: str
    hex: str
    chain: str
    seq: int
    at: dt.datetime

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]


@dataclass(frozen=True)
class Doubt:
    chain: str
    seq: int
    what: str
    kind: str = "personal"


@dataclass
class ClaimChecker:
    """Takes the last claims of each chain and asks the holders in batches.

    A report that moves to another case leaves its old claims behind in the first chain, so a claim that fails is only
    suspected: `settle` reads all claims again and lets the latest one on that value decide.
    """

    reread: Callable[[], Iterable[Claim]]
    waiting: list[Claim] = field(default_factory=list)
    suspected: set[tuple[str, str]] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    def add(self, claims: Iterable[Claim]) -> None:
        self.waiting += claims
        if len(self.waiting) >= CLAIMS_PER_READ:
            self._ask()

    def settle(self) -> Iterator[Doubt]:
        self._ask()
        for kind in sorted(self.unread):
            yield Doubt(kind, 0, _("没有模块声明保管这类个人信息，未核对"), "unread")
        if self.suspected:
            yield from _failing(_latest(self.reread(), self.suspected))

    def _ask(self) -> None:
        known = holders()
        self.unread |= {claim.kind for claim in self.waiting} - known.keys()
        read = [claim for claim in self.waiting if claim.kind in known]
        self.suspected |= {(doubt.key, doubt.name) for doubt, _what in _compare(read, known)}
        self.waiting.clear()


def _latest(claims: Iterable[Claim], wanted: set[tuple[str, str]]) -> list[Claim]:
    latest: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        place = (claim.key, claim.name)
        if place in wanted and (place not in latest or latest[place].at <= claim.at):
            latest[place] = claim
    return list(latest.values())


def _failing(claims: list[Claim]) -> Iterator[Doubt]:
    for start in range(0, len(claims), CLAIMS_PER_READ):
        for claim, what in _compare(claims[start : start + CLAIMS_PER_READ], holders()):
            names = {"key": claim.key, "name": claim.name, "what": what}
            yield Doubt(claim.chain, claim.seq, _("%(key)s 的 %(name)s %(what)s") % names)


def _compare(claims: list[Claim], known: Mapping[str, PersonalHolder]) -> list[tuple[Claim, str]]:
    """The claims that do not hold, and why."""
    held = _held({claim.key for claim in claims}, known)
    absent = {claim.key for claim in claims if not _value(held, claim)}
    erased = _erased(absent)
    problems = [(claim, _problem(claim, held, erased)) for claim in claims]
    return [(claim, problem) for claim, problem in problems if problem]


def _erased(keys: set[str]) -> set[str]:
    chains = {erasure_chain(key): key for key in keys}
    found = Record.objects.filter(chain__in=chains, verb=ERASED).values_list("chain", flat=True)
    return {chains[chain] for chain in found}


def _held(keys: set[str], known: Mapping[str, PersonalHolder]) -> dict[str, Held]:
    by_kind = defaultdict(list)
    for key in sorted(keys):
        by_kind[key.partition(":")[0]].append(key)
    return {key: held for kind, some in by_kind.items() for key, held in known[kind].read(some).items()}


def _value(held: Mapping[str, Held], claim: Claim) -> str:
    return held[claim.key][1].get(claim.name, "") if claim.key in held else ""


def _problem(claim: Claim, held: Mapping[str, Held], erased: set[str]) -> str:
    value = _value(held, claim)
    if not value:
        return "" if claim.key in erased else _("不见了，也没有清除记录")
    return "" if commitment(held[claim.key][0], claim.name, value) == claim.hex else _("被改动")
