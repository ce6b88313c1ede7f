"""What reports tell of components: the register as it stands, what became of it in the period, the cases about it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from chengyun.assets.models import Component, State
from chengyun.assets.queries import MOVES, Heap, in_service, moved, part_classes
from chengyun.assets.summary import standing
from chengyun.casework.components.queries import links_filed
from chengyun.core import configuration
from chengyun.core.declarations import PartFigure, ReportPart

NO_BRACES: Final = str.maketrans("{}", "（）")
# Of a major class the report tells how many are there and how many of them are not as they should be.
UNWELL: Final = frozenset({State.DAMAGED, State.LOST, State.ABANDONED})


def build(first: dt.date, last: dt.date, region_code: str) -> ReportPart | None:
    """The register is told as it stands when the report is drafted, whatever its period; where it is empty, nothing."""
    region = "" if _is_whole(region_code) else region_code
    heaps = standing(region)
    if not heaps:
        return None
    states = Counter[str]()
    for heap in heaps:
        states[heap.state] += heap.count
    figures = _totals(states, region) | _moves(first, last, region) | _cases(first, last, region)
    majors, lines = _majors(heaps, region)
    return ReportPart(
        [
            _(
                "起草时在册部件 {total} 个，其中完好 {intact} 个，破损 {damaged} 个，丢失 {lost} 个，"
                "废弃 {abandoned} 个，移除 {removed} 个。"
            ),
            _("按大类：%s。") % "；".join(lines),
            _("期内启用部件 {begun} 个，变更 {changed} 个，停用 {ended} 个。"),
            _("期内立案的案件中，{cases} 件指向在册部件，涉及部件 {pieces} 个；其中已结案 {done} 件。"),
        ],
        figures | majors,
    )


def _is_whole(region_code: str) -> bool:
    """Whether the place is all that the register is about. Then what lies in no township counts as well."""
    return str(configuration.value("installation.division_code")).startswith(region_code)


def _totals(states: Mapping[str, int], region: str) -> dict[str, PartFigure]:
    pieces = _("个")
    found = {
        state.value: PartFigure(
            _("在册部件：%s") % state.label, states.get(state, 0), pieces, _listed(region, state=state.value)
        )
        for state in State
    }
    return found | {"total": PartFigure(_("在册部件"), sum(states.values()), pieces, _listed(region))}


def _majors(heaps: list[Heap], region: str) -> tuple[dict[str, PartFigure], list[str]]:
    """By the major class's code; the figures of a class that the catalogue has no longer stand under its code."""
    names = {code[:2]: minor.major.name for code, minor in part_classes().items()}
    all_of, unwell = Counter[str](), Counter[str]()
    for heap in heaps:
        all_of[heap.class_code[:2]] += heap.count
        unwell[heap.class_code[:2]] += heap.count if heap.state in UNWELL else 0
    figures, lines = {}, []
    for code in sorted(all_of):
        name = names.get(code, code).translate(NO_BRACES)
        url = _listed(region, major=code)
        figures[f"major_{code}"] = PartFigure(_("在册部件：%s") % name, all_of[code], _("个"), url)
        figures[f"unwell_{code}"] = PartFigure(_("破损、丢失、废弃的部件：%s") % name, unwell[code], _("个"), url)
        told = {"name": name, "code": code}
        lines.append(_("%(name)s {major_%(code)s} 个（破损、丢失、废弃 {unwell_%(code)s} 个）") % told)
    return figures, lines


def _moves(first: dt.date, last: dt.date, region: str) -> dict[str, PartFigure]:
    titles = {"begun": _("期内启用的部件"), "changed": _("期内变更的部件"), "ended": _("期内停用的部件")}
    retired = Component.objects.filter(valid_to__isnull=False)
    found = {}
    for move in MOVES:
        rows = moved(retired if move == "ended" else in_service(), move, first, last)
        count = rows.filter(township_code__startswith=region).count() if region else rows.count()
        asked = {"moved": f"{move}:{first.isoformat()}:{last.isoformat()}"}
        if move == "ended":
            asked["retired"] = "1"
        found[move] = PartFigure(titles[move], count, _("个"), _listed(region, **asked))
    return found


def _cases(first: dt.date, last: dt.date, region: str) -> dict[str, PartFigure]:
    links = links_filed(first, last)
    if region:
        links = links.filter(case__township_code__startswith=region)
    done = Q(case__closed_at__isnull=False)
    counted = links.aggregate(
        cases=Count("pk"), done=Count("pk", filter=done), pieces=Count("component", distinct=True)
    )
    every, asked = reverse("components:cases"), {"filed_from": first.isoformat(), "filed_to": last.isoformat()}
    page = f"{every}?{urlencode(asked)}"
    return {
        "cases": PartFigure(_("指向部件的案件"), counted["cases"], _("件"), page),
        "pieces": PartFigure(_("案件涉及的部件"), counted["pieces"], _("个"), page),
        "done": PartFigure(_("指向部件的案件结案"), counted["done"], _("件"), f"{page}&closed=1"),
    }


def _listed(region: str, **asked: str) -> str:
    """The register's list behind a figure."""
    asked = {"region": region} | asked if region else asked
    return f"{reverse('assets:list')}?{urlencode(asked)}" if asked else reverse("assets:list")
