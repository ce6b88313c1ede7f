"""The scenes that the wall goes through: which tiles stand around the map, and which cases are on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Scene:
    key: str
    title: str
    # Of the cases on the map those with this lamp; blank: all.
    lamp: str = ""


def scenes() -> list[Scene]:
    return [
        Scene("overview", _("总览")),
        Scene("departments", _("部门")),
        Scene("townships", _("乡镇街道")),
        Scene("late", _("当前超期"), "red"),
    ]
