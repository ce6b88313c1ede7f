"""Filters and tags of the looks: times, durations, lamps, icons, figures, and the parts of a form field."""

from __future__ import annotations

import datetime as dt
import html
import math
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from chengyun.core.instants import SHANGHAI, now
from chengyun.core.worktime.units import Unit
from chengyun.ui.shaped import Composite

register = template.Library()

HOUR, DAY = 3600, 86400
# One eighth of an em wide; narrower than a space, and a figure never breaks at it.
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"

UNIT_NAMES: dict[str, Promise] = {
    Unit.URGENT_HOUR: gettext_lazy("紧急工作时"),
    Unit.URGENT_DAY: gettext_lazy("紧急工作日"),
    Unit.WORKING_HOUR: gettext_lazy("工作时"),
    Unit.WORKING_DAY: gettext_lazy("工作日"),
    Unit.STATUTORY_DAY: gettext_lazy("法定工作日"),
}
# Seconds in one unit, and seconds that read as «天» in it: a working day is eight working hours; hours stay hours.
UNIT_SECONDS: dict[str, tuple[int, int]] = {
    Unit.URGENT_HOUR: (HOUR, DAY),
    Unit.URGENT_DAY: (DAY, DAY),
    Unit.WORKING_HOUR: (HOUR, 0),
    Unit.WORKING_DAY: (8 * HOUR, 8 * HOUR),
    Unit.STATUTORY_DAY: (DAY, DAY),
}
LAMP_NAMES: dict[str, Promise] = {
    "green": gettext_lazy("按时"),
    "yellow": gettext_lazy("临期"),
    "red": gettext_lazy("超时"),
    "grey": gettext_lazy("暂停"),
    "none": gettext_lazy("未计时"),
}


# Times


@register.filter
def local_time(moment: dt.datetime | None) -> str:
    """2025-11-22 14:05 in Asia/Shanghai; the year is left out when it is this year."""
    if moment is None:
        return ""
    here = moment.astimezone(SHANGHAI)
    return here.strftime("%m-%d %H:%M" if here.year == now().astimezone(SHANGHAI).year else "%Y-%m-%d %H:%M")


@register.filter
def local_date(day: dt.date | dt.datetime | None) -> str:
    if day is None:
        return ""
    here = day.astimezone(SHANGHAI) if isinstance(day, dt.datetime) else day
    return here.strftime("%m-%d" if here.year == now().astimezone(SHANGHAI).year else "%Y-%m-%d")


@register.filter
def iso(moment: dt.datetime | None) -> str:
    return moment.isoformat() if moment else ""


@register.filter
def duration(seconds: float | Decimal | dt.timedelta | None, day: int = DAY) -> str:
    """3 小时 20 分; two parts at most. `day` is how many seconds read as a day, 0 keeps hours."""
    if seconds is None:
        return ""
    size = abs(math.floor(seconds.total_seconds() if isinstance(seconds, dt.timedelta) else seconds))
    days, rest = divmod(size, day) if day else (0, size)
    hours, minutes = rest // HOUR, rest % HOUR // 60
    parts = [(days, _("天")), (hours, _("小时"))] if days else [(hours, _("小时")), (minutes, _("分"))]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or _("不到 1 分")


@register.filter
def unit_name(unit: str) -> str:
    return str(UNIT_NAMES.get(unit, ""))


@register.filter
def limit(amount: Decimal | float, unit: str) -> str:
    """2 工作时"""
    return f"{Decimal(str(amount)).normalize():f} {unit_name(unit)}"


@register.simple_tag
def remaining_text(amount: Decimal | float, unit: str) -> str:
    """剩 3 小时 20 分, or 超 1 天 2 小时; `amount` is counted in `unit`, negative when overdue."""
    each, day = UNIT_SECONDS.get(unit, (1, DAY))
    seconds = float(amount) * each
    if abs(seconds) < 60:
        return _("刚超时") if seconds < 0 else _("不到 1 分")
    sentence = _("超 %(time)s") if seconds < 0 else _("剩 %(time)s")
    return sentence % {"time": duration(seconds, day)}


# Lists show these two a hundred times on a page: put together in Python they cost a fifth of what templates do.
# Read on first use: a template asked for while tag modules are being imported leaves out those that are half imported.
@cache
def lamp_mark() -> SafeString:
    return mark_safe(get_template("ui/_lamp_mark.html").render().strip())


