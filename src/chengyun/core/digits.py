"""Whole numbers as they come in addresses and forms: some digits and nothing else."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

# As many as a 64-bit key holds, whatever they are.
OF_A_KEY: Final = 18


def whole(text: str | None, *, most: int = OF_A_KEY) -> int | None:
    """The number, or None for what is none: a sign, a blank, other digits than ours, or more than `most` of them."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= most else None


def cursor(text: str, *, field: str) -> int | None:
    """Where a program goes on in a list; blank begins it. Raises UserError for a damaged one: whoever goes on by it
    would be given the first page for ever."""
    key = whole(text)
    if text and key is None:
        said = {"field": field, "text": text[:20]}
        raise UserError(_("%(field)s 应是上一页给出的 next，“%(text)s”不是；不填则从最新的开始") % said, field=field)
    return key
