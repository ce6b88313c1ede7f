"""What happened to a report, and what is otherwise today, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chengyun.casework.cases.queries import visible_to
from chengyun.insight.reports import preview, services, words
from chengyun.insight.reports.models import WorkReport
from chengyun.people.access import Actor

VERBS: Final[dict[str, Promise]] = {
    "work_report.drafted": gettext_lazy("起草"),
    "work_report.drafted_anew": gettext_lazy("重新取数"),
    "work_report.written": gettext_lazy("修改文字"),
    "work_report.corrected": gettext_lazy("更正数据"),
    "work_report.correction_withdrawn": gettext_lazy("撤销更正"),
    "work_report.issued": gettext_lazy("签发"),
}

# Cases named beside a difference; of more their number is told.
SHOWN: Final = 10


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
    """`came` and `left`: numbers of the cases that a figure counts now and did not, and the other way round."""

    what: str
    then: str
    now: str
    url: str
    came: Moved
    left: Moved


@dataclass(frozen=True)
class Moved:
    count: int
    numbers: Sequence[str]

    @property
    def more(self) -> int:
        return self.count - len(self.numbers)


def differences(report: WorkReport, actor: Actor) -> list[Difference]:
    found = services.differences(report)
    first = {each for change in found for ids in (change.came, change.left) for each in _newest(ids)}
    numbers = dict(visible_to(actor).filter(pk__in=first).values_list("pk", "number"))
    return [
        Difference(
            words.of_figure(each.fact), words.written(each.fact, each.fact["value"]),
            words.written(each.fact, each.value), preview.address_of(report, each.fact),
            _moved(each.came, numbers), _moved(each.left, numbers),
        )
        for each in found
    ]  # fmt: skip


def _newest(ids: frozenset[int]) -> list[int]:
    return sorted(ids, reverse=True)[:SHOWN]


def _moved(ids: frozenset[int], numbers: Mapping[int, str]) -> Moved:
    return Moved(len(ids), [numbers[each] for each in _newest(ids) if each in numbers])
