"""The document as page and PDF read it: paragraphs by their part in it, and tables; words and figures in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table

from chengyun.insight.reports.composing import Composed, Piece

Run = str | Piece
Style = Literal["title", "heading", "subheading", "centre", "right", "text"]


@dataclass(frozen=True)
class Cell:
    runs: Sequence[Run]
    span: int = 1

    @property
    def is_figure(self) -> bool:
        return any(isinstance(run, Piece) for run in self.runs)


@dataclass(frozen=True)
class Block:
    """A paragraph, or a table where there are rows."""

    style: Style = "text"
    runs: Sequence[Run] = ()
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return max((sum(cell.span for cell in row) for row in self.rows), default=0)


def blocks(composed: Composed) -> list[Block]:
    found = []
    for each in composed.document.iter_inner_content():
        if isinstance(each, Table):
            found.append(Block(rows=[_cells(composed, row) for row in each.rows]))
        elif each.text.strip():
            found.append(Block(_style(each), composed.split(each.text.strip())))
    return found


def _cells(composed: Composed, row: Any) -> list[Cell]:
    """Cells of one row; merged ones come once, with their span."""
    spans: dict[Any, int] = {}
    texts: dict[Any, str] = {}
    for cell in row.cells:
        spans[cell._tc] = spans.get(cell._tc, 0) + 1
        texts[cell._tc] = cell.text
    return [Cell(composed.split(texts[cell]), span) for cell, span in spans.items()]


def _style(paragraph: Any) -> Style:
    name = (paragraph.style.name if paragraph.style is not None else "") or ""
    if name == "Title":
        return "title"
    if name.startswith("Heading"):
        return "heading" if name == "Heading 1" else "subheading"
    if paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER:
        return "centre"
    return "right" if paragraph.alignment == WD_ALIGN_PARAGRAPH.RIGHT else "text"


def text_of(found: Sequence[Block]) -> str:
    """All of it as plain text, figures with the marks of their corrections; a line for each paragraph and row."""
    lines = []
    for block in found:
        if block.rows:
            lines += ["\t".join(_plain(cell.runs) for cell in row) for row in block.rows]
        else:
            lines.append(_plain(block.runs))
    return "\n".join(lines)


def _plain(runs: Sequence[Run]) -> str:
    return "".join(run if isinstance(run, str) else run.marked for run in runs)
