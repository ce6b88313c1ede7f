"""The table of steps for docs/workflow.md: as a diagram and row by row."""

from __future__ import annotations

from typing import Final

from chengyun.casework.cases.workflow import BEFORE, ENDED, OPEN, SAME, STEPS, ClockStage, Stage


def diagram() -> str:
    """The table as Mermaid, for docs/workflow.md: one arrow per change of stage, side steps left out."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {stage.value}: {stage.label}" for stage in Stage]
    for step in STEPS.values():
        if step.target in (SAME, BEFORE):
            continue
        for source in [stage.value for stage in step.source] or ["[*]"]:
            lines.append(f"    {source} --> {Stage(step.target).value}: {step.title}")
    lines += [f"    {stage.value} --> [*]" for stage in ENDED]
    return "\n".join(lines)


HEAD: Final = "| verb | 步骤 | from | to | who | must bring | clocks | more |"


def table() -> str:
    """The table as Markdown, one row per step, for docs/workflow.md."""
    rows = [HEAD, "| --- " * HEAD.count(" | ") + "| --- |"]
    for step in STEPS.values():
        source = "any open stage" if step.source == OPEN else " ".join(stage.value for stage in step.source) or "–"
        who = ", ".join(f"{who.role} ({who.tie.value})" if who.role else who.tie.value for who in step.who)
        each = ", ".join(f"{effect.clock.value}: {effect.op}" for effect in step.clocks)
        clocks = f"all: {step.clocks[0].op}" if len(step.clocks) == len(ClockStage) else each
        brings = ", ".join(step.brings)
        more = " ".join(word for word, is_so in (("undo", step.undoable), ("bulk", step.bulk)) if is_so)
        cells = (f"`{step.verb}`", step.title, source, step.target, who, brings, clocks, more)
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(rows)
