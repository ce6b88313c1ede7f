"""What differs between two versions, as the pages tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of change; the first of its regions as sentences."""

    title: str
    count: int
    lines: list[str]


def told_changes(found: Mapping[str, Any]) -> list[Change]:
    if not found:
        return []
    return [
        _change(_("新增"), found["new"]),
        _change(_("撤销"), found["gone"]),
        _change(_("边界移动超过 5 米"), [_moved(code, metres) for code, metres in found["moved"].items()]),
        _change(_("面积变化超过百分之一"), [f"{code}：{share:+.1%}" for code, share in found["area"].items()]),
        _change(_("改名"), [f"{code}：{old} → {new}" for code, (old, new) in found["renamed"].items()]),
    ]


def _change(title: str, lines: list[str]) -> Change:
    return Change(title, len(lines), lines[:SHOWN])


def _moved(code: str, metres: float) -> str:
    return _("%(code)s：%(metres).0f 米") % {"code": code, "metres": metres}
