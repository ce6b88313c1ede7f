"""The bulletin as Word, to be signed, stamped and sent round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.core.paper import Paper
from chengyun.insight.evaluation.bulletin import Bulletin, change_of, compose, short
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.publishing import LANGUAGE
from chengyun.insight.evaluation.showing import LineWords
from chengyun.insight.templatetags.figures import number_text
from chengyun.people.access import Actor

NONE: Final = "—"
# Side by side on A4 upright; more lines make a further table.
LINES_PER_TABLE: Final = 4
# As many late cases as an office reads on paper; the Excel file has them all.
MOST_LATE: Final = 300
NUMERALS: Final = "一二三四"
SMALL: Final = 10


def word(actor: Actor, publication: Publication) -> bytes:
    with translation.override(LANGUAGE):
        return _written(compose(actor, publication))


def _written(bulletin: Bulletin) -> bytes:
    paper = Paper()
    paper.title(bulletin.title)
    paper.centred(bulletin.period_words)
    if bulletin.version_words:
        paper.text(bulletin.version_words)
    sections = [(_("评价结果"), _results), (_("各项指标"), _figures), (_("遗留超期未处置件"), _late),
                (_("评价办法"), _method)]  # fmt: skip
    if bulletin.late is None:
        sections = [section for section in sections if section[1] is not _late]
    for numeral, (title, write) in zip(NUMERALS, sections, strict=False):
        paper.heading(f"{numeral}、{title}")
        write(paper, bulletin)
    _foot(paper, bulletin)
    return paper.content()


def _results(paper: Paper, bulletin: Bulletin) -> None:
    paper.text(bulletin.rank_words)
    heads = [_("名次"), bulletin.name, _("总分"), _("等级"), _("较上期"), _("上期名次")]
    if bulletin.subject.has_late:
        heads += [_("超期数（原始）"), _("申诉豁免数")]
    rows = [_result(row, bulletin.subject.has_late) for row in bulletin.rows]
    paper.table(heads, rows, right=(0, *range(2, len(heads))))


def _result(row: PublishedRow, has_late: bool) -> list[str]:
    change = change_of(row)
    told = [
        row.rank, row.name, row.total, row.grade or None, None if change is None else f"{change:+.2f}",
        row.previous_rank,
    ]  # fmt: skip
    return _texts([*told, row.late, row.exempted] if has_late else told)


def _figures(paper: Paper, bulletin: Bulletin) -> None:
    """Value and score of every line."""
    for begin in range(0, len(bulletin.lines), LINES_PER_TABLE):
        lines = bulletin.lines[begin : begin + LINES_PER_TABLE]
        heads = [bulletin.name]
        for each in lines:
            heads += [f"{each.indicator.title}（{each.indicator.unit}）", _("得分")]
        rows = [[row.name, *_scored(row, lines)] for row in bulletin.rows]
        paper.table(heads, rows, right=range(1, len(heads)), size=SMALL)
        paper.text(" ")


def _scored(row: PublishedRow, lines: Sequence[LineWords]) -> Iterable[str]:
    for each in lines:
        figure = row.figures[each.place]
        yield NONE if figure["value"] is None else number_text(figure["value"])
        yield _text(figure["score"])


def _late(paper: Paper, bulletin: Bulletin) -> None:
    paper.text(bulletin.late_words)
    cases = bulletin.late or ()
    if not cases:
        return
    names = bulletin.names
    heads = [_("案件编号"), bulletin.name, _("小类"), _("责任部门"), _("超期天数")]
    rows = [
        _texts([case.number, names.get(case.key, ""), case.class_name, case.department, _days(case.days)])
        for case in cases[:MOST_LATE]
    ]
    paper.table(heads, rows, right=(4,), size=SMALL)
    if len(cases) > MOST_LATE:
        paper.text(_("以上为超期最久的 %d 件，全部案件见所附 Excel 表。") % MOST_LATE)


def _days(days: float | None) -> str | None:
    return None if days is None else f"{days:.1f}"


def _method(paper: Paper, bulletin: Bulletin) -> None:
    plan = bulletin.subject.plan
    paper.text(_("按“%s”评价，总分为各项得分与权重之积的和除以 100。") % plan.name)
    heads = [_("指标"), _("权重"), _("口径"), _("计分")]
    rows = [
        [str(each.indicator.title), short(each.line.weight), str(each.indicator.words), each.rule]
        for each in bulletin.lines
    ]
    paper.table(heads, rows, right=(1,), size=SMALL)
    paper.text(_("没有可以作分母的项目不计分，其权重由其余各项按比例分担。等级：%s。") % bulletin.grade_words)
    if bulletin.subject.has_late:
        paper.text(_("超期数为原始事实，不因申诉改变；经申诉豁免的另列，计算按期的比率时按按期计。"))
    if plan.note:
        paper.text(plan.note)


def _foot(paper: Paper, bulletin: Bulletin) -> None:
    paper.text(" ")
    paper.text(f"{bulletin.as_of_words}；{bulletin.issued_words}。")
    paper.text(_("指纹（SHA-256）：%s") % bulletin.publication.digest)
    if bulletin.issuer:
        paper.closing(bulletin.issuer)


def _texts(values: Sequence[Any]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    return NONE if value is None or value == "" else str(value)
