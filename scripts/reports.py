"""Write the Word templates of the reports that come with the product: `python scripts/reports.py`.

GB/T 9704 manners as in `papers.py`: title in 小标宋, first headings in 黑体, second in 楷体, text in 仿宋 三号.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FOLDER = Path(__file__).resolve().parent.parent / "src/chengyun/insight/reports/word"
STYLES = {"Title": ("方正小标宋简体", 22), "Heading 1": ("黑体", 16), "Heading 2": ("楷体", 16), "Normal": ("仿宋", 16)}
Column = tuple[str, str]
NAMED: dict[str, str] = {
    "source": "来源", "major": "问题大类", "department": "责任部门", "township": "乡镇街道",
    "month": "月份", "day": "日期",
}  # fmt: skip
BY_UNIT = (("立案", "filed"), ("结案", "closed"), ("结案率%", "closing_rate"), ("按期处置率%", "on_time_handling_rate"),
           ("返工率%", "rework_rate"))  # fmt: skip
BY_CLASS = (("立案", "filed"), ("结案", "closed"), ("按期处置率%", "on_time_handling_rate"))
BY_TIME = (("上报", "reported"), ("立案", "filed"), ("结案", "closed"))

OVERVIEW = (
    "{{ report.span }}，全县共收到城市管理问题 {{ figure('reported') }} 件，受理 {{ figure('accepted') }} 件，立案"
    " {{ figure('filed') }} 件，立案数同比{{ change('filed') }}、环比{{ change('filed', 'previous') }}；"
    "处置 {{ figure('handled') }} 件，结案 {{ figure('closed') }} 件，结案率 {{ figure('closing_rate') }}%，"
    "按期结案率 {{ figure('on_time_closing_rate') }}%。"
)
# Late and suspended are of the moment of drafting, not of the period's end; both are counted among those open then.
STANDING = (
    "期末未结案 {{ figure('open') }} 件，"
    "其中起草时超期未处置 {{ figure('open_late') }} 件、挂账 {{ figure('suspended') }} 件。"
)
YEAR_SO_FAR = (
    "今年以来，累计立案 {{ figure('filed', 'year') }} 件、结案 {{ figure('closed', 'year') }} 件，"
    "结案率 {{ figure('closing_rate', 'year') }}%；上年同期立案 {{ figure('filed', 'year_before') }} 件、"
    "结案 {{ figure('closed', 'year_before') }} 件。"
)
HOTLINE = (
    "从来源看，12345 热线转来诉求 {{ figure('reported', 'period', 'source=hotline') }} 件，"
    "同比{{ change('reported', 'last_year', 'period', 'source=hotline') }}；"
    "采集员巡查上报 {{ figure('reported', 'period', 'source=collector') }} 件，"
    "有效上报率 {{ figure('valid_report_rate') }}%；"
    "公众直接反映 {{ figure('reported', 'period', 'source=public') }} 件。"
)
PACE = (
    "应处置案件按期处置率 {{ figure('on_time_handling_rate') }}%，同比{{ change('on_time_handling_rate') }}；"
    "从派遣到反馈平均用时 {{ figure('mean_handling_hours') }} 小时。派遣 {{ figure('dispatched') }} 次，"
    "按时派遣率 {{ figure('on_time_dispatch_rate') }}%，准确派遣率 {{ figure('accurate_dispatch_rate') }}%。"
)
QUALITY = (
    "核查通过率 {{ figure('check_pass_rate') }}%，返工 {{ figure('reworked') }} 次，"
    "返工率 {{ figure('rework_rate') }}%；"
    "部门回退 {{ figure('returned') }} 次，延期率 {{ figure('extension_rate') }}%；督办 {{ figure('supervised') }} 次。"
    "超期 {{ figure('late') }} 件，经申诉豁免 {{ figure('exempted') }} 件。"
)


class Paper:
    """A document being written."""

    def __init__(
        self, title: str = "{{ report.title }}", below: str = "{{ report.issuer }}　{{ report.date }}"
    ) -> None:
        self.document = Document()
        self._page()
        self.say(title, "Title")
        self.say(below, centred=True)

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        for name, (font, size) in STYLES.items():
            self._style(self.document.styles[name], font, size)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for text, field in (("— ", False), ("PAGE", True), (" —", False)):
            _font(run := foot.add_run("" if field else text), "宋体", 14)
            if field:
                _field(run, text)

    def _style(self, style: Any, font: str, size: int) -> None:
        _font(style, font, size)
        style.font.bold, style.font.color.rgb = False, RGBColor(0, 0, 0)
        layout = style.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing = Pt(28 if size == 16 else 36)
        if style.name == "Title":
            layout.alignment, layout.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(14)
            for border in style.element.pPr.findall(qn("w:pBdr")):
                style.element.pPr.remove(border)

    def say(self, text: str, style: str = "Normal", *, centred: bool = False) -> None:
        paragraph = self.document.add_paragraph(text, style=style)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif style != "Title" and not text.startswith("{%"):
            paragraph.paragraph_format.first_line_indent = Pt(32)

    def head(self, title: str) -> None:
        self.say(f"{{{{ nth() }}}}{title}", "Heading 1")

    def table(self, columns: Sequence[Column], by: str, top: int = 0, title: str = "") -> None:
        self.say(title or f"各{NAMED[by]}情况", centred=True)
        keys = ",".join(key for _title, key in columns)
        table = self.document.add_table(rows=4, cols=len(columns) + 1)
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        heads = [NAMED[by], *(each for each, _key in columns)]
        values = ["{{ row.name }}", *(f"{{{{ row.{key} }}}}" for _title, key in columns)]
        rows = (heads, [f"{{%tr for row in table('{keys}', '{by}', 'period', {top}) %}}"], values, ["{%tr endfor %}"])
        for row, texts in zip(table.rows, rows, strict=True):
            for place, text in enumerate(texts):
                self._cell(row.cells[place], text, "黑体" if row is table.rows[0] or texts is heads else "仿宋", place)
        self.say("")

    def _cell(self, cell: Any, text: str, font: str, place: int) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = Pt(20)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
        _font(paragraph.add_run(text), font, 12)

    def targets(self) -> None:
        """All targets of the period; nothing where none is set."""
        self.say("{%p if targets() %}")
        self.head("计划与目标完成情况")
        heads = ("指标", "对象", "时段", "目标", "完成", "偏差", "状态")
        wanted, reached = "{{ row.sign }}{{ row.target }} {{ row.unit }}", "{{ row.actual }} {{ row.unit }}"
        plain = ("{{ row.name }}", "{{ row.subject }}", "{{ row.span }}")
        values = (*plain, wanted, reached, "{{ row.deviation }}", "{{ row.state }}")
        blank = [""] * (len(heads) - 1)
        rows = (heads, ["{%tr for row in targets() %}", *blank], values, ["{%tr endfor %}", *blank])
        table = self.document.add_table(rows=4, cols=len(heads))
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        for row, texts in zip(table.rows, rows, strict=True):
            for place, text in enumerate(texts):
                self._cell(row.cells[place], text, "黑体" if texts is heads else "仿宋", int(2 < place < 6))
        self.say("")
        self.say("{%p endif %}")

    def words(self, key: str, title: str, *, may_lack: bool = False) -> None:
        """What the office writes."""
        blank = ", ''" if may_lack else ""
        self.say(f"{{%p for line in text('{key}', '{title}'{blank}) %}}")
        self.say("{{ line }}")
        self.say("{%p endfor %}")

    def sections(self) -> None:
        self.say("{%p for section in sections() %}")
        self.say("{{ nth() }}{{ section.title }}", "Heading 1")
        self.say("{%p for line in section.lines %}")
        self.say("{{ line }}")
        self.say("{%p endfor %}")
        self.say("{%p endfor %}")

    def save(self, name: str, folder: Path | None = None) -> None:
        folder = folder or FOLDER
        facts = self.document.core_properties
        facts.author = facts.last_modified_by = "城运"
        facts.title, facts.comments = name, ""
        facts.created = facts.modified = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
        folder.mkdir(parents=True, exist_ok=True)
        self.document.save(str(folder / f"{name}.docx"))


def _font(part: Any, name: str, size: int) -> None:
    part.font.name, part.font.size = "Times New Roman", Pt(size)
    fonts = part.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), name)


def _field(run: Any, name: str) -> None:
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._r.append(part)


def daily() -> None:
    paper = Paper()
    paper.head("当日情况")
    paper.say(OVERVIEW.replace("同比{{ change('filed') }}、环比", "比前一日"))
    paper.say(HOTLINE)
    paper.table(BY_CLASS, "major", 5, "问题较多的大类")
    paper.head("期末待办")
    paper.say(STANDING)
    paper.head("需要关注")
    paper.words("attention", "需要关注")
    paper.save("daily")


def weekly() -> None:
    paper = Paper()
    paper.head("本周情况")
    paper.say(OVERVIEW)
    paper.say(HOTLINE)
    paper.table(BY_TIME, "day", 0, "逐日情况")
    paper.head("处置情况")
    paper.say(PACE)
    paper.say(STANDING)
    paper.table(BY_UNIT, "department")
    paper.sections()
    paper.head("需要关注")
    paper.words("attention", "需要关注")
    paper.save("weekly")


def monthly() -> None:
    paper = Paper()
    paper.head("总体情况")
    paper.say(OVERVIEW)
    paper.say(YEAR_SO_FAR)
    paper.head("问题来源与分布")
    paper.say(HOTLINE)
    paper.table(BY_CLASS, "major", 10, "问题较多的大类")
    paper.table(BY_UNIT, "township")
    paper.head("处置情况")
    paper.say(PACE)
    paper.say(STANDING)
    paper.table(BY_UNIT, "department")
    paper.head("办理质量")
    paper.say(QUALITY)
    paper.sections()
    paper.head("存在问题")
    paper.words("problems", "存在问题")
    paper.head("下步打算")
    paper.words("next_steps", "下步打算")
    paper.save("monthly")


def annual() -> None:
    paper = Paper()
    paper.words("opening", "开头语", may_lack=True)
    paper.head("全年运行情况")
    paper.say(OVERVIEW.replace("、环比{{ change('filed', 'previous') }}", ""))
    paper.say("上年全年立案 {{ figure('filed', 'last_year') }} 件、结案 {{ figure('closed', 'last_year') }} 件，"
              "结案率 {{ figure('closing_rate', 'last_year') }}%。")  # fmt: skip
    paper.table(BY_TIME, "month", 0, "逐月情况")
    paper.head("问题来源与类别")
    paper.say(HOTLINE)
    paper.table((("上报", "reported"), ("立案", "filed"), ("结案", "closed")), "source")
    paper.table(BY_CLASS, "major", 15, "问题较多的大类")
    paper.head("处置情况")
    paper.say(PACE)
    paper.say(STANDING)
    paper.table(BY_UNIT, "department")
    paper.table(BY_UNIT, "township")
    paper.head("办理质量与督办")
    paper.say(QUALITY)
    paper.targets()
    paper.sections()
    paper.head("主要工作")
    paper.words("work", "主要工作")
    paper.head("存在问题")
    paper.words("problems", "存在问题")
    paper.head("明年打算")
    paper.words("next_steps", "明年打算")
    paper.save("annual")


def topic() -> None:
    paper = Paper()
    paper.head("背景")
    paper.words("background", "背景")
    paper.head("基本情况")
    paper.say(OVERVIEW)
    paper.table(BY_CLASS, "major", 10, "问题较多的大类")
    paper.table(BY_UNIT, "township")
    paper.head("处置情况")
    paper.say(PACE)
    paper.say(STANDING)
    paper.table(BY_UNIT, "department")
    paper.head("分析与建议")
    paper.words("advice", "分析与建议")
    paper.save("topic")


def main() -> None:
    for write in (daily, weekly, monthly, annual, topic):
        write()


if __name__ == "__main__":
    main()
