"""The words under which Chinese text is found: pure functions, no database.

Database engines split Chinese badly (FTS5's own tokenizers find nothing for «路灯»), so the terms are made here and
both engines only store them:

- a run of Han characters or kana gives its overlapping pairs and its last character alone: 路灯坏 → 路灯 灯坏 坏.
  So every character starts at least one term, and one character is found by prefix;
- a run of letters and digits is one lower-case word: 370126, g2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Characters that are read. No more terms than characters come of it, and PostgreSQL clips word positions at 16,383:
# behind that neighbours could no longer be told apart.
MAX_TEXT = 16_000
# PostgreSQL refuses lexemes over 2 KB, and nobody searches by the end of such a word.
MAX_WORD = 64
# Enough for a pasted sentence; a longer query only repeats itself.
MAX_QUERY = 80

# Controls, invisible format characters, variation selectors, lone surrogates: they print nothing and split words.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_CJK = "\u3005\u3007\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(f"(?P<cjk>[{_CJK}]+)|(?P<word>[^\\W_{_CJK}]+)")


@dataclass(frozen=True)
class QueryTerm:
    """Words that stand side by side in what is sought; the last may be the beginning of a longer one."""

    words: tuple[str, ...]
    prefix: bool = False


def normalise(text: str) -> str:
    """One spelling for what looks alike: half width, lower case, single spaces, nothing invisible."""
    visible = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def terms(text: str) -> list[str]:
    """The terms of `text` in their order, for an index."""
    found: list[str] = []
    for cjk, word in _runs(normalise(text[: MAX_TEXT * 4])[:MAX_TEXT]):
        found += [*_pairs(cjk), cjk[-1]] if cjk else [word[:MAX_WORD]]
    return found


def query_terms(query: str) -> list[QueryTerm]:
    """What a text must hold to answer `query`: every one of these. Empty when the query holds no word."""
    found: dict[QueryTerm, None] = {}
    for cjk, word in _runs(normalise(query[: MAX_QUERY * 4])[:MAX_QUERY]):
        if len(cjk) > 1:
            found[QueryTerm(tuple(_pairs(cjk)))] = None
        else:
            found[QueryTerm((cjk or word[:MAX_WORD],), prefix=True)] = None
    return list(found)


def _runs(normalised: str) -> Iterator[tuple[str, str]]:
    return ((match["cjk"] or "", match["word"] or "") for match in _RUN.finditer(normalised))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
