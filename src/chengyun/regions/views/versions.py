"""The versions of the regions: which counts from when, two side by side, and the way back."""

from __future__ import annotations

import json
from typing import Any

import shapely
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chengyun.core import instants
from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.people.views.parts import only
from chengyun.regions.declares import ORGANISERS, READERS
from chengyun.regions.models import RegionDraft, RegionTerm, RegionVersion
from chengyun.regions.services.differences import Sight, compared, sights
from chengyun.regions.services.terms import begin, withdraw
from chengyun.regions.views.changes import told_changes


@require_safe
@only(*READERS)
def versions(request: ActorRequest) -> HttpResponse:
    """A county has some dozens of versions in its life."""
    rows = RegionVersion.objects.filter(is_staging=False).annotate(size=Count("regions")).order_by("-id")
    terms = RegionTerm.objects.select_related("version").order_by("-from_day", "-id")
    context = {
        "versions": rows,
        "terms": terms,
        "drafts": RegionDraft.objects.filter(state=RegionDraft.State.CHECKED),
        "today": instants.today(),
        "may_change": request.actor.has(*ORGANISERS),
    }
    return render(request, "regions/versions.html", context)


@require_safe
@only(*READERS)
def compare(request: ActorRequest) -> HttpResponse:
    before, after = _pair(request)
    found = compared(sights(before), sights(after))
    context = {"before": before, "after": after, "changes": told_changes(found.as_json())}
    return render(request, "regions/compare.html", context)


@require_safe
@only(*READERS)
def compare_geojson(request: ActorRequest) -> HttpResponse:
    """The later version's regions with `state` new, changed or same, and those that are gone."""
    before, after = (sights(version) for version in _pair(request))
    found = compared(before, after)
    changed = {*found.moved, *found.area}
    features = [_feature(code, sight, _state(code, before, changed)) for code, sight in after.items()]
    features += [_feature(code, before[code], "gone") for code in found.gone]
    text = '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
    return HttpResponse(text, content_type="application/geo+json")


@require_POST
@only(*ORGANISERS)
def go_back(request: ActorRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(RegionVersion, pk=pk, is_staging=False)
    begin(version, instants.today(), by=request.actor)
    messages.success(request, _("已切换到“%(name)s”；从前的案件仍记在原来的版本里。") % {"name": version.name})
    return redirect("regions:versions")


@require_POST
@only(*ORGANISERS)
def take_back(request: ActorRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(RegionTerm.objects.select_related("version"), pk=pk)
    try:
        withdraw(term, by=request.actor)
        messages.success(request, _("“%(name)s”不再按期启用。") % {"name": term.version.name})
    except UserError as error:
        messages.error(request, str(error))
    return redirect("regions:versions")


def _pair(request: ActorRequest) -> tuple[RegionVersion, RegionVersion]:
    ids = [request.GET.get(name, "") for name in ("before", "after")]
    numbers = [each for each in ids if whole(each) is not None]
    known = {str(version.pk): version for version in RegionVersion.objects.filter(pk__in=numbers)}
    if any(each not in known for each in ids):
        raise UserError(_("请选两个版本来比较。"))
    return known[ids[0]], known[ids[1]]


def _state(code: str, before: dict[str, Sight], changed: set[str]) -> str:
    if code not in before:
        return "new"
    return "changed" if code in changed else "same"


def _feature(code: str, sight: Sight, state: str) -> str:
    properties: dict[str, Any] = {"code": code, "name": sight.name, "state": state}
    return f'{{"type":"Feature","properties":{json.dumps(properties)},"geometry":{shapely.to_geojson(sight.shape)}}}'
