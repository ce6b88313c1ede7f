"""Figures in templates: value and unit, as a link to what is behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import PER_CENT, Indicator
from chengyun.insight.figures.links import figure_address
from chengyun.insight.figures.measuring import Figure, Value
from chengyun.ui.templatetags.ui_tags import THIN_SPACE, grouped

register = template.Library()

NONE = "–"


def number_text(value: float | None, places: int = 2) -> str:
    """5 828, 98.40, or a dash where there is no figure."""
    if value is None:
        return NONE
    rounded = round(float(value), places)
    if rounded == int(rounded):
        return str(grouped(int(rounded)))
    return f"{rounded:,.{places}f}".replace(",", THIN_SPACE)


@register.filter
def figure_number(value: float | None) -> str:
    return number_text(value)


def text_of(value: Value, indicator: Indicator) -> str:
    """With its unit: 98.40%, 5 828 件."""
    if value.value is None:
        return NONE
    between = "" if indicator.unit == PER_CENT else THIN_SPACE
    return f"{number_text(value.value)}{between}{indicator.unit}"


@register.simple_tag
def figure_value(figure: Figure, group: Sequence[Key] | None = None, css: str = "") -> SafeString:
    """The figure, or that of one of its groups; hovering tells of how many, a click opens the cases behind it."""
    value = figure.groups[tuple(group)] if group is not None else figure.total
    return format_html(
        '<a class="figure {}" href="{}" title="{}">{}</a>',
        css, figure_address(figure, group), _reason(value, figure), text_of(value, figure.indicator),
    )  # fmt: skip


def _reason(value: Value, figure: Figure) -> str:
    if value.denominator is None:
        return str(figure.indicator.words)
    if not value.denominator:
        return _("没有可以作分母的案件")
    parts: dict[str, Any] = {"of": number_text(value.numerator), "over": number_text(value.denominator)}
    return _("%(of)s ÷ %(over)s；") % parts + str(figure.indicator.words)
