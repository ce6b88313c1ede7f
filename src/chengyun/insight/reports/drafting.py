"""Reports that begin by themselves: on the morning after a day, a week, a month, for each centre once."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import IntegrityError, transaction

from chengyun.core import configuration
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI, now, today
from chengyun.insight import extra
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports import periods
from chengyun.insight.reports.models import REGULAR, WorkReport
from chengyun.insight.reports.services import draft_for
from chengyun.people.access import SYSTEM, region_prefix
from chengyun.people.models import Department

log = structlog.get_logger(__name__)


def draft_what_is_due() -> list[WorkReport]:
    """Yesterday's, last week's, last month's, as far as the county wants them and they are not there yet."""
    if not extra.is_installed() or now().astimezone(SHANGHAI).hour < int(configuration.value("reports.hour")):
        return []
    wanted = [kind for kind in REGULAR if kind in configuration.value("reports.by_themselves")]
    ended = {str(kind): _last_ended(kind, today()) for kind in wanted}
    there = _there(ended)
    due = [(kind, region) for kind in ended for region in _regions() if (kind, region) not in there]
    return [report for kind, region in due if (report := _drafted(kind, ended[kind], region))]


def _last_ended(kind: str, day: dt.date) -> Period:
    return periods.around(kind, periods.around(kind, day).first - periods.DAY)


def _there(ended: dict[str, Period]) -> set[tuple[str, str]]:
    """Drafted by itself, or by somebody who was faster."""
    rows = WorkReport.objects.filter(first__in=[period.first for period in ended.values()])
    found = rows.values_list("kind", "region_code", "first")
    return {(kind, region) for kind, region, first in found if kind in ended and ended[kind].first == first}


def _regions() -> list[str]:
    centres = Department.objects.on(today()).filter(kind=Department.Kind.CENTRE)
    return sorted({region_prefix(code) for code in centres.values_list("region_code", flat=True)})


def _drafted(kind: str, period: Period, region: str) -> WorkReport | None:
    try:
        with transaction.atomic():
            return draft_for(kind, period, region, by=SYSTEM, itself=True)
    except IntegrityError:  # another worker was faster
        return None
    except UserError as error:
        log.warning("report_not_drafted", kind=kind, region=region, why=str(error))
        return None
