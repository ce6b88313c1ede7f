"""Editors built from shapes (`core.shapes`): a form field of any shape, drawn by what the shape is made of.

Rows are added, removed and moved by buttons named `do`, which send the form back to be drawn anew with nothing saved:
no script is needed, and the keyboard is enough. Names are paths: `value-2-early-from`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chengyun.core import shapes
from chengyun.core.shapes import Draft, Misfit, Shape

DO = "do"
Path = tuple[str, ...] | None


class Composite(forms.Widget):
    """A widget of several controls. `wrong` is the path to the one that a refusal is about."""

    template_name: str
    use_fieldset = True
    wrong: Path = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string(self.template_name, {"name": name, **self.drawn(name, value)})

    def drawn(self, name: str, value: Draft) -> dict[str, Any]:
        raise NotImplementedError

    def id_for_label(self, id_: str | None) -> str:
        return ""


def _control(widget: forms.Widget, name: str, value: Draft, label: str, wrong: Path) -> SafeString:
    """One part inside a composite; `wrong` is blank at the part that is meant."""
    if isinstance(widget, Composite):
        widget.wrong = wrong
    faulty = {"aria-invalid": "true"} if wrong is not None else {}
    if isinstance(widget, forms.CheckboxSelectMultiple):
        boxes = widget.render(name, value, {"id": f"id_{name}", **faulty})
        return format_html('<div class="choices" role="group" aria-label="{}">{}</div>', label, boxes)
    return widget.render(name, value, {"id": f"id_{name}", "aria-label": label, **faulty})


def _below(wrong: Path, key: str) -> Path:
    return wrong[1:] if wrong and wrong[0] == key else None


class TimesWidget(Composite):
    template_name = "ui/shapes/times.html"

    def drawn(self, name: str, value: Draft) -> dict[str, Any]:
        return {"value": value, "is_wrong": self.wrong is not None}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Draft:
        return {end: str(data.get(f"{name}-{end}", "")) for end in ("from", "to")}


class FieldsWidget(Composite):
    template_name = "ui/shapes/fields.html"

    def __init__(self, shape: shapes.Fields) -> None:
        super().__init__()
        self.parts = {key: (str(title), widget_for(part)) for key, (title, part) in shape.parts.items()}

    def drawn(self, name: str, value: Draft) -> dict[str, Any]:
        return {"parts": list(zip(self.titles, self.controls(name, value), strict=True))}

    @property
    def titles(self) -> list[str]:
        return [title for title, _widget in self.parts.values()]

    def controls(self, name: str, value: Draft, row: str = "") -> list[SafeString]:
        return [
            _control(widget, f"{name}-{key}", value[key], f"{row} {title}".strip(), _below(self.wrong, key))
            for key, (title, widget) in self.parts.items()
        ]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Draft:
        return {
            key: widget.value_from_datadict(data, files, f"{name}-{key}")
            for key, (_title, widget) in self.parts.items()
        }


class RowsWidget(Composite):
    """Rows that can be moved; `do` says what was asked of which row: `value:up:2`."""

    asked: Sequence[str] = ()

    def moved(self, rows: list[Draft], data: Mapping[str, Any], name: str) -> list[Draft]:
        self.asked = ()
        whose, _colon, wish = str(data.get(DO, "")).partition(":")
        verb, _colon, text = wish.partition(":")
        if whose != name:
            return rows
        number = int(text) if text.isdecimal() and int(text) < len(rows) else -1
        self.asked = (verb, self._carried_out(rows, verb, number))
        return rows

    def _carried_out(self, rows: list[Draft], verb: str, number: int) -> str:
        """Which row the eye follows afterwards."""
        if verb == "add":
            rows.append(self.blank())
            return str(len(rows) - 1)
        if number < 0:
            return ""
        if verb == "remove":
            del rows[number]
            return ""
        target = max(number - 1, 0) if verb == "up" else min(number + 1, len(rows) - 1)
        rows.insert(target, rows.pop(number))
        return str(target)

    def blank(self) -> Draft:
        return ""

    def lines(self, rows: Sequence[Draft]) -> list[dict[str, Any]]:
        last = len(rows) - 1
        return [
            {"number": at, "is_first": at == 0, "is_last": at == last, **self._focus(at, last)}
            for at in range(last + 1)
        ]

    def _focus(self, at: int, last: int) -> dict[str, bool]:
        """After a move the same button is under the finger; at the end of the list, the other one."""
        verb, number = self.asked or ("", "")
        if str(at) != number:
            return {}
        up = (verb == "up" and at > 0) or (verb == "down" and at == last)
        return {"focus_row": verb == "add", "focus_up": verb != "add" and up, "focus_down": verb != "add" and not up}


class RankingWidget(RowsWidget):
    template_name = "ui/shapes/ranking.html"

    def __init__(self, shape: shapes.Ranking) -> None:
        super().__init__()
        self.shape = shape

    def drawn(self, name: str, value: Draft) -> dict[str, Any]:
        titles = dict(self.shape.options)
        rows = [
            {**line, "key": key, "title": titles.get(key, key)}
            for line, key in zip(self.lines(value), value, strict=True)
        ]
        return {"rows": rows}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Draft:
        return self.moved(data.getlist(name), data, name)


class ListWidget(RowsWidget):
    template_name = "ui/shapes/list.html"

    def __init__(self, shape: shapes.ListOf) -> None:
        super().__init__()
        self.shape = shape
        self.item = widget_for(shape.item)

    def blank(self) -> Draft:
        return self.shape.item.draft(None)

    def drawn(self, name: str, value: Draft) -> dict[str, Any]:
        heads = self.item.titles if isinstance(self.item, FieldsWidget) else []
        rows = [{**line, "cells": self._cells(name, line["number"], value)} for line in self.lines(value)]
        is_full = len(value) >= self.shape.most
        removed = bool(self.asked) and self.asked[0] == "remove"
        return {"rows": rows, "heads": heads, "noun": self.shape.noun, "is_full": is_full, "focus_add": removed}

    def _cells(self, name: str, number: int, value: Sequence[Draft]) -> list[SafeString]:
        label, wrong = f"{self.shape.noun} {number + 1}", _below(self.wrong, str(number))
        if isinstance(self.item, FieldsWidget):
            self.item.wrong = wrong
            return self.item.controls(f"{name}-{number}", value[number], label)
        return [_control(self.item, f"{name}-{number}", value[number], label, wrong)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Draft:
        count = str(data.get(f"{name}-count", ""))
        # One more than there may be is enough to be refused.
        rows = range(min(int(count) if count.isdecimal() else 0, self.shape.most + 1))
        return self.moved([self.item.value_from_datadict(data, files, f"{name}-{at}") for at in rows], data, name)


@singledispatch
def widget_for(shape: Shape) -> forms.Widget:
    raise TypeError(f"no editor for {shape!r}")


@widget_for.register
def _(shape: shapes.YesNo) -> forms.Widget:
    return forms.CheckboxInput()


@widget_for.register
def _(shape: shapes.Number) -> forms.Widget:
    step = 1 if shape.whole else "any"
    return forms.NumberInput({"min": shape.low, "max": shape.high, "step": step})


@widget_for.register
def _(shape: shapes.Words) -> forms.Widget:
    return forms.TextInput({"maxlength": shape.longest})


@widget_for.register
def _(shape: shapes.Times) -> forms.Widget:
    return TimesWidget()


@widget_for.register
def _(shape: shapes.Choice) -> forms.Widget:
    return forms.Select(choices=shape.options)


@widget_for.register
def _(shape: shapes.Several) -> forms.Widget:
    return forms.CheckboxSelectMultiple(choices=shape.options)


@widget_for.register
def _(shape: shapes.Ranking) -> forms.Widget:
    return RankingWidget(shape)


@widget_for.register
def _(shape: shapes.Fields) -> forms.Widget:
    return FieldsWidget(shape)


@widget_for.register
def _(shape: shapes.ListOf) -> forms.Widget:
    return ListWidget(shape)


class ShapedField(forms.Field):
    """A value of a shape. Its initial value is a draft of it; `may_be_blank`: nothing at all is None."""

    def __init__(self, shape: Shape, *, may_be_blank: bool = False, **kwargs: Any) -> None:
        # What can be empty is said by the shape; this only tells readers and browsers.
        must = isinstance(shape, shapes.Number | shapes.Choice) or getattr(shape, "least", 0) > 0
        super().__init__(widget=widget_for(shape), required=must and not may_be_blank, **kwargs)
        self.shape = shape
        self.may_be_blank = may_be_blank

    def clean(self, value: Draft) -> Any:
        if self.may_be_blank and value == "":
            return None
        try:
            return self.shape.read(value)
        except Misfit as misfit:
            if isinstance(self.widget, Composite):
                self.widget.wrong = misfit.path
            raise forms.ValidationError(str(misfit)) from misfit
