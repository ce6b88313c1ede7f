from __future__ import annotations

import enum
from dataclasses import asdict, dataclass


class Level(enum.StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """`code` names the check for programs and never changes; `said` is one sentence, `remedy` what to do now."""

    code: str
    level: Level
    said: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def ok(code: str, said: str) -> Finding:
    return Finding(code, Level.OK, said)


def warning(code: str, said: str, remedy: str) -> Finding:
    return Finding(code, Level.WARNING, said, remedy)


def fault(code: str, said: str, remedy: str) -> Finding:
    return Finding(code, Level.FAULT, said, remedy)
