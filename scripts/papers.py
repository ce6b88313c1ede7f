"""Write the shipped Word template of the 交办单: `python scripts/papers.py`.

GB/T 9704 manners: A4, margins 37/35/28/26 mm, centred title in 小标宋 with 黑体 behind it, text in 仿宋, labels in
黑体, page number as — 1 —. Word and LibreOffice put their own song or black type where a font is absent.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TARGET = Path(__file__).resolve().parent.parent / "src/chengyun/casework/papers/word/dispatch_order.docx"
TEXT, LABEL, TITLE = "仿宋", "黑体", "方正小标宋简体"
WIDTHS = (Mm(26), Mm(52), Mm(26), Mm(52))
# label, what stands beside it; a row of two pairs or one across.
ROWS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("案件编号", "{{ order.number }}"), ("上报时间", "{{ order.reported }}")),
    (("问题来源", "{{ order.source }}"), ("紧急程度", "{{ order.urgent or '一般' }}")),
    (("主办部门", "{{ order.department }}"),),
    (("问题类别", "{{ order.class }}"),),
    (("地　　点", "{{ order.place }}"),),
    (("问题描述", "{{ order.description }}"),),
    (("处置时限", "{{ order.limit }}"), ("截止时间", "{{ order.due }}")),
    (("结案条件", "{{ order.closing }}"),),
)
HANDED_BACK = (("处置结果", "（由主办部门填写，附处置后照片）\n\n\n"), ("经 办 人", "\n"))


def main() -> None:
    document = Document()
    _page(document)
    _line(document, "{%p for order in orders %}")
    title = _line(document, "城市管理案件交办单", font=TITLE, size=22, centred=True)
    title.paragraph_format.space_after = Pt(12)
    _table(document)
    _line(document, "处置前照片", font=LABEL, size=14).paragraph_format.space_before = Pt(8)
    _line(document, "{%p for row in order.pictures %}")
    _line(document, "{{ row.left }}　{{ row.right }}", centred=True)
    _line(document, "{%p endfor %}")
    _line(document, "签发：{{ order.issuer }}", right=True).paragraph_format.space_before = Pt(12)
    _line(document, "{{ order.date }}", right=True)
    _line(document, "{%p if not loop.last %}")
    document.add_page_break()
    _line(document, "{%p endif %}")
    _line(document, "{%p endfor %}")
    _constant(document)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(TARGET))


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _font(document.styles["Normal"], TEXT, 14)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", False), ("PAGE", True), (" —", False)):
        run = foot.add_run("" if field else text)
        _font(run, "宋体", 14)
        if field:
            _field(run, text)


def _field(run: Any, name: str) -> None:
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._r.append(part)


def _line(
    parent: Any, text: str, *, font: str = TEXT, size: int = 14, centred: bool = False, right: bool = False
) -> Any:
    paragraph = parent.add_paragraph()
    if centred or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT
    _font(paragraph.add_run(text), font, size)
    return paragraph


def _font(part: Any, name: str, size: int) -> None:
    part.font.name, part.font.size = "Times New Roman", Pt(size)
    part.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _table(document: Any) -> None:
    table = document.add_table(rows=0, cols=4)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for pairs in (*ROWS, *((pair,) for pair in HANDED_BACK)):
        cells = table.add_row().cells
        for cell, width in zip(cells, WIDTHS, strict=True):
            cell.width = width
        if len(pairs) == 1:
            cells[1].merge(cells[3])
        for place, (label, text) in zip((0, 2), pairs, strict=False):
            _cell(cells[place], label, LABEL)
            _cell(cells[place + 1], text, TEXT)


def _cell(cell: Any, text: str, font: str) -> None:
    _font(cell.paragraphs[0].add_run(text), font, 12)


def _constant(document: Any) -> None:
    """The file changes when its content does."""
    facts = document.core_properties
    facts.author, facts.title, facts.comments = "城运", "城市管理案件交办单", ""
    facts.created = facts.modified = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    facts.last_modified_by = "城运"


if __name__ == "__main__":
    main()
