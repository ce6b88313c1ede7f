"""The cases behind the figures of the process page, by the address that the figure links."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.cases.workflow import CLOCK_TITLES
from chengyun.core.digits import whole
from chengyun.core.errors import UserError
from chengyun.insight.figures.dimensions import MOST_DIGITS, Key
from chengyun.insight.figures.measuring import Question
from chengyun.insight.statistics import flows, pivot, reasons, stays

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

SAID: Final = {"returned": gettext_lazy("回退理由"), "reworked": gettext_lazy("返工理由")}


@dataclass(frozen=True)
class Behind:
    title: str
    # How often each case counts.
    cases: Mapping[int, int]

    @property
    def times(self) -> int:
        return sum(self.cases.values())


def address(frame: str, **asked: str | int) -> str:
    """`frame` is `Asked.frame()`."""
    return f"{reverse('statistics:process_cases')}?{frame}&{urlencode(asked)}"


def node_address(frame: str, node: flows.Node, then: flows.Node | None = None) -> str:
    more = {} if then is None else {"then": flows.written(then)}
    return address(frame, at=flows.written(node), **more)


def read(session: Session, question: Question, params: QueryDict) -> Behind:
    """Raises UserError for an address that no figure has."""
    if "clock" in params:
        return _stays(session, question, params)
    if "at" in params:
        return _drawn(session, question, params)
    if "said" in params:
        return _said(session, question, params)
    if "moved" in params:
        return Behind(_("转过部门的案件"), flows.behind_moved(session, question))
    return _move(session, question, params)


def _stays(session: Session, question: Question, params: QueryDict) -> Behind:
    clock = _one_of(CLOCK_TITLES, params.get("clock", ""))
    part, department = _one_of(stays.PARTS, params.get("part", "")), params.get("department")
    title = [_("%(stage)s环节的停留") % {"stage": CLOCK_TITLES[clock]}]
    departments: list[Key] = []
    if department is not None:
        departments = [_whole(department) if department else None]
        title += pivot.named("department", departments).values()
    if part:
        title.append(str(stays.PARTS[part][0]))
    return Behind(" · ".join(title), stays.behind(session, question, clock, departments, part))


def _drawn(session: Session, question: Question, params: QueryDict) -> Behind:
    nodes = [_node(params.get(name, "")) for name in ("at", "then") if name in params]
    labels = flows.labels_of(nodes)
    return Behind(" → ".join(labels[node] for node in nodes), flows.behind_drawn(session, question, *nodes))


def _said(session: Session, question: Question, params: QueryDict) -> Behind:
    kind = _one_of(reasons.KINDS, params.get("said", ""))
    words, cases = reasons.behind(session, question, reasons.KINDS[kind], params.get("words", ""))
    return Behind(f"{SAID[kind]}：{words or _('没有')}", cases)


def _move(session: Session, question: Question, params: QueryDict) -> Behind:
    source, target = (_whole(params.get(name, "")) for name in ("source", "target"))
    names = pivot.named("department", [source, target])
    return Behind(f"{names[source]} → {names[target]}", flows.behind_move(session, question, source, target))


def _one_of(known: Container[str], text: str) -> str:
    if text not in known:
        raise _unknown()
    return text


def _whole(text: str) -> int:
    if (number := whole(text, most=MOST_DIGITS)) is None:
        raise _unknown()
    return number


def _node(text: str) -> flows.Node:
    try:
        return flows.read_node(text)
    except ValueError:
        raise _unknown() from None


def _unknown() -> UserError:
    return UserError(_("地址不完整；请从流程分析页点击数字打开"), field="clock")
