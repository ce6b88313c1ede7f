"""Whole numbers as they come in addresses and forms: some digits and nothing else."""

from __future__ import annotations

from typing import Final

# As many as a 64-bit key holds, whatever they are.
OF_A_KEY: Final = 18


def whole(text: str | None, *, most: int = OF_A_KEY) -> int | None:
    """The number, or None for what is none: a sign, a blank, other digits than ours, or more than `most` of them."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= most else None