@register.simple_tag
def remaining(
    colour: str,
    amount: Decimal | float,
    unit: str = Unit.URGENT_HOUR,
    *,
    due_at: dt.datetime | None = None,
    yellow_at: dt.datetime | None = None,
    ticks: bool = False,
    size: str = "",
    say_unit: bool = False,
) -> SafeString:
    """The lamp and remaining time of a clock, kept going by <relative-time>.

    `ticks`: the clock runs at this moment (working time rests at night).
    """
    each, day = UNIT_SECONDS.get(unit, (1, DAY))
    times = "".join(
        f' data-{name}="{iso(moment)}"' for name, moment in (("yellow-at", yellow_at), ("due-at", due_at)) if moment
    )
    ticking = " data-ticks" if ticks and colour != "grey" else ""
    # Numbers and instants need no escaping; what does is escaped once for all rows.
    return mark_safe(
        f'<relative-time class="{escape(_lamp_class(colour, size))}" title="{escape(LAMP_NAMES.get(colour, ""))}"'
        f' data-remaining="{math.floor(float(amount) * each)}" data-day="{day}"{times}'
        f' data-words="{_ticking_words(get_language())}"{ticking}>{lamp_mark()}<span class="lamp-text">'
        f'<span class="lamp-time">{escape(remaining_text(amount, unit))}</span>'
        f"{f'<small>（{escape(unit_name(unit))}）</small>' if say_unit else ''}</span></relative-time>"
    )


@lru_cache
def _ticking_words(language: str | None) -> SafeString:
    """What <relative-time> says between two polls, in the page's language."""
    hole, units = {"time": "{time}"}, [_("天"), _("小时"), _("分")]
    return escape("|".join([_("剩 %(time)s") % hole, _("超 %(time)s") % hole, *units, _("不到 1 分"), _("刚超时")]))


def _lamp_class(colour: str, size: str) -> str:
    return f"lamp lamp-{colour}{f' lamp-{size}' if size else ''}"


# Lamps, icons, figures


@register.simple_tag
def lamp(colour: str, text: str = "", *, size: str = "") -> SafeString:
    """A lamp: shape, colour, and words for those who hear the page."""
    name = LAMP_NAMES.get(colour, "")
    return format_html(
        '<span class="{}" title="{}">{}<span class="lamp-text">{}</span></span>',
        _lamp_class(colour, size) + ("" if text else " lamp-only"),
        name,
        lamp_mark(),
        text or name,
    )


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, extra: str = "") -> SafeString | str:
    """A Tabler icon of the sprite; decoration only, words stand beside it or in aria-label."""
    if not name:
        return ""
    address = f"{static('vendor/tabler/icons.svg')}#{name}"
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}"/></svg>', extra, address)


@register.filter
def grouped(number: float | Decimal | None) -> str:
    """12 345.6, grouped by thin spaces."""
    return "" if number is None else f"{number:,}".replace(",", THIN_SPACE)


@register.filter
def counted(number: int, most: int = 10000) -> str:
    """Counts stop at `most`: 10 000+."""
    return f"{grouped(most)}+" if number >= most else grouped(number)


@register.simple_tag
def constant(name: str) -> SafeString:
    """A template that says the same on every page: made once."""
    return _constant(name, get_language())


@lru_cache
def _constant(name: str, language: str | None) -> SafeString:
    return render_to_string(name)


# Form fields


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = None) -> SafeString:
    """The choices of a <select>; a county has hundreds, and a page several such lists."""
    marked = "" if chosen is None else str(chosen)
    return mark_safe(
        "".join(
            f'<option value="{html.escape(str(value))}"{" selected" if str(value) == marked else ""}>'
            f"{html.escape(str(title))}</option>"
            for value, title in choices
        )
    )


@register.filter
def described(field: BoundField) -> SafeString:
    """The widget, tied to its rule and its fault."""
    parts = [(bool(field.help_text), "rule"), (bool(field.errors), "fault")]
    names = [f"{field.auto_id}_{part}" for present, part in parts if present]
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(names)} if names else {}
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_choice_group(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_composite(field: BoundField) -> bool:
    """Several controls that make one value."""
    return isinstance(field.field.widget, Composite)


@register.filter
def is_photo(field: BoundField) -> bool:
    accept = str(field.field.widget.attrs.get("accept", ""))
    return isinstance(field.field.widget, forms.FileInput) and accept.startswith("image")


@register.filter
def is_place(field: BoundField) -> bool:
    """«lon,lat», picked on a map."""
    return "data-place" in field.field.widget.attrs


@register.filter
def is_area(field: BoundField) -> bool:
    """Corners of an area, drawn on a map."""
    return "data-area" in field.field.widget.attrs and not field.field.disabled


@register.filter
def is_long_choice(field: BoundField) -> bool:
    """So many choices that one is found by typing, or several in a frame that scrolls."""
    widget = field.field.widget
    if not isinstance(widget, forms.widgets.ChoiceWidget) or isinstance(widget, forms.SelectMultiple):
        return False
    return sum(len(title) if isinstance(title, list | tuple) else 1 for _value, title in widget.choices) > 12


@register.filter
def is_wide(field: BoundField) -> bool:
    """Long texts, choices and files take the whole line of a grid."""
    wide = Composite | forms.Textarea | forms.FileInput | forms.RadioSelect | forms.CheckboxSelectMultiple
    return isinstance(field.field.widget, wide) and not isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def unit(attrs: dict[str, Any]) -> str:
    return str(attrs.get("data-unit", ""))
