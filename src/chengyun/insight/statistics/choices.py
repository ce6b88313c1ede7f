"""What the form of the pivot page offers."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Source
from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.indicator import indicators
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import periods
from chengyun.insight.statistics.asked import CHARTS, COMPARISONS, TOPS, Asked
from chengyun.insight.statistics.pivot import Answer, named, usual_order
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest
from chengyun.people.queries import departments_on
from chengyun.regions.queries import townships
from chengyun.taxonomy.queries import county_catalogue

Choices = list[tuple[str, str]]
# The filters that have a list of their own; others come by a click in the table and stand as chips.
LISTED = ("source", "major", "department", "township")


def read_or_usual(request: ActorRequest) -> tuple[Asked, str]:
    """What the address asks; what it cannot ask is said, and the usual question stands instead."""
    try:
        return asking.read(request.GET, today(), by=request.actor), ""
    except UserError as error:
        return asking.read(QueryDict(""), today(), by=request.actor), str(error)


def of_form(actor: Actor, asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "indicators": [(each, each in asked.indicators) for each in indicators()],
        "dimensions": [(key, each.title) for key, each in DIMENSIONS.items() if key != "person"],
        "spans": [(key, title) for key, (title, _period) in periods.SPANS.items()],
        "comparisons": [(key, title, key in asked.compare) for key, title in COMPARISONS.items()],
        "charts": list(CHARTS.items()),
        "tops": TOPS,
        "filters": [(key, DIMENSIONS[key].title, values, _chosen(asked, key)) for key, values in _lists(actor).items()],
        "chips": _chips(actor, asked),
    }


def of_table(answer: Answer) -> dict[str, Any]:
    """What stands in the table's head and above it."""
    asked = answer.asked
    compared = [(name, COMPARISONS[name]) for name in answer.compared]
    usual = usual_order(asked)
    return {
        "row_title": DIMENSIONS[asked.rows].title,
        "compared": compared,
        "compared_periods": [(name, title, answer.compared[name]) for name, title in compared],
        # A second press turns the order round.
        "key_sort": asked.query(sort="key"),
        "value_sort": asked.query(sort="value" if (asked.sort or usual) == "-value" else "-value"),
        "wide": len(asked.indicators) * (2 + len(compared)) > 5,
    }


def _chosen(asked: Asked, key: str) -> str:
    values = asked.where.get(key, ())
    return f"{key}:{values[0]}" if len(values) == 1 else ""


def _lists(actor: Actor) -> dict[str, Choices]:
    majors = {
        f"{row.minor.major.standard.code}/{row.minor.kind}/{row.minor.major.code}": row.minor.major.name
        for row in county_catalogue(today()).select_related("minor__major__standard")
    }
    lists: dict[str, Choices] = {
        "source": [(key, str(title)) for key, title in Source.choices],
        "major": list(majors.items()),
        "department": [(str(pk), name) for pk, name in departments_on(today()).values_list("pk", "short_name")],
        "township": townships(),
    }
    return {key: [(f"{key}:{value}", name) for value, name in values] for key, values in lists.items()}


def _chips(actor: Actor, asked: Asked) -> list[tuple[str, list[str], str]]:
    """Conditions that the lists cannot show: words, the pair that stands for them, the address without them."""
    found: list[tuple[str, list[str], str]] = []
    for key, values in asked.where.items():
        if key in LISTED and len(values) == 1:
            continue
        names = named(key, list(values), by=actor)
        rest = {other: kept for other, kept in asked.where.items() if other != key}
        words = _("或").join(names[value] for value in values)
        pairs = [f"{key}:{value}" for value in values]
        found.append((f"{DIMENSIONS[key].title}：{words}", pairs, asked.query(where=rest)))
    return found
