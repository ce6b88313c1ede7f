"""What the page of one figure shows: the figure now and as the link told it, its groups, the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chengyun.casework.cases.listed import COLUMNS, ListedCase
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.workflow import Stage
from chengyun.insight.figures.dimensions import DIMENSIONS, Dimension, Key, Names
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.links import Address, address, figure_address
from chengyun.insight.figures.measuring import Behind, Figure, Question, Value, behind, dimension
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.figures.sight import names_for
from chengyun.insight.figures.together import Asked, measure_together
from chengyun.people.access import Actor

if TYPE_CHECKING:
    from chengyun.insight.facts.session import AsOf

PAGE: Final = 50
# More groups than a page can show are no split but a list.
MOST_GROUPS: Final = 100
OF, OVER = "of", "over"


@dataclass(frozen=True)
class Line:
    """A case behind the figure, as the page lists it."""

    case: ListedCase
    behind: Behind

    @property
    def stage(self) -> str:
        return str(Stage(self.case.stage).label)


@dataclass(frozen=True)
class Group:
    name: str
    value: Value
    url: str
    share: float  # of the greatest, 0 to 100


@dataclass(frozen=True)
class Chip:
    """A narrowing that stands, and the address without it."""

    title: str
    name: str
    url: str


@dataclass(frozen=True)
class FigurePage:
    figure: Figure
    part: str
    lines: Sequence[Line]
    older: int | None
    groups: Sequence[Group]
    more_groups: int
    chips: Sequence[Chip]
    # Cases that something happened to since the link was made; None without such a link.
    changed: int | None


def page_of(
    actor: Actor, indicator: Indicator, asked: Address, *, part: str = OF, by: str = "", before: int | None = None
) -> FigurePage:
    from chengyun.insight.facts.session import AsOf, session

    facts = session()
    question = Question(asked.period, scope_of(actor), asked.where)
    as_of = AsOf(facts.cursor, asked.told.at) if asked.told else facts.as_of()
    [figure] = measure_together(facts, [Asked(indicator, question, (by,) if by else ())], as_of)
    measured = indicator.over if part == OVER and indicator.over else indicator.of
    found = behind(facts, measured, question, as_of, before=before, limit=PAGE + 1)
    groups = _groups(figure)
    return FigurePage(
        figure=figure,
        part=OVER if measured is indicator.over else OF,
        lines=_lines(actor, found[:PAGE]),
        older=found[PAGE - 1].case_id if len(found) > PAGE else None,
        groups=groups[:MOST_GROUPS],
        more_groups=max(len(groups) - MOST_GROUPS, 0),
        chips=_chips(actor, indicator, asked),
        changed=_changed(asked, as_of),
    )


def _lines(actor: Actor, found: Sequence[Behind]) -> list[Line]:
    seen = visible_to(actor).filter(pk__in=[each.case_id for each in found])
    cases = {row[0]: ListedCase(*row) for row in seen.values_list(*COLUMNS)}
    return [Line(cases[each.case_id], each) for each in found if each.case_id in cases]


def _groups(figure: Figure) -> list[Group]:
    """The greatest first; what time orders stays in its order."""
    if not figure.by:
        return []
    (split,) = figure.by
    names = names_of(split, [key[0] for key in figure.groups])
    values = list(figure.groups.items())
    if not split.is_time:
        values.sort(key=lambda pair: (pair[1].value is None, -(pair[1].value or 0)))
    greatest = max((abs(value.value or 0) for _key, value in values), default=0) or 1
    return [
        Group(names[key[0]], value, figure_address(figure, key), abs(value.value or 0) / greatest * 100)
        for key, value in values
    ]


def names_of(split: Dimension, keys: Sequence[Key]) -> dict[Key, str]:
    return _worded(split.names({key for key in keys if key not in (None, "")}), keys)


def _worded(known: Names, keys: Sequence[Key]) -> dict[Key, str]:
    return {key: str(known.get(key, key if key not in (None, "") else "")) for key in keys}


def _chips(actor: Actor, indicator: Indicator, asked: Address) -> list[Chip]:
    chips = []
    for key, wanted in asked.where.items():
        names = _worded(names_for(actor, dimension(key), wanted), wanted)
        rest = {other: kept for other, kept in asked.where.items() if other != key}
        url = address(indicator.key, asked.period, rest)
        chips.append(Chip(str(DIMENSIONS[key].title), "、".join(names[each] for each in wanted), url))
    return chips


def _changed(asked: Address, as_of: AsOf) -> int | None:
    """How many cases the outbox named since the link was made; counting ends where it no longer matters."""
    if asked.told is None or as_of.cursor == asked.told.cursor:
        return 0 if asked.told else None
    from chengyun.insight.facts.feed import changes

    return len(changes(asked.told.cursor)[1])
