"""The closing report as Word, in the manners of GB/T 9704: title in 小标宋, text in 仿宋 三号, headings in 黑体."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chengyun.casework.campaigns.models import Campaign
from chengyun.core.printable import printable

TITLE, HEADING, TEXT = ("方正小标宋简体", 22), ("黑体", 16), ("仿宋", 16)
TABLE_SIZE = 12
# GB/T 9704-2012, 5.2: the page's margins in millimetres.
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26


def word(campaign: Campaign, figures: Mapping[str, Any]) -> bytes:
    from docx import Document

    document = Document()
    _set_page(document)
    _line(document, _("%s工作总结") % campaign.name, TITLE, centred=True)
    _line(document, _period(campaign), TEXT, centred=True)
    _section(document, _("一、工作目标"), campaign.goal)
    _section(document, _("二、完成情况"), _summary(figures))
    _table(document, figures)
    _section(document, _("三、主要成效"), campaign.results)
    _section(document, _("四、存在问题"), campaign.problems)
    _section(document, _("五、下步打算"), campaign.next_steps)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _period(campaign: Campaign) -> str:
    days = {"begins": campaign.begins.isoformat(), "ends": campaign.ends.isoformat(), "lead": campaign.lead.name}
    return _("（%(begins)s 至 %(ends)s，牵头部门：%(lead)s）") % days


def _summary(figures: Mapping[str, Any]) -> str:
    parts = [
        _("%(name)s：目标 %(amount)d %(unit)s，完成 %(done)d %(unit)s。") % target for target in figures["targets"]
    ]
    cases = _("行动期间归集案件 %(cases)d 件，结案 %(closed)d 件，超时 %(late)d 件。") % figures["cases"]
    return "\n".join([*parts, cases])


def _set_page(document: Any) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)


def _line(document: Any, text: str, font: tuple[str, int], *, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(28)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif font is TEXT:
        paragraph.paragraph_format.first_line_indent = Pt(2 * font[1])
    _write(paragraph, text, font)


def _write(paragraph: Any, text: str, font: tuple[str, int]) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(printable(text))
    run.font.name, run.font.size = font[0], Pt(font[1])
    # Word takes the font of Chinese text from an attribute of its own.
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font[0])


def _section(document: Any, title: str, text: str) -> None:
    _line(document, title, HEADING)
    for part in text.splitlines() or [_("无。")]:
        _line(document, part, TEXT)


def _table(document: Any, figures: Mapping[str, Any]) -> None:
    rows = [(unit["name"], task) for unit in figures["units"] for task in unit["tasks"]]
    if not rows:
        return
    table = document.add_table(rows=1, cols=5)
    table.style = "Table Grid"
    for cell, title in zip(
        table.rows[0].cells, (_("责任单位"), _("指标"), _("目标量"), _("完成量"), _("状态")), strict=True
    ):
        _write(cell.paragraphs[0], title, ("黑体", TABLE_SIZE))
    for name, task in rows:
        told = (name, f"{task['target']}（{task['unit']}）", str(task["amount"]), str(task["done"]), task["state"])
        for cell, text in zip(table.add_row().cells, told, strict=True):
            _write(cell.paragraphs[0], text, ("仿宋", TABLE_SIZE))
