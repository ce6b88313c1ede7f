"""The parts of the documentation that the code knows better: `python scripts/docs.py` writes them afresh.

Each stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; tests/test_docs.py compares.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def county_settings() -> str:
    """One row per declared setting that a county may change."""
    from chengyun.core import declarations

    rows = ["| key | 名称 | default | unit | rule |", "| --- | --- | --- | --- | --- |"]
    for each in sorted(declarations.collect(declarations.SettingDeclaration), key=lambda each: each.key):
        rows.append(f"| `{each.key}` | {each.title} | `{each.default}` | {each.unit} | {each.form.rule()} |")
    return "\n".join(rows)


def workflow_diagram() -> str:
    from chengyun.casework.cases import workflow_printed

    return f"```mermaid\n{workflow_printed.diagram()}\n```"


def workflow_table() -> str:
    from chengyun.casework.cases import workflow_printed

    return workflow_printed.table()


def indicators() -> str:
    """One row per registered indicator."""
    from chengyun.insight.figures.indicator import indicators

    rows = ["| name | 指标 | 口径 | unit | source | better |", "| --- | --- | --- | --- | --- | --- |"]
    for each in indicators():
        cells = (f"`{each.key}`", each.title, each.words, each.unit, each.source, each.better or "–")
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(rows)


def dimensions() -> str:
    from chengyun.insight.figures.dimensions import DIMENSIONS

    rows = ["| key | 维度 | of |", "| --- | --- | --- |"]
    rows += [f"| `{each.key}` | {each.title} | {each.of_what} |" for each in DIMENSIONS.values()]
    return "\n".join(rows)


BLOCKS: dict[str, tuple[str, Callable[[], str]]] = {
    "county-settings": ("settings.md", county_settings),
    "dimensions": ("insight.md", dimensions),
    "indicators": ("insight.md", indicators),
    "workflow-diagram": ("workflow.md", workflow_diagram),
    "workflow-table": ("workflow.md", workflow_table),
}


def pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- begin {name} -->.*?<!-- end {name} -->", re.DOTALL)


def written(name: str) -> str:
    """What the document says now."""
    file, _make = BLOCKS[name]
    text = (DOCS / file).read_text(encoding="utf-8")
    found = pattern(name).search(text)
    return found.group(0) if found else ""


def expected(name: str) -> str:
    _file, make = BLOCKS[name]
    return f"<!-- begin {name} -->\n{make()}\n<!-- end {name} -->"


def write(name: str) -> None:
    file, _make = BLOCKS[name]
    path = DOCS / file
    text = path.read_text(encoding="utf-8")
    path.write_text(pattern(name).sub(lambda _match: expected(name), text), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.config.test_settings")
    import django

    django.setup()
    for block in BLOCKS:
        write(block)
