"""What a figure can be at all, whether somebody wants it or gives it by hand."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from chengyun.core.declarations import Text


def why_impossible(title: Text, value: float | Decimal, *, share: bool, whole: bool) -> str:
    """Blank where the value can be. `share` is one in per cent, `whole` a count of things."""
    if value < 0:
        return _("“%s”不能小于 0") % title
    if share and value > 100:
        return _("“%s”是百分比，应在 0 到 100 之间") % title
    if whole and value != int(value):
        return _("“%s”按个数计，应是整数") % title
    return ""
