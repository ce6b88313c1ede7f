"""Write the Word templates of 评价 that come with the product: `python -m scripts.evaluation_papers`.

In the manners of the reports (`reports.py`), whose paper they are written on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm

from scripts import reports

FOLDER = Path(__file__).resolve().parent.parent / "src/chengyun/insight/evaluation/word"


class Paper(reports.Paper):
    """With tables of words instead of figures."""

    def rows(self, lines: Sequence[Sequence[str]], *, left: Sequence[int], widths: Sequence[int] = ()) -> None:
        """The first line is the head, which comes again on every page; columns beside `left` hold numbers. `widths` in
        millimetres, of the 156 of a line."""
        width = max(map(len, lines))
        table = self.document.add_table(rows=len(lines), cols=width)
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        for row, texts in zip(table.rows, lines, strict=True):
            font = "黑体" if texts is lines[0] else "仿宋"
            for place, text in enumerate([*texts, *[""] * (width - len(texts))]):
                self._cell(row.cells[place], text, font, int(place not in left))
        _widen(table, widths)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self.say("")

    def facts(self, lines: Sequence[tuple[str, str]]) -> None:
        """What each is, in two columns."""
        table = self.document.add_table(rows=len(lines), cols=2)
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        for row, (name, value) in zip(table.rows, lines, strict=True):
            self._cell(row.cells[0], name, "黑体", 0)
            self._cell(row.cells[1], value, "仿宋", 0)
        _widen(table, (36, 120))
        self.say("")

    def when(self, condition: str, *says: str) -> None:
        self.say(f"{{%p if {condition} %}}")
        for text in says:
            self.say(text)
        self.say("{%p endif %}")

    def each(self, name: str) -> None:
        """Paragraphs of a list of texts."""
        self.say(f"{{%p for line in {name} %}}")
        self.say("{{ line }}")
        self.say("{%p endfor %}")

    def closing(self, text: str) -> None:
        self.say(text)
        last: Any = self.document.paragraphs[-1]
        last.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _widen(table: Any, widths: Sequence[int]) -> None:
    """Word goes by the cells, others by the columns."""
    for column, width in zip(table.columns, widths, strict=False):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def bulletin() -> None:
    paper = Paper("{{ bulletin.title }}", "{{ bulletin.period }}")
    paper.when("bulletin.version", "{{ bulletin.version }}")
    paper.head("评价结果")
    paper.say("{{ bulletin.ranks }}")
    paper.rows(
        (
            ("名次", "{{ bulletin.name }}", "总分", "等级", "较上期", "上期名次", "{%tc if has_exemptions %}",
             "超期数（原始）", "申诉豁免数", "{%tc endif %}"),
            ("{%tr for row in rows %}",),
            ("{{ row.rank }}", "{{ row.name }}", "{{ row.total }}", "{{ row.grade }}", "{{ row.change }}",
             "{{ row.previous_rank }}", "{%tc if has_exemptions %}", "{{ row.late }}", "{{ row.exempted }}",
             "{%tc endif %}"),
            ("{%tr endfor %}",),
        ),
        left=(1, 3),
    )  # fmt: skip
    paper.head("各项指标")
    paper.say("{%p for part in parts %}")
    paper.rows(
        (
            ("{{ bulletin.name }}", "{%tc for head in part.heads %}", "{{ head }}", "{%tc endfor %}"),
            ("{%tr for row in part.rows %}",),
            ("{{ row.name }}", "{%tc for cell in row.cells %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr endfor %}",),
        ),
        left=(0,),
    )
    paper.say("{%p endfor %}")
    paper.say("{%p if has_backlog %}")
    paper.head("遗留超期未处置件")
    paper.say("{{ bulletin.late }}")
    paper.say("{%p if cases %}")
    paper.rows(
        (
            ("案件编号", "{{ bulletin.name }}", "小类", "责任部门", "超期天数"),
            ("{%tr for case in cases %}",),
            ("{{ case.number }}", "{{ case.name }}", "{{ case.class_name }}", "{{ case.department }}",
             "{{ case.days }}"),
            ("{%tr endfor %}",),
        ),
        left=(0, 1, 2, 3), widths=(42, 32, 30, 32, 20),
    )  # fmt: skip
    paper.when("bulletin.more_late", "{{ bulletin.more_late }}")
    paper.say("{%p endif %}")
    paper.say("{%p endif %}")
    paper.head("评价办法")
    paper.say("按“{{ bulletin.scheme }}”评价，总分为各项得分与权重之积的和除以 100。")
    paper.rows(
        (
            ("指标", "权重", "口径", "计分"),
            ("{%tr for line in lines %}",),
            ("{{ line.title }}", "{{ line.weight }}", "{{ line.words }}", "{{ line.rule }}"),
            ("{%tr endfor %}",),
        ),
        left=(0, 2, 3),
        widths=(30, 16, 55, 55),
    )
    paper.say("没有可以作分母的项目不计分，其权重由其余各项按比例分担。等级：{{ bulletin.grades }}。")
    paper.when("has_exemptions", "超期数为原始事实，不因申诉改变；经申诉豁免的另列，计算按期的比率时按按期计。")
    paper.each("notes")
    paper.say("{{ bulletin.as_of }}；{{ bulletin.issued }}。")
    paper.say("指纹（SHA-256）：{{ bulletin.digest }}")
    paper.closing("{{ bulletin.issuer }}")
    paper.save("bulletin", FOLDER)


def objection() -> None:
    paper = Paper("评价申诉处理单", "编号 {{ objection.number }}　{{ objection.state }}")
    paper.head("申诉事项")
    paper.facts(
        (
            ("评价结果", "{{ objection.result }}（第 {{ objection.version }} 版）"),
            ("被评价对象", "{{ objection.name }}"),
            ("申诉的指标", "{{ objection.line }}（{{ objection.formula }}）"),
            ("发布的数值", "{{ objection.value }}"),
            ("得分和权重", "得分 {{ objection.score }}，权重 {{ objection.weight }}"),
            ("总分和名次", "总分 {{ objection.total }}，名次 {{ objection.rank }}"),
            ("申诉人", "{{ objection.by }}"),
            ("申诉时间", "{{ objection.at }}"),
        )
    )
    paper.head("申诉内容")
    paper.each("words")
    paper.head("处理结果")
    paper.say("{%p if is_decided %}")
    paper.facts(
        (
            ("结论", "{{ objection.state }}"),
            ("裁定人", "{{ objection.decided_by }}"),
            ("裁定时间", "{{ objection.decided_at }}"),
        )
    )
    paper.each("reason")
    paper.say("裁定不改变已发布的数值；申诉成立的，改正有关案件后更正为新的一版。")
    paper.say("{%p elif is_withdrawn %}")
    paper.say("{{ objection.withdrawn_by }} 于 {{ objection.withdrawn_at }} 撤回申诉，不作裁定。")
    paper.say("{%p else %}")
    paper.say("等待考核员裁定。")
    paper.say("{%p endif %}")
    paper.closing("{{ objection.issuer }}　{{ objection.day }}")
    paper.save("objection", FOLDER)


def main() -> None:
    bulletin()
    objection()


if __name__ == "__main__":
    main()
