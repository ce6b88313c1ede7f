"""The bulletin of a published result, to take away as Word or Excel."""

from __future__ import annotations

import io
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chengyun.insight.evaluation import access, bulletin_book, bulletin_word
from chengyun.insight.evaluation.models import Publication
from chengyun.insight.word.pages import WORD, attached
from chengyun.people.middleware import ActorRequest

BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def word(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.publication_for(request.actor, pk)
    return attached(bulletin_word.word(request.actor, row), f"{_name(row)}.docx", WORD)


@require_safe
def book(request: ActorRequest, pk: int) -> HttpResponse:
    row = access.publication_for(request.actor, pk)
    target = io.BytesIO()
    bulletin_book.write(target, request.actor, row)
    return attached(target.getvalue(), f"{_name(row)}.xlsx", BOOK)


def _name(row: Publication) -> str:
    told = {"period": row.period, "name": row.group_name or row.get_kind_display(), "version": row.version}
    return _("绩效评价通报 %(period)s %(name)s 第%(version)d版") % told
