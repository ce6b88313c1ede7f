"""Upload, preview and switching on of region versions: the system administrator's work."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
import shapely
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.views.parts import posted, tried
from chengyun.people.views.parts import only
from chengyun.regions.declares import ORGANISERS, READERS
from chengyun.regions.forms import SwitchForm, UploadForm
from chengyun.regions.models import DraftFault, Level, RegionDraft
from chengyun.regions.services.drafts import Upload, discard, make_draft, switch_on
from chengyun.regions.views.changes import told_changes

SHOWN_FAULTS = 500
KINDS = {
    "overlap": gettext_lazy("重叠"),
    "gap": gettext_lazy("缺口"),
    "wrong_parent": gettext_lazy("上级不对"),
    "no_parent": gettext_lazy("缺上级"),
    "outside_parent": gettext_lazy("越界"),
    "self_intersection": gettext_lazy("自相交"),
    "duplicate": gettext_lazy("代码重复"),
    "code": gettext_lazy("代码不对"),
    "prefix": gettext_lazy("代码不对"),
    "geometry": gettext_lazy("图形不对"),
    "coordinates": gettext_lazy("坐标不对"),
    "level": gettext_lazy("层级不对"),
    "missing": gettext_lazy("属性不对"),
}


@only(*ORGANISERS)
def upload(request: ActorRequest) -> HttpResponse:
    form = UploadForm(posted(request), request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        sent = Upload(file.read(), file.name, given["name"], given["system"], given["gaps"])
        draft = tried(form, lambda: make_draft(sent, by=request.actor))
        if draft:
            return redirect("regions:draft", draft.pk)
    return render(request, "regions/upload.html", {"form": form})


@require_safe
@only(*READERS)
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RegionDraft.objects.exclude(state=RegionDraft.State.FILLING), pk=pk)
    return render(request, "regions/draft.html", _context(request, row, SwitchForm()))


@require_POST
@only(*ORGANISERS)
def switch(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RegionDraft, pk=pk)
    form = SwitchForm(request.POST)
    day = form.cleaned_data["from_day"] if form.is_valid() else None
    if day and tried(form, lambda: switch_on(row, by=request.actor, from_day=day)) is not None:
        words = _("“%(name)s”已启用。") if day == instants.today() else _("“%(name)s”将从 %(day)s 起启用。")
        messages.success(request, words % {"name": row.name, "day": day.isoformat()})
        return redirect("regions:versions")
    row.refresh_from_db()
    return render(request, "regions/draft.html", _context(request, row, form), status=422)


@require_POST
@only(*ORGANISERS)
def throw_away(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RegionDraft, pk=pk)
    try:
        discard(row, by=request.actor)
        messages.success(request, _("已放弃“%(name)s”，现行版本没有变化。") % {"name": row.name})
    except UserError as error:
        messages.error(request, str(error))
    return redirect("regions:versions")


@require_safe
@only(*READERS)
def geojson(request: ActorRequest, pk: int) -> HttpResponse:
    """The draft's regions with `state`: faulty, new, changed or same."""
    row = get_object_or_404(RegionDraft, pk=pk)
    states = _states(row)
    regions = list(row.regions.order_by("id").values_list("level", "code", "number", "shape"))
    shapes = shapely.from_wkb([bytes(shape) for *_rest, shape in regions])
    drawn = shapely.to_geojson(np.asarray(shapely.transform(shapes, lambda points: points.round(6))))
    features = [
        _feature({"level": level, "code": code, "number": number, "state": states.get(code, "same")}, text)
        for (level, code, number, _shape), text in zip(regions, drawn.tolist(), strict=True)
    ]
    features += [_feature({"state": "land", "code": code}, _geometry(shape)) for code, shape in _lands(row)]
    text = '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
    return HttpResponse(text, content_type="application/geo+json")


def _states(row: RegionDraft) -> dict[str, str]:
    changes = row.differences
    found = dict.fromkeys((*changes.get("moved", {}), *changes.get("area", {})), "changed")
    found |= dict.fromkeys(changes.get("new", []), "new")
    found |= dict.fromkeys(row.faults.exclude(kind="gap").values_list("code", flat=True), "faulty")
    return found


def _lands(row: RegionDraft) -> list[tuple[str, bytes]]:
    """(code, shape) of the land that faults are about."""
    found = row.faults.filter(shape__isnull=False).values_list("code", "shape")
    return [(code, bytes(shape)) for code, shape in found if shape is not None]


def _geometry(shape: bytes) -> str:
    return str(shapely.to_geojson(shapely.from_wkb(shape)))


def _feature(properties: dict[str, object], geometry: str) -> str:
    return f'{{"type":"Feature","properties":{json.dumps(properties)},"geometry":{geometry}}}'


def _context(request: ActorRequest, row: RegionDraft, form: SwitchForm) -> dict[str, Any]:
    faults = list(row.faults.all()[:SHOWN_FAULTS])
    boxes = _boxes(row, faults)
    levels = [(Level(key).label, count) for key, count in row.counts.items()]
    return {
        "row": row,
        "form": form,
        "levels": levels,
        "faults": [_told(fault, boxes) for fault in faults],
        "kinds": Counter(str(KINDS.get(fault.kind, fault.kind)) for fault in faults).most_common(),
        "more": max(row.fault_count - len(faults), 0),
        "changes": told_changes(row.differences),
        "notice": row.differences.get("notice", ""),
        "may_change": request.actor.has(*ORGANISERS) and row.state == RegionDraft.State.CHECKED,
    }


def _boxes(row: RegionDraft, faults: list[DraftFault]) -> dict[int, str]:
    """By number of the region: where it lies, for faults that have no land of their own."""
    wanted = {fault.number for fault in faults if fault.shape is None and fault.number}
    rows = row.regions.filter(number__in=wanted).values_list("number", "shape") if wanted else []
    return {number: _box(bytes(shape)) for number, shape in rows}


def _box(shape: bytes) -> str:
    return ",".join(f"{each:.6f}" for each in shapely.from_wkb(shape).bounds)


def _told(fault: DraftFault, boxes: dict[int, str]) -> dict[str, object]:
    box = _box(bytes(fault.shape)) if fault.shape is not None else boxes.get(fault.number, "")
    return {"fault": fault, "kind": KINDS.get(fault.kind, fault.kind), "box": box}
