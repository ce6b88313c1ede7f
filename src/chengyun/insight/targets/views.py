"""计划与目标 of a year: each target with what became of it, and how it went month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.targets import access, lines, queries, trends
from chengyun.insight.targets.judging import State
from chengyun.insight.targets.lines import Line
from chengyun.insight.targets.queries import Wish
from chengyun.insight.targets.spans import SpanKind
from chengyun.people.middleware import ActorRequest

PAGE: Final = 100
COUNTED: Final = (State.REACHED, State.ON_WAY, State.CLOSE, State.BEHIND)


@require_GET
def page(request: ActorRequest) -> HttpResponse:
    access.check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "figures/absent.html")
    wish, fault = _wish(request)
    day = today()
    year = list(queries.found(request.actor, Wish(wish.year)))
    targets = list(queries.found(request.actor, wish))
    found = lines.measure(year, day, trends=True)
    told = lines.told(request.actor, targets, found, day)
    kept = [line for line in told if line.judged.is_deviating or not wish.only_deviating]
    shown, after = _page(kept, request.GET.get("after", ""))
    multiples, left_out = trends.trends_of(shown, year, found, day)
    query = _query(wish)
    context = {
        "wish": wish, "fault": fault, "lines": shown, "trends": multiples, "left_out": left_out, "as_of": found.as_of,
        "older_url": f"?{urlencode({**query, 'after': after})}" if after else "",
        "counts": [(state, sum(line.judged.state == state for line in told)) for state in COUNTED],
        "plans": access.plans_for(request.actor).on(day).filter(year=wish.year).select_related("responsible"),  # type: ignore[attr-defined]
        "years": queries.years_of(request.actor), "subjects": queries.subjects_of(request.actor, wish.year),
        "spans": SpanKind.choices, "may_set": access.may_set(request.actor), "is_asked": len(query) > 1,
    }  # fmt: skip
    return render(request, "targets/targets.html", context, status=422 if fault else 200)


def _wish(request: ActorRequest) -> tuple[Wish, str]:
    """What the address asks; what it cannot ask is said, and the whole year is shown."""
    try:
        return queries.wish_of(request.actor, request.GET.dict()), ""
    except UserError as error:
        return queries.wish_of(request.actor, {}), str(error)


def _page(found: Sequence[Line], after: str) -> tuple[Sequence[Line], int | None]:
    """The lines behind the target `after`, and the last of them where more follow."""
    places = [place for place, line in enumerate(found, 1) if str(line.target.pk) == after]
    first = places[0] if places else 0
    shown = found[first : first + PAGE]
    return shown, shown[-1].target.pk if first + PAGE < len(found) else None


def _query(wish: Wish) -> dict[str, Any]:
    asked = {"span": wish.span, "subject": wish.subject, "indicator": wish.indicator}
    asked["deviating"] = "1" if wish.only_deviating else ""
    return {"year": wish.year, **{name: value for name, value in asked.items() if value}}
