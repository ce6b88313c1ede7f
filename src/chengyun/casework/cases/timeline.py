"""The history of a case told in sentences, newest first (UI.md, «The desk»)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from chengyun.casework.cases.fields import EVIDENCE
from chengyun.casework.cases.models import Step
from chengyun.casework.cases.workflow import CLOCK_TITLES, STEPS, Stage
from chengyun.people.roles import Role


@dataclass(frozen=True)
class Line:
    step: Step
    at: dt.datetime
    who: str
    what: str
    note: str
    details: list[str]
    spent_seconds: int
    stage: str

    @property
    def seq(self) -> int:
        return self.step.seq


def timeline(steps: Sequence[Step]) -> list[Line]:
    return [line(step) for step in steps]


def line(step: Step) -> Line:
    return Line(
        step=step,
        at=step.at,
        who=_who(step),
        what=_what(step),
        note=step.note,
        details=[*_evidence(step), *_clocks(step)],
        spent_seconds=step.spent_seconds,
        stage=str(Stage(step.target_stage).label),
    )


def _who(step: Step) -> str:
    if step.by_role == "system":
        return _("系统")
    role = str(Role(step.by_role).label) if step.by_role in Role.values else _("上报人")
    return " ".join(part for part in (step.by_department_name, role, step.by_name) if part)


def _what(step: Step) -> str:
    title = str(STEPS[step.verb].title) if step.verb in STEPS else step.verb
    add = DETAILS.get(step.verb)
    more = add(step.data) if add else ""
    return f"{title} {more}".strip()


def _dispatched(data: dict[str, Any]) -> str:
    others = "、".join(_("%s（协办）") % each["name"] for each in data.get("co_departments", ()))
    main = _("%s（主办）") % data["department"]["name"]
    return _("至 %s") % "、".join(part for part in (main, others) if part)


def _classed(data: dict[str, Any]) -> str:
    return f"{data['class']['code']} {data['class']['name']}" if "class" in data else ""


def _filed(data: dict[str, Any]) -> str:
    return str(data.get("condition", {}).get("text", ""))


def _tasked(data: dict[str, Any]) -> str:
    name = data.get("collector", {}).get("name", "")
    return _("给 %s") % name if name else ""


def _found(data: dict[str, Any]) -> str:
    return {"confirmed": _("情况属实"), "not_found": _("现场未发现")}.get(data.get("finding", ""), "")


def _assigned(data: dict[str, Any]) -> str:
    name = data.get("handler", {}).get("name", "")
    return _("给 %s") % name if name else ""


def _into(data: dict[str, Any]) -> str:
    return _("到 %s") % str(data["target"]["number"])


def _bundled(data: dict[str, Any]) -> str:
    return "、".join(data.get("bundled", ()))


def _imported(data: dict[str, Any]) -> str:
    return str(_("自%(system)s %(id)s") % data["imported"])


DETAILS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "accept": _classed,
    "handle_on_spot": _classed,
    "file": _filed,
    "dispatch": _dispatched,
    "decide_dispute": _dispatched,
    "send_verify": _tasked,
    "send_check": _tasked,
    "verify_report": _found,
    "receive": _assigned,
    "assign": _assigned,
    "merge": _into,
    "take_merged": lambda data: str(data.get("merged", "")),
    "split": lambda data: str(data.get("split", "")),
    "bundle": _bundled,
    "import": _imported,
    "import_close": _imported,
    "import_void": _imported,
}


def _evidence(step: Step) -> list[str]:
    if not step.evidence:
        return []
    words = {"kind": EVIDENCE.get(step.evidence, step.evidence), "note": step.evidence_note}
    return [_("代录，依据%(kind)s：%(note)s") % words]


CLOCK_WORDS: Final = {
    "start": _lazy("开始计时"),
    "restart": _lazy("重新计时"),
    "pause": _lazy("暂停计时"),
    "resume": _lazy("恢复计时"),
    "extend": _lazy("延长时限"),
    "exempt": _lazy("超时豁免"),
    "recalculate": _lazy("按新日历重算"),
}


def _clocks(step: Step) -> list[str]:
    """Stops go without saying; everything else that moved a clock is told."""
    told = [effect for effect in step.clock_effects if effect["effect"] in CLOCK_WORDS]
    return [f"{CLOCK_TITLES[effect['clock']]}{CLOCK_WORDS[effect['effect']]}" for effect in told]
