"""What is asked again and again is asked of new files before these answer anybody.

Apart from the session, so that whoever asks can say so without the extra `insight`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

# Asks a session over new files; nothing of the database, for it runs in a thread of its own.
Rehearsal = Callable[["Session"], None]

_asked: list[Callable[[], Rehearsal | None]] = []


def before_served(asked: Callable[[], Rehearsal | None]) -> None:
    """`asked` gives what is to be rehearsed now, or None where nobody asks anything again and again."""
    _asked.append(asked)


def wanted() -> list[Rehearsal]:
    return [found for each in _asked if (found := each())]
