"""A Word document in the manners of GB/T 9704-2012: A4, title in 小标宋, headings in 黑体, text in 仿宋 三号.

Whatever comes in is text: printed as it is, without what XML cannot hold.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from chengyun.core.printable import printable

Font = tuple[str, int]
TITLE: Final[Font] = ("方正小标宋简体", 22)
HEADING: Final[Font] = ("黑体", 16)
TEXT: Final[Font] = ("仿宋", 16)
TABLE_SIZE: Final = 12
# GB/T 9704-2012, 5.2: the page's margins in millimetres.
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26


class Paper:
    """A document being written, from top to bottom."""

    def __init__(self) -> None:
        from docx import Document
        from docx.shared import Mm

        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)

    def title(self, text: str) -> None:
        self._line(text, TITLE, centred=True)

    def centred(self, text: str) -> None:
        self._line(text, TEXT, centred=True)

    def heading(self, text: str) -> None:
        self._line(text, HEADING)

    def text(self, text: str) -> None:
        """Each of its lines is a paragraph."""
        for part in text.splitlines():
            self._line(part, TEXT)

    def closing(self, text: str) -> None:
        """Who issues it, at the right under everything else."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        self._line(text, TEXT)
        self.document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _line(self, text: str, font: Font, *, centred: bool = False) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(28)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif font is TEXT:
            paragraph.paragraph_format.first_line_indent = Pt(2 * font[1])
        _write(paragraph, text, font)

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[int] = (),
        size: int = TABLE_SIZE,
    ) -> None:  # fmt: skip
        """`right` are the columns of figures; the heads come again on every page."""
        table = self.document.add_table(rows=1, cols=len(heads))
        table.style = "Table Grid"
        _cells(table.rows[0], heads, ("黑体", size), right)
        _repeat(table.rows[0])
        for row in rows:
            _cells(table.add_row(), row, ("仿宋", size), right)

    def content(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def _cells(row: Any, texts: Sequence[str], font: Font, right: Collection[int]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        if place in right:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _write(cell.paragraphs[0], text, font)


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _write(paragraph: Any, text: str, font: Font) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(printable(text))
    run.font.name, run.font.size = font[0], Pt(font[1])
    # Word takes the font of Chinese text from an attribute of its own.
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font[0])
