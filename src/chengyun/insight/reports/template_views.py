"""The Word templates of the reports, with all that may stand in them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chengyun.core.errors import NotFound
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.indicator import indicators
from chengyun.insight.reports import access, vocabulary
from chengyun.insight.reports.models import Kind
from chengyun.insight.reports.periods import WORDS
from chengyun.insight.reports.word_templates import TEMPLATES
from chengyun.insight.word import pages
from chengyun.people.middleware import ActorRequest


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: ActorRequest, kind: str) -> HttpResponse:
    _check(request, kind)
    return pages.template_page(
        request, TEMPLATES, kind, page="reports:template", html="reports/template.html",
        done=_("模板已更换，下一份报表起按它起草"), kinds=Kind.choices, indicators=indicators(),
        dimensions=DIMENSIONS.values(), periods=[(word, title) for word, (title, _of) in WORDS.items()],
        facts=vocabulary.FACTS,
    )  # fmt: skip


@require_safe
def template_file(request: ActorRequest, kind: str) -> HttpResponse:
    _check(request, kind)
    return pages.template_file(request, TEMPLATES, kind, str(Kind(kind).label))


def _check(request: ActorRequest, kind: str) -> None:
    """Who may not is told so whatever he asks for."""
    access.check_writes(request.actor)
    if kind not in Kind.values:
        raise NotFound(_("没有这种报表"))
