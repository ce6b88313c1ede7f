"""A template filled once."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from docxtpl import DocxTemplate

from chengyun.casework.papers.sandbox import WordsOnly

_DIGITS: Final = "〇一二三四五六七八九"


def filled_in(template: bytes, words: Mapping[str, Any], sandbox: WordsOnly) -> bytes:
    """The Word file. Raises what a template raises that is no template; one that was uploaded was tried before."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(words), jinja_env=sandbox, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class Headings:
    """`nth()` of a template: 一、 二、 三、"""

    def __init__(self) -> None:
        self.count = 0

    def nth(self) -> str:
        self.count += 1
        return f"{numeral(self.count)}、"


def numeral(number: int) -> str:
    """一 … 九十九."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"
