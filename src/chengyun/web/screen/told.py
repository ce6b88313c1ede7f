"""Figures as the screen writes them: short, grouped, with unit, period and the address of the cases behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chengyun.insight.figures.indicator import PER_CENT, Indicator
from chengyun.insight.figures.links import figure_address
from chengyun.insight.figures.measuring import Figure, Value
from chengyun.ui.templatetags.ui_tags import grouped
from chengyun.web.screen.looking import Span

DASH = "—"
# From here on a wall shows ten thousands: three numbers of five digits do not stand beside each other.
LONG = 10_000


def cell(figure: Figure, key: Sequence[Any] | None = None) -> dict[str, Any]:
    """One number: what is written, exactly how much, and where its cases are."""
    value = figure.total if key is None else figure.groups[tuple(key)]
    return {
        **written(figure.indicator, value.value),
        "exact": exact(figure.indicator, value),
        "href": figure_address(figure, key),
    }


def written(indicator: Indicator, value: float | None) -> dict[str, str]:
    unit = str(indicator.unit)
    if value is None:
        return {"text": DASH, "unit": ""}
    if is_whole(indicator):
        return {"text": grouped(round(value)), "unit": unit} if value < LONG else _shortened(value, unit)
    return {"text": grouped(float(f"{value:.1f}")), "unit": unit}


def _shortened(value: float, unit: str) -> dict[str, str]:
    if str(get_language()).startswith("zh"):
        return {"text": f"{value / 10_000:.1f}", "unit": "万" + unit}
    return {"text": f"{value / 1000:.0f}", "unit": f"k {unit}"}


def exact(indicator: Indicator, value: Value) -> str:
    if value.value is None:
        return str(_("没有可算的案件"))
    if indicator.is_share:
        return f"{grouped(round(value.numerator))} / {grouped(round(value.denominator or 0))}"
    return f"{grouped(round(value.value, 1 if indicator.over else None))} {indicator.unit}"


def is_whole(indicator: Indicator) -> bool:
    return indicator.over is None and not indicator.of.amount


def change(now: Figure, before: Figure, span: Span) -> dict[str, str] | None:
    """Against the stretch before; none where either is no figure. No colours: red and green mean late and on time."""
    if now.total.value is None or before.total.value is None:
        return None
    by = round(now.total.value, 1) - round(before.total.value, 1)
    size = grouped(round(abs(by))) if is_whole(now.indicator) else f"{abs(by):.1f}"
    unit = _("个百分点") if str(now.indicator.unit) == PER_CENT else str(now.indicator.unit)
    is_same = not round(by, 0 if is_whole(now.indicator) else 1)
    size = _("持平") if is_same else f"{'+' if by > 0 else '−'}{size} {unit}"
    return {"words": f"{span.compared} {size}", "size": size}


def names(figure: Figure) -> Mapping[Any, str]:
    """Of the keys of its first dimension."""
    found = {key[0] for key in figure.groups if key[0] not in (None, "")}
    return {None: _("未定"), "": _("未定"), **{key: str(name) for key, name in figure.by[0].names(found).items()}}
