"""Replacing the template of the 交办单."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from docx import Document

from chengyun.casework.papers.models import OrderTemplate
from chengyun.casework.papers.orders import rendered, sample
from chengyun.casework.papers.uploads import filled
from chengyun.core import history
from chengyun.core.errors import NotAllowed, UserError
from chengyun.core.instants import now
from chengyun.people.access import Actor
from chengyun.people.roles import Role

KEEPERS = (Role.SYSTEM_ADMIN, Role.DUTY_CHIEF)
MARK = "8937264150"


def replace_template(name: str, content: bytes, *, by: Actor) -> OrderTemplate:
    """Tried before it holds: a template that cannot be filled, or does not name the case, is refused."""
    check_keeper(by)
    _try(content)
    return _store(name, content, by)


def back_to_shipped(*, by: Actor) -> OrderTemplate:
    check_keeper(by)
    return _store("", b"", by)


def _store(name: str, content: bytes, by: Actor) -> OrderTemplate:
    row = OrderTemplate.objects.create(at=now(), by_id=by.user_id, by_name=by.name, name=name[:120], content=content)
    history.record("papers:order_template", "papers.replaced", {"name": name, "size": len(content)}, by=by)
    return row


def check_keeper(by: Actor) -> None:
    if not by.for_county(*KEEPERS):
        raise NotAllowed(_("交办单模板由系统管理员或值班长维护"))


def _try(content: bytes) -> None:
    text = _words(filled(content, lambda: rendered(content, [sample() | {"number": MARK}])))
    if MARK not in text:
        raise UserError(_("模板里没有案件编号；请从现行模板下载后修改，保留其中的占位符"), field="template")


def _words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
