"""How a cell of the workbook of people is read; a fault names the sheet's own column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.people.services.sheets import Row

YES, NO = ("是", "有", "1", "true", "yes"), ("否", "无", "0", "false", "no")


def given(row: Row, fields: dict[str, tuple[str, Callable[[Row, str], Any]]]) -> dict[str, Any]:
    """The values of those columns that the sheet has; an absent column leaves a known row as it is."""
    return {name: read(row, column) for name, (column, read) in fields.items() if column in row.cells}


def text(row: Row, column: str) -> str:
    return row[column]


def yes(row: Row, column: str) -> bool:
    word = row[column].lower()
    if word not in (*YES, *NO, ""):
        raise UserError(_("请填“是”或“否”。"), field=column)
    return word not in NO


def number(row: Row, column: str) -> int:
    try:
        return int(row[column] or 0)
    except ValueError as error:
        raise UserError(_("应为整数。"), field=column) from error


def day(row: Row, column: str) -> dt.date | None:
    text = row[column].replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UserError(_("日期应写作 2026-01-31。"), field=column) from error


def choice(text: str, column: str, choices: type[models.TextChoices]) -> str:
    """By the Chinese label or by the stored word."""
    for each in choices:
        if text in (each.label, each.value):
            return str(each.value)
    labels = "、".join(str(each.label) for each in choices)
    raise UserError(_("没有“%(text)s”，请填：%(labels)s。") % {"text": text, "labels": labels}, field=column)


def about(column: str, check: Callable[..., None], *values: Any) -> None:
    """Run a check of the services, naming the sheet's column in what it says."""
    try:
        check(*values)
    except UserError as error:
        raise UserError(error.message, field=column) from error


def check_fields(made: models.Model) -> None:
    """Each field by itself; what needs other rows is checked by the plan."""
    leave_out = {each.name for each in made._meta.concrete_fields if each.is_relation} | {"password"}
    try:
        made.clean_fields(exclude=leave_out)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        title = getattr(made._meta.get_field(name), "verbose_name", name)
        raise UserError(messages[0], field=str(title)) from error
