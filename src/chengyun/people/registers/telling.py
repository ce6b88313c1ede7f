"""The history of a register row in words: who changed what, when; ids by the names they stand for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.declarations import Text
from chengyun.people import register
from chengyun.people.models import RegisterChange

MOST = 100

Words = Mapping[str, Mapping[Any, Text]]

ACTIONS: dict[str, Promise] = {
    "created": gettext_lazy("建立"),
    "changed": gettext_lazy("修改"),
    "followed": gettext_lazy("改由新的一行接续"),
    "closed": gettext_lazy("撤销"),
    "ended": gettext_lazy("结束"),
    "retired": gettext_lazy("停用"),
    "deactivated": gettext_lazy("停用"),
    "reactivated": gettext_lazy("启用"),
    "revoked": gettext_lazy("撤销"),
    "password_reset": gettext_lazy("重置密码"),
    "password_changed": gettext_lazy("修改密码"),
    "unlocked": gettext_lazy("解除登录锁定"),
    "factor_bound": gettext_lazy("绑定动态口令"),
    "factor_removed": gettext_lazy("取消动态口令"),
    "recovery_made": gettext_lazy("重新生成备用码"),
    "recovery_used": gettext_lazy("使用备用码登录"),
    "cancelled": gettext_lazy("取消"),
    "started": gettext_lazy("启动"),
    "submitted": gettext_lazy("提交验收"),
    "accepted": gettext_lazy("验收通过"),
    "returned": gettext_lazy("退回"),
    "withdrawn": gettext_lazy("撤回"),
    "answered": gettext_lazy("回复"),
    "finished": gettext_lazy("结束并固定数据"),
    "cells": gettext_lazy("调整单元网格"),
}
# The engine's own columns, which say nothing to people.
UNTOLD = frozenset({"path", "valid_from"})


@dataclass(frozen=True)
class Told:
    """A history row as the page tells it."""

    at: dt.datetime
    by: str
    what: str
    fields: list[str]


def told_history(
    rows: Sequence[models.Model], titles: Mapping[str, Text] | None = None, words: Words | None = None
) -> list[Told]:
    """What happened to the rows (the versions of one thing), newest first.

    `titles` and `words` (column → value → words) say what the model's columns do not say themselves.
    """
    if not rows:
        return []
    chains = [register.subject(row) for row in rows]
    changes = list(RegisterChange.objects.filter(chain__in=chains).order_by("-at", "-seq", "-id")[:MOST])
    telling = _Telling(type(rows[0]), changes, titles or {}, words or {})
    return [_told(change, telling) for change in changes]


def _told(change: RegisterChange, telling: _Telling) -> Told:
    fields = [] if change.action == "created" else list(_changes(change, telling))
    return Told(change.at, change.by_name, str(ACTIONS.get(change.action, change.action)), fields)


def _changes(change: RegisterChange, telling: _Telling) -> Iterable[str]:
    for name, after in change.after.items():
        if name in UNTOLD:
            continue
        before, title = change.before.get(name), telling.title(name)
        if register.HIDDEN in (before, after):
            yield _("%(field)s已改（内容不记）") % {"field": title}
        elif isinstance(telling.columns.get(name), models.BinaryField):
            yield _("%(field)s已改") % {"field": title}
        else:
            yield f"{title}：{telling.said(name, before)} → {telling.said(name, after)}"


class _Telling:
    """Titles and values of a model's columns; the names behind ids are read once for all rows of the page."""

    def __init__(
        self, model: type[models.Model], changes: Iterable[RegisterChange], titles: Mapping[str, Text], words: Words
    ) -> None:
        self.columns = {field.attname: field for field in model._meta.concrete_fields}
        self.columns |= {field.name: field for field in model._meta.many_to_many}
        self.titles, self.words = titles, words
        self.names = {name: _names(self.columns.get(name), ids) for name, ids in _ids(changes).items()}

    def title(self, name: str) -> str:
        column = self.columns.get(name)
        return str(self.titles.get(name) or (column.verbose_name if column else name))

    def said(self, name: str, value: Any) -> str:
        if value is None or value == "" or value == []:
            return _("（空）")
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, list):
            return "、".join(self._one(name, each) for each in value)
        return self._one(name, value)

    def _one(self, name: str, value: Any) -> str:
        if known := self.names.get(name):
            return known.get(value, str(value))
        known_words = self.words.get(name) or _choices(self.columns.get(name))
        return str(known_words.get(value, value))


def _choices(column: models.Field[Any, Any] | None) -> dict[Any, Text]:
    return dict(column.flatchoices) if column is not None and column.choices else {}


def _ids(changes: Iterable[RegisterChange]) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = defaultdict(set)
    for change in changes:
        for values in (change.before, change.after):
            for name, value in values.items():
                found[name].update(value if isinstance(value, list) else [value])
    return found


def _names(column: Any, ids: set[Any]) -> dict[Any, str]:
    """id → name for a column that points at rows; empty for any other column."""
    if column is None or not column.is_relation:
        return {}
    wanted = {each for each in ids if isinstance(each, int)}
    return {pk: str(row) for pk, row in column.related_model._default_manager.in_bulk(wanted).items()}
