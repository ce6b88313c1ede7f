"""The history of an alert in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chengyun.casework.urgent.ladder import Rung
from chengyun.casework.urgent.models import Call
from chengyun.core.models import Record
from chengyun.ui.templatetags.ui_tags import duration


@dataclass(frozen=True)
class Told:
    at: dt.datetime
    by: str
    words: str


def told(row: Record) -> Told:
    return Told(row.at, row.by_name, SENTENCES[row.verb](row.data))


def _acknowledged(data: dict[str, Any]) -> str:
    return _("知悉，用时 %(time)s") % {"time": duration(data["after_seconds"])}


def _escalated(data: dict[str, Any]) -> str:
    return _("第 %(number)s 个呼叫：%(name)s（%(rung)s）") % (data | {"rung": Rung(data["rung"]).label})


def _called(data: dict[str, Any]) -> str:
    return f"{data['name']}：{Call.Outcome(data['outcome']).label}"


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "urgent.raised": lambda data: _("开始提醒"),
    "urgent.acknowledged": _acknowledged,
    "urgent.escalated": _escalated,
    "urgent.called": _called,
    "urgent.all_called": lambda data: _("电话表已全部呼叫，仍无人知悉"),
    "urgent.lifted": lambda data: _("案件已办结或不再紧急，提醒解除"),
}
