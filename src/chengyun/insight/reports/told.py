"""What happened to a report, and what is otherwise today, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chengyun.insight.reports import preview, services, words
from chengyun.insight.reports.models import WorkReport

VERBS: Final[dict[str, Promise]] = {
    "work_report.drafted": gettext_lazy("起草"),
    "work_report.drafted_anew": gettext_lazy("重新取数"),
    "work_report.written": gettext_lazy("修改文字"),
    "work_report.corrected": gettext_lazy("更正数据"),
    "work_report.correction_withdrawn": gettext_lazy("撤销更正"),
    "work_report.issued": gettext_lazy("签发"),
}


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    what: str
    detail: str = ""


def history_lines(records: Iterable[Any]) -> list[Line]:
    return [
        Line(row.at, row.by_name, str(VERBS.get(row.verb, row.verb)), str(row.data.get("reason", "")))
        for row in records
    ]


@dataclass(frozen=True)
class Difference:
    what: str
    then: str
    now: str
    url: str


def differences(report: WorkReport) -> list[Difference]:
    return [
        Difference(
            words.of_figure(fact), words.written(fact, fact["value"]), words.written(fact, value),
            preview.address_of(report, fact),
        )
        for fact, value in services.differences(report)
    ]  # fmt: skip
