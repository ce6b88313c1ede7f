"""A report as its page shows it: the same blocks as Word and PDF, each figure with where it leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chengyun.core.models import Cursor
from chengyun.insight.figures import links
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports import naming, services, words
from chengyun.insight.reports.blocks import Block, Run, blocks
from chengyun.insight.reports.composing import Composed, Matter, composed
from chengyun.insight.reports.models import WorkReport


def compose(report: WorkReport) -> Composed:
    with translation.override(services.LANGUAGE):
        return composed(bytes(report.template), matter_of(report))


def matter_of(report: WorkReport) -> Matter:
    with translation.override(services.LANGUAGE):
        return Matter(naming.words_for(report), report.facts, report.texts, services.corrections_of(report))


def shown(report: WorkReport, *, correcting: bool = False) -> list[dict[str, Any]]:
    """The blocks for the page."""
    address = _correction_address(report) if correcting else _figure_address(report)
    figures = report.facts["figures"]
    return [_block(each, figures, address) for each in blocks(compose(report))]


def _block(block: Block, figures: Mapping[str, Any], address: Callable[[str], str]) -> dict[str, Any]:
    def runs(given: Sequence[Run]) -> SafeString:
        return format_html_join("", "{}", ((_run(run, figures, address),) for run in given))

    rows = [[{"runs": runs(cell.runs), "span": cell.span, "num": cell.is_figure} for cell in row] for row in block.rows]
    return {"style": block.style, "runs": runs(block.runs), "rows": rows}


def _run(run: Run, figures: Mapping[str, Any], address: Callable[[str], str]) -> str:
    """A figure is a link that says what it is; given by hand it is marked."""
    if isinstance(run, str):
        return run
    title = "；".join(words.of_figure(figures[ref]) for ref in run.refs)
    if not (url := address(run.refs[0])):
        return format_html('<span title="{}">{}</span>', title, run.text)
    css, marks = (" is-corrected", "".join(map(words.mark, run.marks))) if run.marks else ("", "")
    link = format_html('<a class="report-figure{}" href="{}" title="{}">{}</a>', css, url, title, run.text)
    return link + format_html('<sup class="report-mark">{}</sup>', marks) if marks else link


def _figure_address(report: WorkReport) -> Callable[[str], str]:
    def of(ref: str) -> str:
        fact = report.facts["figures"][ref]
        return address_of(report, fact, ref)

    return of


def address_of(report: WorkReport, fact: Mapping[str, Any], ref: str = "") -> str:
    """Of what was issued, the page of just the cases that were counted; else the one that counts them now."""
    if ref and not report.is_draft and "behind" in fact:
        return f"{reverse('reports:figure', args=[report.pk])}?{urlencode({'ref': ref})}"
    return address_now(report, fact)


def address_now(report: WorkReport, fact: Mapping[str, Any]) -> str:
    """The page that explains a figure and lists the cases behind it as they are."""
    if not fact["key"]:
        return str(fact.get("url", ""))
    period = Period(dt.date.fromisoformat(fact["from"]), dt.date.fromisoformat(fact["to"]))
    told = links.Told(Cursor.parse(report.as_of_cursor), report.as_of_at, fact["value"])
    return links.address(fact["key"], period, fact["where"], told)


def _correction_address(report: WorkReport) -> Callable[[str], str]:
    page = reverse("reports:correct", args=[report.pk])
    return lambda ref: f"{page}?{urlencode({'ref': ref})}"
