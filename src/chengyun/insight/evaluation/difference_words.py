"""Differences in words: what a line was and is, and the cases that came and left by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from chengyun.casework.cases.queries import visible_to
from chengyun.insight.evaluation.differences import MOST_NAMED, Differences, LineDifference, Moved, RowDifference
from chengyun.insight.evaluation.showing import Subject
from chengyun.insight.figures.indicator import Indicator, find
from chengyun.insight.templatetags.figures import number_text
from chengyun.people.access import Actor


@dataclass(frozen=True)
class MovedWords:
    """One part's movement: the numbers of its cases as far as they are named, and how many there are."""

    title: str
    came: tuple[str, ...]
    came_count: int
    left: tuple[str, ...]
    left_count: int


@dataclass(frozen=True)
class LineWords:
    title: str
    was: str
    now: str
    was_score: str
    now_score: str
    moved: tuple[MovedWords, ...]


@dataclass(frozen=True)
class RowWords:
    name: str
    was: Decimal | None
    now: Decimal | None
    was_rank: int | None
    now_rank: int | None
    note: str
    lines: tuple[LineWords, ...]


def told_rows(actor: Actor, subject: Subject, found: Differences) -> list[RowWords]:
    """One statement for the numbers of all cases that are named."""
    numbers = _numbers(actor, found)
    return [_row(subject, each, numbers) for each in found.rows]


def _numbers(actor: Actor, found: Differences) -> Mapping[int, str]:
    ids = {pk for row in found.rows for line in row.lines for moved in line.parts.values()
           for pk in (*moved.came[:MOST_NAMED], *moved.left[:MOST_NAMED])}  # fmt: skip
    # As many as a statement takes on both databases; the rest stays a count.
    return dict(visible_to(actor).filter(pk__in=sorted(ids)[:5000]).values_list("pk", "number"))


def _row(subject: Subject, each: RowDifference, numbers: Mapping[int, str]) -> RowWords:
    was, now = each.totals
    note = "" if each.was and each.now else _("发布时没有这个对象") if each.now else _("现在没有这个对象")
    return RowWords(
        each.name, was, now, each.was.rank if each.was else None, each.now.rank if each.now else None, note,
        tuple(_line(subject, line, numbers) for line in each.lines),
    )  # fmt: skip


def _line(subject: Subject, line: LineDifference, numbers: Mapping[int, str]) -> LineWords:
    indicator = find(line.beside) if line.place is None else subject.plan.indicators[line.place]
    assert indicator is not None
    return LineWords(
        str(indicator.title), _value(indicator, line.was), _value(indicator, line.now), _score(line.was),
        _score(line.now),
        tuple(_moved(indicator, part, moved, numbers) for part, moved in line.parts.items()),
    )  # fmt: skip


def _value(indicator: Indicator, figure: Mapping[str, Any]) -> str:
    value = figure.get("value")
    if value is None:
        return "–"
    unit = str(indicator.unit) if indicator.is_share else ""
    if not indicator.over:
        return number_text(value)
    return f"{number_text(value)}{unit}（{number_text(figure['numerator'])}/{number_text(figure['denominator'])}）"


def _score(figure: Mapping[str, Any]) -> str:
    return str(figure.get("score") or "–")


def _moved(indicator: Indicator, part: str, moved: Moved, numbers: Mapping[int, str]) -> MovedWords:
    title = "" if not indicator.over else _("分子") if part == "of" else _("分母")
    return MovedWords(title, _named(moved.came, numbers), len(moved.came), _named(moved.left, numbers), len(moved.left))


def _named(ids: Iterable[int], numbers: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(numbers[pk] for pk in list(ids)[:MOST_NAMED] if pk in numbers))
