"""A report that the office still writes, and one that went out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chengyun.casework.cases.tests.county import MONDAY
from chengyun.insight.reports import word_pdf, word_templates
from chengyun.insight.reports.counted import packed
from chengyun.insight.reports.models import Correction, CountedCases, WordPdf, WorkReport
from chengyun.regions.tests import land

FIGURE = {
    "key": "filed", "title": "立案数", "unit": "件", "share": False, "whole": True, "value": 1, "numerator": 1,
    "denominator": None, "behind": [0], "from": "2026-02-01", "to": "2026-02-28", "where": {}, "of": "",
}  # fmt: skip
FACTS: dict[str, Any] = {
    "figures": {"filed|period|": FIGURE},
    "tables": {},
    "sections": [],
    "texts": [{"key": "problems", "title": "存在问题"}],
}


def build() -> dict[str, int]:
    draft = _report("二月月报草稿", state="draft")
    issued = _report("二月月报", state="issued", issued_at=MONDAY, issued_by="leader")
    Correction.objects.create(report=draft, ref="filed|period|", title="立案数", old=1, new=2, reason="补录", at=MONDAY)
    key = word_pdf.key_of(draft)
    WordPdf.objects.create(report=draft, key=key, state="ready", asked_at=MONDAY, content=b"%PDF-1.4")
    for report in (draft, issued):
        CountedCases.objects.create(report=report, number=0, packed=packed({1: 1}))
    return {"draft_report": draft.pk, "issued_report": issued.pk}


def _report(title: str, **fields: Any) -> WorkReport:
    return WorkReport.objects.create(
        kind="monthly", title=title, first=dt.date(2026, 2, 1), last=dt.date(2026, 2, 28), region_code=land.COUNTY,
        template=word_templates.TEMPLATES.delivered("monthly"), facts=FACTS, as_of_cursor="0.0", as_of_at=MONDAY,
        drafted_at=MONDAY, drafted_by="chief", **fields,
    )  # fmt: skip
