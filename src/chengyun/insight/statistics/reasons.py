"""Why cases were returned or had to be done again: the words given, those that were said most first."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chengyun.casework.cases.models import Step
from chengyun.insight.figures.measuring import Question
from chengyun.insight.statistics.narrowing import narrowed

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

RETURNED: Final = ("apply_return",)
REWORKED: Final = ("check_fail", "rework")
KINDS: Final = {"returned": RETURNED, "reworked": REWORKED}
AT_ONCE: Final = 2_000
# Of the newest so many steps; more say the same.
MOST_STEPS: Final = 20_000
MOST: Final = 10


@dataclass(frozen=True)
class Reason:
    words: str
    times: int

    @property
    def mark(self) -> str:
        """Stands for the words in addresses, which are logged: what somebody wrote may name people."""
        return mark_of(self.words)


def mark_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def most_said(session: Session, question: Question, verbs: Sequence[str]) -> list[Reason]:
    """Free words, compared as they were written. The facts know which steps count, the database what was said."""
    counts = Counter(words for _case, words in _said(session, question, verbs))
    return [Reason(words, times) for words, times in counts.most_common(MOST)]


def behind(session: Session, question: Question, verbs: Sequence[str], mark: str) -> tuple[str, dict[int, int]]:
    """The words of this mark, blank where nobody said them, and the cases of which they were said, with how often."""
    found = [(case, words) for case, words in _said(session, question, verbs) if mark_of(words) == mark]
    return (found[0][1] if found else ""), dict(Counter(case for case, _words in found))


def _said(session: Session, question: Question, verbs: Sequence[str]) -> Iterator[tuple[int, str]]:
    steps = _steps(session, question, verbs)
    for start in range(0, len(steps), AT_ONCE):
        part = set(steps[start : start + AT_ONCE])
        rows = Step.objects.filter(case__in={case for case, _seq in part}, verb__in=verbs)
        for case, seq, note in rows.values_list("case_id", "seq", "note"):
            if (case, seq) in part and (words := note.strip()):
                yield case, words


def _steps(session: Session, question: Question, verbs: Sequence[str]) -> list[tuple[int, int]]:
    condition, parameters = narrowed("steps", "f.at", question)
    sql = f"""SELECT f.case_id, f.seq FROM steps f JOIN cases c USING (case_id)
               WHERE f.at >= $since AND f.at < $until AND {condition} AND NOT f.is_undone
                 AND list_contains($verbs::VARCHAR[], f.verb)
               ORDER BY f.at DESC, f.case_id LIMIT {MOST_STEPS}"""
    return [(case, seq) for case, seq in session.ask(sql, {**parameters, "verbs": list(verbs)})]
