from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.models import Case
from chengyun.casework.papers import registers
from chengyun.core.declarations import CaseAction


def was_dispatched(request: HttpRequest, case: Case) -> bool:
    return case.main_department_id is not None


DECLARATIONS: list[object] = [
    CaseAction(_("打印"), "papers:print", "printer", order=50),
    CaseAction(_("交办单"), "papers:order", "file-type-docx", order=60, offered=was_dispatched),
    *registers.DECLARATIONS,
]
