"""流程: stay times, the way between departments, returns and rework; and the cases behind each of their figures."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from chengyun.casework.cases import filters
from chengyun.casework.cases.queries import visible_to
from chengyun.casework.cases.rows import rows_of
from chengyun.core.digits import whole
from chengyun.core.instants import now, today
from chengyun.insight import extra
from chengyun.insight.access import check_reads
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.measuring import Question
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.statistics import asked as asking
from chengyun.insight.statistics import behind, choices, flows, pivot, reasons, stays
from chengyun.insight.statistics.asked import Asked
from chengyun.people.middleware import ActorRequest
from chengyun.ui.templatetags.ui_tags import grouped

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

# Returns and rework, told by the indicators of the registry.
BACK = ("returned", "return_rate", "reworked", "rework_rate")
MOST_MOVES = 12


@require_GET
def process(request: ActorRequest) -> HttpResponse:
    check_reads(request.actor)
    if not extra.is_installed():
        return render(request, "statistics/absent.html")
    asked, fault = choices.read_or_usual(request)
    facts, question = _facts(), _question(request, asked)
    context = choices.of_form(request.actor, asked) | {"fault": fault, "frame": asked.frame()}
    context |= _stays(facts, question) | _flows(facts, question, asked.frame()) | _back(request, asked)
    context |= {f"{kind}_reasons": reasons.most_said(facts, question, verbs) for kind, verbs in reasons.KINDS.items()}
    return render(request, "statistics/process.html", context, status=422 if fault else 200)


def _question(request: ActorRequest, asked: Asked) -> Question:
    return Question(asked.period, scope_of(request.actor), asked.where)


def _facts() -> Session:
    from chengyun.insight.facts.session import session

    return session()


def _stays(facts: Session, question: Question) -> dict[str, Any]:
    return {"stages": stays.by_stage(facts, question), "departments": stays.by_department(facts, question)}


def _flows(facts: Session, question: Question, frame: str) -> dict[str, Any]:
    found = flows.paths(facts, question)
    if not found:
        return {"flow": None}
    address = partial(behind.node_address, frame)
    drawn = flows.drawn(found, address)
    labels = {node["name"]: node["label"] for node in drawn["nodes"]}
    moves = flows.moves(found)
    names = pivot.named("department", sorted({each for move in moves for each in (move.source, move.target)}))
    return {
        "flow": drawn,
        "flow_lines": [(labels[each["source"]], labels[each["target"]], each) for each in drawn["links"]],
        "flow_cases": _linked(sum(path.cases for path in found), address(flows.SOURCE)),
        "moved": _linked(
            sum(path.cases for path in found if len(path.departments) > 1), behind.address(frame, moved=1)
        ),
        "moves": [
            (names[each.source], names[each.target], each, behind.address(frame, **_ends(each)))
            for each in moves[:MOST_MOVES]
        ],
    }


def _ends(move: flows.Move) -> dict[str, int]:
    return {"source": move.source, "target": move.target}


def _linked(count: int, address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, grouped(count))


def _back(request: ActorRequest, asked: Asked) -> dict[str, Any]:
    wanted = tuple(found for key in BACK if (found := find(key)))
    answers = []
    for rows in ("department", "class"):
        table = replace(asked, indicators=wanted, rows=rows, columns="", compare=(), top=10, sort="")
        answer = pivot.answered(request.actor, table)
        answers.append((table.query(), {"answer": answer} | choices.of_table(answer)))
    return {"back": answers}


@require_GET
def cases(request: ActorRequest) -> HttpResponse:
    """The cases behind a figure of this page, newest first."""
    check_reads(request.actor)
    extra.require()
    asked = asking.read(request.GET, today(), by=request.actor)
    found = behind.read(_facts(), _question(request, asked), request.GET)
    newest = sorted(found.cases, reverse=True)
    before = whole(request.GET.get("before"))
    ids = [each for each in newest if before is None or each < before][: filters.PAGE + 1]
    shown = ids[: filters.PAGE]
    rows = visible_to(request.actor).filter(pk__in=shown).order_by("-pk")
    params = request.GET.copy()
    params.pop("before", None)
    older = f"?{params.urlencode()}&{urlencode({'before': shown[-1]})}" if len(ids) > len(shown) else ""
    context = {
        "title": found.title,
        "asked": asked,
        "total": len(newest),
        "times": found.times,
        "rows": rows_of(filters.fetched(rows), now()),
        "keeps_order": True,
        "older_url": older,
        "back_url": asked.frame(),
    }
    return render(request, "statistics/cases.html", context)
