"""The Word templates of the papers of 评价, with what may stand in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods, require_safe

from chengyun.core.errors import NotFound
from chengyun.insight.evaluation import access
from chengyun.insight.evaluation.models import PaperKind
from chengyun.insight.evaluation.word_templates import TEMPLATES
from chengyun.insight.word import pages
from chengyun.people.middleware import ActorRequest

Grammar = list[tuple[str, Promise]]
GRAMMAR: Final[Mapping[str, Grammar]] = {
    PaperKind.BULLETIN: [
        ("{{ bulletin.title }} period county span name issuer", T("标题、起止和对象、县名、周期、被评价的一组、单位")),
        ("{{ bulletin.version }}", T("更正和被取代的说明；没有更正的为空")),
        ("{{ bulletin.ranks }} grades scheme", T("排名说明、等级说明、评价方案的名称")),
        ("{{ bulletin.as_of }} issued digest", T("数据截至、谁何时发布、指纹")),
        ("{%tr for row in rows %}", T("评价结果的行：row.rank name total grade change previous_rank late exempted")),
        ("{%p for part in parts %}", T("各项指标分成的表：part.heads 和 part.rows，每行 name 和 cells")),
        ("{%p if has_backlog %} {{ bulletin.late }}", T("有没有遗留件一节，和它的说明")),
        ("{%tr for case in cases %}", T("遗留件的行：case.number name class_name department days")),
        ("{{ bulletin.more_late }}", T("列不下时的说明")),
        ("{%tr for line in lines %}", T("评价办法的行：line.title weight words rule")),
        ("{%p for line in notes %}", T("方案的说明，一段一行")),
        ("{%tc if has_exemptions %}", T("有没有超期和豁免两列")),
    ],
    PaperKind.OBJECTION: [
        ("{{ objection.number }} state issuer day", T("编号、状态、单位、出单的时间")),
        ("{{ objection.result }} version span name", T("评价结果、版本、周期、被评价的对象")),
        ("{{ objection.line }} formula value score weight", T("申诉的指标、口径、发布的数值、得分、权重")),
        ("{{ objection.total }} rank", T("总分、名次")),
        ("{{ objection.by }} at", T("申诉人、申诉时间")),
        ("{{ objection.decided_by }} decided_at", T("裁定人、裁定时间")),
        ("{{ objection.withdrawn_by }} withdrawn_at", T("撤回人、撤回时间")),
        ("{%p for line in words %} reason", T("申诉内容、裁定理由，一段一行")),
        ("{%p if is_decided %} is_withdrawn", T("是否已裁定、是否已撤回")),
    ],
}


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: ActorRequest, kind: str) -> HttpResponse:
    _check(request, kind)
    return pages.template_page(
        request, TEMPLATES, kind, page="evaluation:template", html="evaluation/template.html", done=_done(kind),
        kinds=PaperKind.choices, grammar=GRAMMAR[kind],
    )  # fmt: skip


@require_safe
def template_file(request: ActorRequest, kind: str) -> HttpResponse:
    _check(request, kind)
    return pages.template_file(request, TEMPLATES, kind, str(PaperKind(kind).label))


def _done(kind: str) -> str:
    if kind == PaperKind.BULLETIN:
        return _("模板已更换，以后发布的结果按它出通报；已发布的不变")
    return _("模板已更换，申诉处理单按它出")


def _check(request: ActorRequest, kind: str) -> None:
    """Who may not is told so whatever he asks for."""
    access.check_writes(request.actor)
    if kind not in PaperKind.values:
        raise NotFound(_("没有这种文书"))
