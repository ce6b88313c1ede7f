"""Several people write one report's texts: what each of them changed, and where they are in each other's way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def print_of(text: str) -> str:
    """The same for what a browser sends back unchanged: it ends lines its own way."""
    return hashlib.sha256("\n".join(text.strip().splitlines()).encode()).hexdigest()[:16]


def changed(texts: Mapping[str, str], standing: Mapping[str, str], seen: Mapping[str, str]) -> dict[str, str]:
    """The blocks that the writer gave other words than he found (`seen`, the prints of those) and than stand there."""
    given = {key: (text.strip(), print_of(text)) for key, text in texts.items()}
    return {
        key: text
        for key, (text, print_) in given.items()
        if print_ not in (seen.get(key), print_of(standing.get(key, "")))
    }


def overtaken(keys: Mapping[str, str], standing: Mapping[str, str], seen: Mapping[str, str]) -> list[str]:
    """Those of the blocks that somebody else has changed since. Who does not say what he found overwrites."""
    now = {key: print_of(standing.get(key, "")) for key in keys}
    return [key for key in keys if seen.get(key, now[key]) != now[key]]
