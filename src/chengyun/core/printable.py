"""Text for documents: Word and every other XML hold no control characters, which come in by pasting."""

from __future__ import annotations

import re

# Outside of Char, XML 1.0 §2.2. A vertical tab is Word's own line break.
_BREAK = re.compile("[\x0b\x0c]")
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Line ends and other controls, and what turns the direction of all that follows.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


def one_line(text: str) -> str:
    """As a title or the name of a file can have it."""
    return _CONTROLS.sub(" ", text).strip()


def printable(text: str) -> str:
    """The text without what a document cannot hold."""
    return _UNFIT.sub("", _BREAK.sub("\n", text))
