from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import DutyShift
from chengyun.people.queries import on_duty, roster
from chengyun.people.register_forms import ShiftForm
from chengyun.people.registers.views.parts import posted, tried
from chengyun.people.roles import COUNTY_WIDE, Role
from chengyun.people.services.roster import cancel_shift, place_in_phone_list, plan_shift
from chengyun.people.views.parts import only

PLANNERS = (Role.DUTY_CHIEF, Role.SYSTEM_ADMIN)
WEEK = dt.timedelta(days=7)


@only(*sorted(COUNTY_WIDE | {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN}), to_change=PLANNERS)
def week(request: ActorRequest) -> HttpResponse:
    """One week from Monday, `?day=` any day in it."""
    first = _monday(request.GET.get("day", ""))
    form = ShiftForm(posted(request), initial={"day": max(first, instants.today())})
    if form.is_valid() and (planned := tried(form, lambda: _planned(request, form))):
        messages.success(request, _("已排班。"))
        return redirect(f"{reverse('people:roster')}?day={planned.day.isoformat()}")
    shifts = list(roster(first, first + WEEK - dt.timedelta(days=1)))
    days = [first + dt.timedelta(days=number) for number in range(7)]
    context = {
        "form": form,
        "days": [(day, [shift for shift in shifts if shift.day == day]) for day in days],
        "now": on_duty(),
        "first": first,
        "before": first - WEEK,
        "after": first + WEEK,
        "may_change": request.actor.for_county(*PLANNERS),
    }
    return render(request, "people/roster.html", context)


@require_POST
@only(*PLANNERS)
def place(request: ActorRequest, pk: int) -> HttpResponse:
    """The person's place in the shift's phone list; blank leaves it to the post."""
    text = request.POST.get("call_order", "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 4):
        raise UserError(_("呼叫顺序应是 1 到 99 之间的整数，不填按岗位。"), field="call_order")
    shift = place_in_phone_list(get_object_or_404(DutyShift, pk=pk), int(text or 0), by=request.actor)
    messages.success(request, _("已改呼叫顺序。"))
    return redirect(f"{reverse('people:roster')}?day={shift.day.isoformat()}")


@require_POST
@only(*PLANNERS)
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    shift = cancel_shift(get_object_or_404(DutyShift, pk=pk), by=request.actor)
    messages.success(request, _("已取消这次值班。"))
    return redirect(f"{reverse('people:roster')}?day={shift.day.isoformat()}")


def _planned(request: ActorRequest, form: ShiftForm) -> DutyShift:
    given = dict(form.cleaned_data)
    holder = given.pop("holder")
    return plan_shift(by=request.actor, user=holder.user, post=holder.post, **given)


def _monday(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = instants.today()
    # Two weeks at the ends of the calendar have no week before or after.
    day = min(max(day, dt.date(2000, 1, 3)), dt.date(2100, 1, 1))
    return day - dt.timedelta(days=day.weekday())
