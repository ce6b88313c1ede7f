"""Timed work: the regular reports are drafted."""

from __future__ import annotations

from chengyun.core.jobs import every


@every(seconds=600, lease_s=600)
def draft_reports() -> None:
    """Once per kind, period and centre, however often this runs."""
    from chengyun.insight.reports.drafting import draft_what_is_due

    draft_what_is_due()
