"""图上统计: an indicator by cell, community or township, or the filed cases as heat and clusters, for any question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.figures.asking import ask
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.links import address
from chengyun.insight.figures.measuring import Figure, Question
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import choices, telling
from chengyun.insight.statistics.asked import Asked
from chengyun.insight.statistics.narrowing import narrowed
from chengyun.insight.statistics.pivot import named
from chengyun.people.middleware import ActorRequest

AREAS: Final = {"township": _("乡镇街道"), "community": _("社区（村）"), "cell": _("单元网格")}
SHAPES: Final = {"township": "regions:townships", "community": "regions:communities", "cell": "regions:cells"}
WAYS: Final = {**AREAS, "heat": _("热力"), "cluster": _("聚合")}
# What a browser still draws at once; the newest cases stand for the rest.
MOST_POINTS: Final = 20_000
LISTED: Final = 12
COLOURS: Final = 5


@require_GET
def page(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "statistics/absent.html")
    asked, fault = choices.read_or_usual(request)
    way = request.GET.get("way", "township")
    way = way if way in WAYS else "township"
    shown = asked.indicators[:1] if way in AREAS else tuple(filter(None, [find("filed")]))
    asked = replace(asked, indicators=shown)
    context = choices.of_form(request.actor, asked) | {
        "fault": fault, "frame": asked.frame(), "way": way, "ways": list(WAYS.items()),
        "indicator": asked.indicators[0], "conditions": telling.conditions(asked, request.actor),
    }  # fmt: skip
    context |= _areas(request, asked, way)
    return render(request, "statistics/map.html", context, status=422 if fault else 200)


def _areas(request: ActorRequest, asked: Asked, way: str) -> dict[str, Any]:
    """What the map draws; and beside it the areas with most, for heat and clusters the townships."""
    by = way if way in AREAS else "township"
    figure = ask(request.actor, asked.indicators[0].key, asked.period, where=asked.where, by=(by,))
    values = {key[0]: value.value for key, value in figure.groups.items() if key[0] and value.value is not None}
    names = named(by, list(values))
    areas = {
        key: {
            "value": value, "text": telling.number(value), "name": names[key],
            "href": address(figure.indicator.key, asked.period, {**asked.where, by: [key]}),
        }
        for key, value in sorted(values.items(), key=lambda pair: -pair[1])
    }  # fmt: skip
    drawn: dict[str, Any] = {"way": way, "points": f"{reverse('statistics:points')}?{asked.query()}"}
    breaks = steps(list(values.values()))
    if way in AREAS:
        drawn = {"way": way, "shapes": reverse(SHAPES[way]), "areas": areas, "breaks": breaks}
    return {
        "drawn": drawn,
        "legend": _legend(breaks) if way in AREAS else [],
        "area_title": AREAS[by],
        "listed": list(areas.values())[:LISTED],
        "unplaced": _unplaced(figure),
        "total": telling.number(figure.total.value),
        "total_url": address(figure.indicator.key, asked.period, asked.where),
    }


def steps(values: list[float]) -> list[float]:
    """The borders between colours: about as many areas in each, equal ones never apart."""
    ranked = sorted(each for each in values if each > 0)
    borders = [ranked[len(ranked) * place // COLOURS] for place in range(1, COLOURS)] if ranked else []
    return sorted({each for each in borders if each > ranked[0]})


def _legend(breaks: list[float]) -> list[tuple[int, str]]:
    """Which colour, of COLOURS from light to dark, stands for what."""
    told = [telling.number(each) for each in breaks]
    if not told:
        return [(COLOURS, "> 0")]
    between = [f"{low} – {high}" for low, high in zip(told, told[1:], strict=False)]
    texts = [f"< {told[0]}", *between, f"≥ {told[-1]}"]
    return list(enumerate(texts, COLOURS - len(breaks)))


def _unplaced(figure: Figure) -> float:
    """Cases outside every area of this kind."""
    return sum(value.numerator for key, value in figure.groups.items() if not key[0])


@gzip_page
@require_GET
def points(request: ActorRequest) -> JsonResponse:
    """The places of the filed cases of the question, the newest, as GeoJSON."""
    check_reads(request.actor)
    extra.require()
    from chengyun.insight.facts.session import session

    asked = asking.read(request.GET, today(), by=request.actor)
    condition, parameters = narrowed(
        "cases", "c.filed_at", Question(asked.period, scope_of(request.actor), asked.where)
    )
    rows = session().ask(
        f"""SELECT c.number, round(c.lon, 6), round(c.lat, 6) FROM cases c
             WHERE c.filed_at >= $since AND c.filed_at < $until AND c.stage <> 'merged' AND c.lon IS NOT NULL
               AND {condition} ORDER BY c.case_id DESC LIMIT {MOST_POINTS + 1}""",
        parameters,
    )
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
         "properties": {"number": number, "href": reverse("cases:case", args=[number])}}
        for number, lon, lat in rows[:MOST_POINTS]
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features, "more": len(rows) > MOST_POINTS})
