"""流程: stay times, the way between departments, returns and rework; and the cases behind each of their figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengyun.casework.cases import filters
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.rows import rows_of
from chengyun.casework.cases.workflow import CLOCK_TITLES
from chengyun.core.errors import UserError
from chengyun.core.instants import now, today
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.measuring import Question
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import choices, flows, pivot, reasons, stays
from chengyun.insight.statistics.asked import Asked
from chengyun.people.middleware import ActorRequest

# Returns and rework, told by the indicators of the registry.
BACK = ("returned", "return_rate", "reworked", "rework_rate")
MOST_MOVES = 12


@require_GET
def process(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "statistics/absent.html")
    asked, fault = choices.read_or_usual(request)
    context = choices.of_form(request.actor, asked) | {"fault": fault, "frame": asked.frame()}
    context |= _stays(request, asked) | _flows(request, asked) | _back(request, asked)
    return render(request, "statistics/process.html", context, status=422 if fault else 200)


def _question(request: ActorRequest, asked: Asked) -> Question:
    return Question(asked.period, scope_of(request.actor), asked.where)


def _stays(request: ActorRequest, asked: Asked) -> dict[str, Any]:
    from chengyun.insight.facts.session import session

    facts, question = session(), _question(request, asked)
    return {"stages": stays.by_stage(facts, question), "departments": stays.by_department(facts, question)}


def _flows(request: ActorRequest, asked: Asked) -> dict[str, Any]:
    from chengyun.insight.facts.session import session

    found = flows.paths(session(), _question(request, asked))
    moves = flows.moves(found)
    names = pivot.named("department", sorted({each for move in moves for each in (move.source, move.target)}))
    return {
        "flow": flows.drawn(found) if found else None,
        "flow_cases": sum(path.cases for path in found),
        "moved": sum(path.cases for path in found if len(path.departments) > 1),
        "moves": [(names[each.source], names[each.target], each) for each in moves[:MOST_MOVES]],
    }


def _back(request: ActorRequest, asked: Asked) -> dict[str, Any]:
    from chengyun.insight.facts.session import session

    wanted = tuple(found for key in BACK if (found := find(key)))
    answers = []
    for rows in ("department", "class"):
        table = replace(asked, indicators=wanted, rows=rows, columns="", compare=(), top=10, sort="")
        answer = pivot.answered(request.actor, table)
        answers.append((table.query(), {"answer": answer} | choices.of_table(answer)))
    facts, question = session(), _question(request, asked)
    said = {
        "returned_reasons": reasons.most_said(facts, question, reasons.RETURNED),
        "reworked_reasons": reasons.most_said(facts, question, reasons.REWORKED),
    }
    return {"back": answers, **said}


@require_GET
def cases(request: ActorRequest) -> HttpResponse:
    """The cases behind a figure of this page: of a stage, of a move, newest first."""
    check_reads(request.actor)
    extra.require()
    asked = asking.read(request.GET, today())
    found, title = _behind(request, asked)
    newest = sorted(found, reverse=True)
    before = _number(request, "before")
    ids = [each for each in newest if before is None or each < before][: filters.PAGE + 1]
    shown = ids[: filters.PAGE]
    rows = visible_to(request.actor).filter(pk__in=shown).order_by("-pk")
    params = request.GET.copy()
    params.pop("before", None)
    older = f"?{params.urlencode()}&{urlencode({'before': shown[-1]})}" if len(ids) > len(shown) else ""
    context = {
        "title": title, "asked": asked, "total": len(found), "rows": rows_of(filters.fetched(rows), now()),
        "older_url": older, "back_url": asked.frame(),
    }  # fmt: skip
    return render(request, "statistics/cases.html", context)


def _behind(request: ActorRequest, asked: Asked) -> tuple[list[int], str]:
    from chengyun.insight.facts.session import session

    facts, question = session(), _question(request, asked)
    clock, source, target = request.GET.get("clock", ""), _number(request, "source"), _number(request, "target")
    if clock in CLOCK_TITLES:
        department = _number(request, "department")
        name = f" · {pivot.named('department', [department])[department]}" if department is not None else ""
        title = _("%(stage)s环节的停留") % {"stage": CLOCK_TITLES[clock]} + name
        return stays.behind(facts, question, clock, department), title
    if source is not None and target is not None:
        names = pivot.named("department", [source, target])
        return flows.behind(facts, question, source, target), f"{names[source]} → {names[target]}"
    raise UserError(_("地址不完整；请从流程分析页点击数字打开"), field="clock")


def _number(request: ActorRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
