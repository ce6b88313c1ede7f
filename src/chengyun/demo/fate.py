"""What will befall a case, drawn before it begins: shares that a county of this size could have had."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

ON_SPOT_OF_COLLECTORS = 0.145
NEEDS_VERIFYING = {"hotline": 0.5, "public": 0.6, "video": 0.2, "media": 0.6, "drone": 0.2}


@dataclass(frozen=True)
class Fate:
    """The plain way is all false; `pace` is the share of the handling limit that is used when it is handed back."""

    verified: bool = False
    given_back: bool = False
    corrected: bool = False
    on_spot: bool = False
    refused: bool = False
    declined: bool = False
    voided: bool = False
    returned: bool = False
    return_denied: bool = False
    disputed: bool = False
    recalled: bool = False
    extended: bool = False
    request_denied: bool = False
    suspended: bool = False
    stays_suspended: bool = False
    co_handled: bool = False
    reworked: bool = False
    supervised: bool = False
    instructed: bool = False
    appealed: bool = False
    pace: float = 0.5


def draw_fate(random: Random, source: str) -> Fate:
    def chance(share: float) -> bool:
        return random.random() < share

    if source == "collector" and chance(ON_SPOT_OF_COLLECTORS):
        return Fate(on_spot=True)
    is_late = chance(0.028)
    return Fate(
        verified=chance(NEEDS_VERIFYING.get(source, 0)),
        given_back=chance(0.008),
        corrected=chance(0.01),
        returned=chance(0.036),
        return_denied=chance(0.006),
        disputed=chance(0.06),
        recalled=chance(0.004),
        extended=not is_late and chance(0.034),
        request_denied=chance(0.12),
        suspended=not is_late and chance(0.011),
        co_handled=chance(0.5),
        reworked=chance(0.062),
        supervised=chance(0.2 if is_late else 0.012),
        instructed=chance(0.05 if source == "leader" else 0.004),
        appealed=chance(0.2),
        pace=random.uniform(1.05, 2.2) if is_late else min(0.96, random.betavariate(1.6, 2.2)),
    )


def hurried(fate: Fate, random: Random) -> Fate:
    """The same case when the end of the year is near: nothing that takes long."""
    return replace(
        fate,
        returned=False,
        return_denied=False,
        disputed=False,
        extended=False,
        suspended=False,
        reworked=False,
        supervised=False,
        appealed=False,
        pace=random.uniform(0.03, 0.3),
    )
