"""The first page of evaluation: which results are published, which wait for it, which periods still run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from chengyun.insight.evaluation import access, objects, schemes, spans
from chengyun.insight.evaluation.models import Publication
from chengyun.insight.evaluation.spans import Span
from chengyun.people.access import Actor

# How many periods back the page looks.
SHOWN: Final = {"day": 8, "week": 8, "month": 12, "quarter": 8, "year": 4}


@dataclass(frozen=True)
class Column:
    kind: objects.ObjectKind
    group: str
    title: str


@dataclass(frozen=True)
class Place:
    """A period of a kind: published (its version), open (over, not published) or running; where a click leads."""

    state: str
    href: str
    version: int = 0


@dataclass(frozen=True)
class Line:
    span: Span
    is_over: bool
    places: tuple[Place, ...]


def columns(region_code: str, day: dt.date) -> list[Column]:
    found = []
    for kind in objects.KINDS.values():
        if kind.of == objects.DEPARTMENT:
            groups = schemes.in_force(kind.scheme, day, region_code).groups
            found += [Column(kind, group.key, str(group.name)) for group in groups]
        else:
            found.append(Column(kind, "", str(kind.title)))
    return found


def board(actor: Actor, length: str, today: dt.date) -> tuple[list[Column], list[Line]]:
    """Newest period first; two statements however many there are."""
    region_code = access.region_of(actor)
    heads = columns(region_code, today)
    span, wanted = spans.around(length, today), []
    for _number in range(SHOWN[length]):
        wanted.append(span)
        span = span.previous
    rows = access.newest(
        Publication.objects.filter(region_code=region_code, length=length, first__gte=span.period.first)
    )
    known = {(row.kind, row.group, row.period): row for row in rows.defer("scheme")}
    return heads, [
        Line(each, each.is_over(today), tuple(_place(column, each, known, today) for column in heads))
        for each in wanted
    ]


def _place(column: Column, span: Span, known: dict[tuple[str, str, str], Publication], today: dt.date) -> Place:
    row = known.get((column.kind.key, column.group, span.key))
    if row is not None:
        return Place("published", row.get_absolute_url(), row.version)
    return Place("open" if span.is_over(today) else "running", result_address(column.kind.key, column.group, span.key))


def result_address(kind: str, group: str, period: str) -> str:
    asked = {"kind": kind, "group": group, "period": period}
    return f"{reverse('evaluation:result')}?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True)
class Published:
    """One published result in the list of whoever is evaluated."""

    title: str
    row: Publication


def own_list(actor: Actor, limit: int = 100) -> list[Published]:
    """What was published of the actor's group or of himself, newest first, without replaced versions."""
    rows = access.newest(access.visible_to(actor)).defer("scheme").order_by("-first", "-id")[:limit]
    return [Published(title_of(row), row) for row in rows]


def title_of(row: Publication) -> str:
    kind = objects.kind_for(row.kind)
    name = f"{kind.title}·{row.group_name}" if row.group_name else str(kind.title)
    return _("%(span)s%(name)s评价") % {"span": spans.read(row.period).title, "name": name}


def lengths(chosen: str) -> Sequence[tuple[str, str, bool]]:
    return [(key, str(title), key == chosen) for key, title in spans.LENGTHS.items()]
