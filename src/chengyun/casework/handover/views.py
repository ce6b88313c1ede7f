"""The handovers of the actor's own centre: the list, a shift's sheet, the cases behind each of its figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengyun.casework.cases import filters
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.rows import rows_of
from chengyun.casework.handover import services, states
from chengyun.casework.handover.facts import AlertLine, facts_of, open_items, span_of
from chengyun.casework.handover.figures import FIGURES, Figure, cases_of, grouped, live_counts
from chengyun.casework.handover.models import MOST_ITEM, MOST_WORDS, Sheet
from chengyun.casework.handover.shifts import AT_DESK, DAY, Shift, centre_of, current_shift, shift_of, shifts_of
from chengyun.core import instants
from chengyun.core.errors import NotAllowed, NotFound, UserError
from chengyun.core.instants import now
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import Department
from chengyun.people.roles import COUNTY_WIDE
from chengyun.ui.htmx import wants_partial

WEEK = 7


@require_GET
def list_page(request: ActorRequest) -> HttpResponse:
    """A week of shifts, the newest first; `?until=` any day, the week before it follows."""
    centre = own_centre(request)
    last = _day(request.GET.get("until", "")) or instants.today()
    first = last - (WEEK - 1) * DAY
    # The next day's first shift tells whether the last handover of this week was missed.
    shifts = shifts_of(centre, first, last + DAY)
    sheets = {
        (sheet.day, sheet.name): sheet
        for sheet in Sheet.objects.filter(centre=centre, day__range=(first, last)).defer("figures", "alerts", "items")
    }
    context = {
        "lines": [line for line in states.lines_of(shifts, sheets) if line.shift.day <= last],
        "current": current_shift(centre),
        "items": open_items(centre),
        "older": (first - DAY).isoformat(),
        "newer": (last + WEEK * DAY).isoformat() if last < instants.today() else "",
        "may_write": request.actor.has(*AT_DESK),
        "most_item": MOST_ITEM,
    }
    return render(request, "handover/list.html", context)


@require_http_methods(["GET", "POST"])
def sheet_page(request: ActorRequest, day: str, name: str) -> HttpResponse:
    """The sheet as signed, else as the facts stand; a POST signs it."""
    centre = own_centre(request)
    shift = _shift(centre, day, name)
    if request.method == "POST":
        return _sign(request, centre, shift)
    return render(request, "handover/sheet.html", _context(request, centre, shift))


def _sign(request: ActorRequest, centre: Department, shift: Shift) -> HttpResponse:
    remarks = request.POST.get("remarks", "")
    try:
        services.sign(centre, shift, remarks, by=request.actor)
    except UserError as error:
        context = _context(request, centre, shift) | {"remarks": remarks, "fault": str(error)}
        return render(request, "handover/sheet.html", context, status=error.status)
    messages.success(request, _("已交班签字，请接班人签字。"))
    return redirect("handover:sheet", shift.day.isoformat(), shift.name)


def _context(request: ActorRequest, centre: Department, shift: Shift) -> dict[str, Any]:
    sheet = _sheet(centre, shift)
    around = shifts_of(centre, shift.day, shift.day + DAY)
    line = states.lines_of(around, {shift.key: sheet} if sheet else {})
    shown = _as_signed(sheet) if sheet else _as_it_stands(centre, shift)
    return shown | {
        "shift": shift,
        "sheet": sheet,
        "centre": centre,
        "line": next((each for each in line if each.shift.key == shift.key), None),
        "may_write": request.actor.has(*AT_DESK),
        "most_words": MOST_WORDS,
        "made_at": now(),
    }


def _as_signed(sheet: Sheet) -> dict[str, Any]:
    return {
        "groups": grouped({key: len(ids) for key, ids in sheet.figures.items()}),
        "alerts": [AlertLine.of(row) for row in sheet.alerts],
        "items": sheet.items,
        "notes": sheet.notes,
        "is_whole": services.digest(sheet) == sheet.digest,
    }


def _as_it_stands(centre: Department, shift: Shift) -> dict[str, Any]:
    facts = facts_of(centre, shift)
    items = [{"words": item.words, "by": item.opened_by_name} for item in facts.items]
    counts = grouped(live_counts(centre, facts.span))
    return {"groups": counts, "alerts": facts.alerts, "items": items, "notes": facts.notes, "is_whole": True}


@require_GET
def figure_page(request: ActorRequest, day: str, name: str, key: str) -> HttpResponse:
    """The cases that a figure counted."""
    centre = own_centre(request)
    shift, figure = _shift(centre, day, name), FIGURES.get(key)
    if figure is None:
        raise NotFound(_("交接班单上没有这个数，请从单子上点开。"))
    sheet = _sheet(centre, shift)
    cases = visible_to(request.actor).filter(pk__in=_ids(sheet, centre, shift, figure))
    page = filters.newest_first(cases, request.GET)
    context = {
        "rows": rows_of(page.cases, now()),
        "page": page,
        "number": filters.counted(cases),
        "figure": figure,
        "shift": shift,
        "sheet": sheet,
    }
    return render(request, "cases/_rows.html" if wants_partial(request) else "handover/cases.html", context)


def _ids(sheet: Sheet | None, centre: Department, shift: Shift, figure: Figure) -> Any:
    if sheet is not None:
        return sheet.figures.get(figure.key, [])
    return figure.choose(cases_of(centre), span_of(centre, shift)).values("pk")


@require_POST
def take_over(request: ActorRequest, pk: int) -> HttpResponse:
    sheet = services.take_over(pk, own_centre(request), by=request.actor)
    messages.success(request, _("已接班。"))
    return redirect("handover:sheet", sheet.day.isoformat(), sheet.name)


@require_POST
def add_item(request: ActorRequest) -> HttpResponse:
    services.add_item(own_centre(request), request.POST.get("words", ""), by=request.actor)
    messages.success(request, _("已记下，随每一班交接，直到办结。"))
    return redirect("handover:list")


@require_POST
def tick_item(request: ActorRequest, pk: int) -> HttpResponse:
    item = services.tick_item(pk, own_centre(request), by=request.actor)
    messages.success(request, _("已办结：%(words)s") % {"words": item.words})
    return redirect("handover:list")


def own_centre(request: ActorRequest) -> Department:
    centre = centre_of(request.actor) if request.actor.has(*COUNTY_WIDE) else None
    if centre is None:
        raise NotAllowed(_("交接班由指挥中心的值班人员办理和查看，请联系值班长。"))
    return centre


def _shift(centre: Department, day: str, name: str) -> Shift:
    found = _day(day)
    if found is None:
        raise NotFound(_("值班表上没有这个班次，请先排班。"))
    return shift_of(centre, found, name)


def _sheet(centre: Department, shift: Shift) -> Sheet | None:
    return Sheet.objects.filter(centre=centre, day=shift.day, name=shift.name).first()


def _day(text: str) -> dt.date | None:
    """None for what is no day of our calendar."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
