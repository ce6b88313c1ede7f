"""Timed work: the regular reports are drafted. In the background: Word files become PDF."""

from __future__ import annotations

from chengyun.core.jobs import every, job


@job(tries=1)
def make_word_pdf(report_id: int, key: str) -> None:
    from chengyun.insight.reports import word_pdf

    word_pdf.make(report_id, key)


@every(seconds=600, lease_s=600)
def draft_reports() -> None:
    """Once per kind, period and centre, however often this runs."""
    from chengyun.insight.reports.drafting import draft_what_is_due

    draft_what_is_due()
