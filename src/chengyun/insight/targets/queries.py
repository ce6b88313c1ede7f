"""Which targets a page, a file or a program asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.insight.figures.indicator import find
from chengyun.insight.targets import spans
from chengyun.insight.targets.access import plans_for, visible_to
from chengyun.insight.targets.models import PlanTarget
from chengyun.insight.targets.spans import SpanKind
from chengyun.insight.targets.subjects import SubjectKind
from chengyun.people.access import Actor
from chengyun.regions.queries import region_names

# The county first, then departments and townships; of each an indicator's year, quarters and months in turn.
ORDER = ("subject_kind", "department__sort_order", "township_code", "indicator", "first", "-last", "pk")
# What a leader's page has room for.
MOST_RUNNING = 12


@dataclass(frozen=True)
class Wish:
    """What of a year is wanted; blank is all of it."""

    year: int
    span: str = ""
    # county, department:3 or township:990126001
    subject: str = ""
    indicator: str = ""
    only_deviating: bool = False


def wish_of(actor: Actor, params: Mapping[str, str]) -> Wish:
    """Raises UserError with the part that cannot be read."""
    return Wish(
        year=_year(actor, params.get("year", "")),
        span=_one_of(params.get("span", ""), SpanKind.values, "span"),
        subject=_subject(params.get("subject", "")),
        indicator=_indicator(params.get("indicator", "")),
        only_deviating=bool(params.get("deviating")),
    )


def found(actor: Actor, wish: Wish) -> QuerySet[PlanTarget]:
    """Standing targets of standing plans, which the actor may see."""
    rows = visible_to(actor).filter(plan__year=wish.year, plan__in=plans_for(actor).on(today())).on(today())  # type: ignore[attr-defined]
    if wish.span:
        rows = rows.filter(span_kind=wish.span)
    if wish.indicator:
        rows = rows.filter(indicator=wish.indicator)
    kind, _colon, key = wish.subject.partition(":")
    if kind == SubjectKind.DEPARTMENT and key:
        rows = rows.filter(department=int(key))
    elif kind == SubjectKind.TOWNSHIP and key:
        rows = rows.filter(township_code=key)
    elif kind:
        rows = rows.filter(subject_kind=kind)
    ordered: QuerySet[PlanTarget] = rows.select_related("plan", "department").order_by(*ORDER)
    return ordered


def running_for_county(actor: Actor, day: dt.date) -> list[PlanTarget]:
    """The county's own whose period has begun and is not over, the shortest periods last; a dozen at most."""
    rows = found(actor, Wish(day.year, subject=SubjectKind.COUNTY)).filter(first__lte=day, last__gte=day)
    return list(rows.order_by("first", "indicator", "pk")[:MOST_RUNNING])


def years_of(actor: Actor) -> list[int]:
    """Of the standing plans, the newest first."""
    return sorted(set(plans_for(actor).on(today()).values_list("year", flat=True)), reverse=True)  # type: ignore[attr-defined]


def _year(actor: Actor, text: str) -> int:
    """Left out: this year, or where nothing is planned for it the newest plan's."""
    if text:
        if not (text.isascii() and text.isdigit() and spans.EARLIEST <= int(text[:9]) <= spans.LATEST):
            raise UserError(_("年份“%s”读不懂，请写成 2026 的样式") % text[:20], field="year")
        return int(text)
    known, now = years_of(actor), today().year
    return now if now in known or not known else known[0]


def _one_of(text: str, known: list[str], field: str) -> str:
    if text and text not in known:
        said = {"text": text[:20], "known": "、".join(known)}
        raise UserError(_("“%(text)s”不认得，可用的有：%(known)s") % said, field=field)
    return text


def _indicator(text: str) -> str:
    """Also one whose module is gone, where a target of it is left."""
    key = text.replace("\x00", "")[:60]
    if key and find(key) is None and not PlanTarget.objects.filter(indicator=key).exists():
        raise UserError(_("没有“%s”这个指标，请从列表中选择") % key[:40], field="indicator")
    return key


def _subject(text: str) -> str:
    kind, colon, key = text.partition(":")
    if text and (kind not in SubjectKind.values or (colon and whole(key) is None)):
        raise UserError(_("没有对象“%s”，请从列表中选择") % text[:40], field="subject")
    return text


def subjects_of(actor: Actor, year: int) -> list[tuple[str, str]]:
    """The objects of the year's targets as a filter takes them, with their names."""
    rows = found(actor, Wish(year)).order_by("subject_kind", "department__sort_order", "township_code")
    known = dict.fromkeys(
        rows.values_list("subject_kind", "department", "department__short_name", "township_code").distinct()
    )
    places = region_names([code for *_rest, code in known if code])
    found_subjects = []
    for kind, department, name, code in known:
        key = f"{kind}:{department or code}" if kind != SubjectKind.COUNTY else kind
        found_subjects.append((key, name or places.get(code, code) or str(SubjectKind.COUNTY.label)))
    return list(dict.fromkeys(found_subjects))
