"""What a report is called, and the plain words that its template may use."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from chengyun.core.instants import SHANGHAI
from chengyun.insight.figures.naming import centre_name, county_name
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports.models import Kind, WorkReport


def title_of(kind: str, period: Period, region_code: str) -> str:
    first = period.first
    told = {"county": county_name(region_code), "y": first.year, "m": first.month, "d": first.day,
            "w": first.isocalendar().week, "wy": first.isocalendar().year}  # fmt: skip
    match kind:
        case Kind.DAILY:
            return _("%(county)s城市管理日报（%(y)d年%(m)d月%(d)d日）") % told
        case Kind.WEEKLY:
            return _("%(county)s城市管理周报（%(wy)d年第%(w)d周）") % told
        case Kind.MONTHLY:
            return _("%(county)s城市管理月报（%(y)d年%(m)d月）") % told
        case Kind.ANNUAL:
            return _("%(county)s%(y)d年城市管理工作报告") % told
        case _:
            return _("%(county)s城市管理专题报告") % told


def words_for(report: WorkReport) -> dict[str, str]:
    """`report.…` of a template."""
    return {
        "title": report.title,
        "county": county_name(report.region_code),
        "span": span(report.first, report.last),
        "year": str(report.last.year),
        "issuer": centre_name(report.region_code),
        "date": day((report.issued_at or report.drafted_at).astimezone(SHANGHAI).date()),
        "number": str(report.pk),
    }


def span(first: dt.date, last: dt.date) -> str:
    if first == last:
        return day(first)
    return _("%(first)s至%(last)s") % {"first": day(first), "last": day(last)}


def day(value: dt.date) -> str:
    return _("%(y)d年%(m)d月%(d)d日") % {"y": value.year, "m": value.month, "d": value.day}
