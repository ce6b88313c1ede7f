"""Which template the 交办单 is made by: uploaded, back into use, out of it; each is told in its row's history."""

from __future__ import annotations

import io

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from docx import Document

from chengyun.casework.papers.models import OrderTemplate
from chengyun.casework.papers.orders import rendered, sample
from chengyun.casework.papers.uploads import filled
from chengyun.core.errors import Conflict, NotAllowed, UserError
from chengyun.core.instants import now
from chengyun.people import register
from chengyun.people.access import Actor
from chengyun.people.roles import Role

KEEPERS = (Role.SYSTEM_ADMIN, Role.DUTY_CHIEF)
MARK = "8937264150"


def replace_template(name: str, content: bytes, *, by: Actor, note: str = "") -> OrderTemplate:
    """Tried before it holds: a template that cannot be filled, or does not name the case, is refused."""
    check_keeper(by)
    _try(content)
    row = OrderTemplate(
        at=now(), by_id=by.user_id, by_name=by.name, name=name[:120], note=note, content=content, is_active=True
    )
    try:
        with transaction.atomic():
            _take_out_of_use(by=by, action="followed")
            return register.store(row, by=by)
    except IntegrityError as error:
        raise _somebody_was_faster() from error


def use_again(row: OrderTemplate, *, by: Actor) -> None:
    """An earlier template in the place of the present one. It is tried anew: placeholders may have gone since."""
    check_keeper(by)
    _try(bytes(row.content))
    try:
        with transaction.atomic():
            _take_out_of_use(by=by, action="followed")
            register.change(register.locked(row), {"is_active": True}, by=by, action="reactivated")
    except IntegrityError as error:
        raise _somebody_was_faster() from error


@transaction.atomic
def back_to_shipped(*, by: Actor) -> None:
    check_keeper(by)
    _take_out_of_use(by=by, action="retired")


def describe(row: OrderTemplate, *, by: Actor, note: str) -> OrderTemplate:
    check_keeper(by)
    with transaction.atomic():
        row = register.locked(row)
        register.change(row, {"note": note}, by=by)
    return row


def check_keeper(by: Actor) -> None:
    if not by.for_county(*KEEPERS):
        raise NotAllowed(_("交办单模板由系统管理员或值班长维护"))


def _take_out_of_use(*, by: Actor, action: str) -> None:
    for row in OrderTemplate.objects.select_for_update().filter(is_active=True):
        register.change(row, {"is_active": False}, by=by, action=action)


def _somebody_was_faster() -> Conflict:
    return Conflict(_("刚才有人更换了模板，请刷新后再试。"))


def _try(content: bytes) -> None:
    text = _words(filled(content, lambda: rendered(content, [sample() | {"number": MARK}])))
    if MARK not in text:
        raise UserError(_("模板里没有案件编号；请从现行模板下载后修改，保留其中的占位符"), field="template")


def _words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
