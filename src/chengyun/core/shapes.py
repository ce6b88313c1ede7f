"""What may stand in a setting's value: told before the mistake, checked after it. A shape draws nothing.

Number, Words, YesNo, Times, Choice   one value
Several, Ranking                      some of the choices; all of them in an order
ListOf                                rows of one shape; of `Fields`, a small table
Fields                                named parts, each of its own shape

A value is JSON. A *draft* is the same as a form holds it, in texts, right or wrong: `draft` makes it of a value, `read`
a value of it.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

if TYPE_CHECKING:
    from chengyun.core.declarations import Json, Text

    Choices = Sequence[tuple[str, Text]]

Draft = Any


class Misfit(UserError):
    """What does not fit and how to mend it; `path` leads to the part of the value that it is about."""

    def __init__(self, message: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(message, field="value")
        self.path = path

    def inside(self, key: str, place: Text) -> Misfit:
        return Misfit(_("%(place)s：%(message)s") % {"place": place, "message": self}, (key, *self.path))


class Shape(ABC):
    def rule(self) -> str:
        """What may stand here, in words; blank where it shows by itself."""
        return ""

    @abstractmethod
    def check(self, value: Any) -> None:
        """Raises Misfit."""

    def draft(self, value: Any) -> Draft:
        return "" if value is None else str(value)

    def parsed(self, draft: Draft) -> Json:
        return str(draft).strip()

    def read(self, draft: Draft) -> Json:
        value = self.parsed(draft)
        self.check(value)
        return value

    def told(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class YesNo(Shape):
    def check(self, value: Any) -> None:
        if not isinstance(value, bool):
            raise Misfit(_("请填写“是”或“否”。"))

    def draft(self, value: Any) -> Draft:
        return bool(value)

    def parsed(self, draft: Draft) -> Json:
        return bool(draft)

    def told(self, value: Any) -> str:
        return _("是") if value else _("否")


@dataclass(frozen=True)
class Number(Shape):
    low: float
    high: float
    whole: bool = True

    def rule(self) -> str:
        words = _("%(low)s 到 %(high)s 的整数") if self.whole else _("%(low)s 到 %(high)s 的数")
        return words % {"low": self.low, "high": self.high}

    def check(self, value: Any) -> None:
        fits = isinstance(value, int if self.whole else int | float) and not isinstance(value, bool)
        if not fits or not self.low <= value <= self.high:
            raise Misfit(_("请填写 %(rule)s。") % {"rule": self.rule()})

    def parsed(self, draft: Draft) -> Json:
        text = super().parsed(draft)
        try:
            number = float(str(text))
        except ValueError:
            return text
        return int(number) if number.is_integer() else number


@dataclass(frozen=True)
class Words(Shape):
    longest: int
    required: bool = False

    def rule(self) -> str:
        return _("最多 %(n)s 个字") % {"n": self.longest}

    def check(self, value: Any) -> None:
        if not isinstance(value, str) or len(value) > self.longest:
            raise Misfit(_("请缩短到 %(n)s 个字以内。") % {"n": self.longest})
        if self.required and not value:
            raise Misfit(_("请填写内容，不用的行请删除。"))


@dataclass(frozen=True)
class Times(Shape):
    """From a time of the day to another, «08:00-16:00»; an end that is not later is on the next day."""

    def rule(self) -> str:
        return _("结束不晚于开始的，到第二天为止")

    def check(self, value: Any) -> None:
        try:
            first, last = str(value).split("-")
            dt.time.fromisoformat(first.strip()), dt.time.fromisoformat(last.strip())
        except ValueError as error:
            raise Misfit(_("请填写开始和结束时间，如 08:00-16:00。")) from error

    def draft(self, value: Any) -> Draft:
        first, _dash, last = str(value or "").partition("-")
        return {"from": first.strip(), "to": last.strip()}

    def parsed(self, draft: Draft) -> Json:
        return f"{draft['from'].strip()}-{draft['to'].strip()}"


@dataclass(frozen=True)
class Choice(Shape):
    options: Choices

    def check(self, value: Any) -> None:
        if not isinstance(value, str) or value not in dict(self.options):
            raise Misfit(_("请从列表中选择。"))

    def told(self, value: Any) -> str:
        return str(dict(self.options).get(value, value))


@dataclass(frozen=True)
class Several(Shape):
    """Some of the choices, kept in their own order."""

    options: Choices
    least: int = 0

    def rule(self) -> str:
        return _("至少选 %(n)s 个") % {"n": self.least} if self.least else ""

    def check(self, value: Any) -> None:
        known = dict(self.options)
        if not isinstance(value, list) or not all(isinstance(each, str) and each in known for each in value):
            raise Misfit(_("请从列表中选择。"))
        if len(set(value)) != len(value):
            raise Misfit(_("每项只能选一次。"))
        if len(value) < self.least:
            raise Misfit(_("请至少选 %(n)s 个。") % {"n": self.least})

    def draft(self, value: Any) -> Draft:
        return list(value or [])

    def parsed(self, draft: Draft) -> Json:
        return [key for key, _title in self.options if key in draft]

    def told(self, value: Any) -> str:
        return _said("、", (Choice(self.options).told(each) for each in value))


@dataclass(frozen=True)
class Ranking(Shape):
    """Every choice once, in an order."""

    options: Choices

    def check(self, value: Any) -> None:
        if not isinstance(value, list) or sorted(map(str, value)) != sorted(dict(self.options)):
            titles = "、".join(str(title) for _key, title in self.options)
            raise Misfit(_("请把%(titles)s各列一次。") % {"titles": titles})

    def draft(self, value: Any) -> Draft:
        known = [key for key, _title in self.options]
        kept = [key for key in value or [] if key in known]
        return kept + [key for key in known if key not in kept]

    def parsed(self, draft: Draft) -> Json:
        return list(draft)

    def told(self, value: Any) -> str:
        return _said(" → ", (Choice(self.options).told(each) for each in value))


@dataclass(frozen=True)
class Fields(Shape):
    """Named parts: {"early": ("早班", Times()), …}."""

    parts: Mapping[str, tuple[Text, Shape]]

    def check(self, value: Any) -> None:
        if not isinstance(value, dict) or set(value) != set(self.parts):
            titles = "、".join(str(title) for title, _shape in self.parts.values())
            raise Misfit(_("请给%(titles)s各填一项。") % {"titles": titles})
        for key, (title, shape) in self.parts.items():
            _within(key, title, shape.check, value[key])

    def draft(self, value: Any) -> Draft:
        return {key: shape.draft((value or {}).get(key)) for key, (_title, shape) in self.parts.items()}

    def parsed(self, draft: Draft) -> Json:
        return {key: _within(key, title, shape.parsed, draft[key]) for key, (title, shape) in self.parts.items()}

    def told(self, value: Any) -> str:
        return _said(
            "；", (f"{title} {shape.told(value[key])}" for key, (title, shape) in self.parts.items() if key in value)
        )


@dataclass(frozen=True)
class ListOf(Shape):
    """Rows of one shape, added, removed and moved one by one; `noun` is what one row is called."""

    item: Shape
    noun: Text
    most: int = 50

    def rule(self) -> str:
        return _("最多 %(n)s 行") % {"n": self.most}

    def check(self, value: Any) -> None:
        if not isinstance(value, list) or len(value) > self.most:
            raise Misfit(_("最多 %(n)s 行，请删去几行。") % {"n": self.most})
        for number, each in enumerate(value):
            _within(str(number), _("第 %(n)s 行") % {"n": number + 1}, self.item.check, each)

    def draft(self, value: Any) -> Draft:
        return [self.item.draft(each) for each in value or []]

    def parsed(self, draft: Draft) -> Json:
        return [self.item.parsed(each) for each in draft]

    def told(self, value: Any) -> str:
        return _said("；", (self.item.told(each) for each in value))


def of(default: Json) -> Shape:
    """The shape that a default value shows by itself."""
    if isinstance(default, bool):
        return YesNo()
    if isinstance(default, str):
        return Words(1000)
    if isinstance(default, int | float):
        return Number(-(10**9), 10**9, whole=isinstance(default, int))
    raise TypeError(f"a setting whose default is {default!r} must declare its shape")


def _within(key: str, place: Text, do: Callable[[Any], Any], value: Any) -> Any:
    try:
        return do(value)
    except Misfit as misfit:
        raise misfit.inside(key, place) from misfit


def _said(between: str, parts: Any) -> str:
    return between.join(str(part) for part in parts)
