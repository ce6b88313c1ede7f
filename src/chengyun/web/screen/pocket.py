"""Ten figures for a leader's pocket, each with its change and its cases, and how the county's running targets stand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.insight.figures.kept import measure_kept
from chengyun.insight.targets.lines import lines_of
from chengyun.insight.targets.queries import running_for_county
from chengyun.people.access import Actor
from chengyun.web.screen.looking import Span
from chengyun.web.screen.snapshot import seen_now
from chengyun.web.screen.told import cell, change

# Of the period, and what stands now.
OF_PERIOD = (
    "reported",
    "filed",
    "closed",
    "closing_rate",
    "on_time_handling_rate",
    "mean_handling_hours",
    "rework_rate",
    "told_rate",
)
NOW = ("lamp_red", "suspended")
PERIODS = ("today", "month", "year")


def chosen(period: str) -> str:
    if period and period not in PERIODS:
        raise UserError(_("时段只能是今日、本月或本年。"), field="period")
    return period or "month"


def told(actor: Actor, period: str) -> dict[str, Any]:
    seen = seen_now(actor)
    looking = seen.looking
    span: Span = getattr(looking, period)
    wanted = [looking.asked(key, each) for key in OF_PERIOD for each in (span.period, span.before)]
    wanted += [looking.asked(key, looking.today.period) for key in NOW]
    figures = measure_kept(seen.session, wanted)
    running = running_for_county(actor, looking.day)
    pairs = zip(figures[: 2 * len(OF_PERIOD) : 2], figures[1 : 2 * len(OF_PERIOD) : 2], strict=True)
    return {
        "targets": lines_of(actor, running, looking.day),
        "at": seen.as_of.at,
        "span": span,
        "spans": [(key, getattr(looking, key), key == period) for key in PERIODS],
        "now": [{"title": figure.indicator.title, **cell(figure)} for figure in figures[-len(NOW) :]],
        "figures": [
            {"title": now.indicator.title, **cell(now), "change": change(now, before, span)} for now, before in pairs
        ],
    }
