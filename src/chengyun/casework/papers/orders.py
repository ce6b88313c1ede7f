"""The 交办单 as Word: cases → one document, one case per page. Whoever lists cases may call it for many."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from chengyun.casework.cases.models import Case, Picture
from chengyun.casework.clocks.models import Clock
from chengyun.casework.papers.models import OrderTemplate
from chengyun.casework.papers.sandbox import WordsOnly
from chengyun.core import files
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI, now
from chengyun.core.printable import printable
from chengyun.people.access import Actor
from chengyun.ui.templatetags.ui_tags import limit

SHIPPED = Path(__file__).parent / "word" / "dispatch_order.docx"
# Four pictures stand on the sheet; more are in the case.
MOST_PICTURES = 4
MOST_CASES = 50
PICTURE_WIDTH = Mm(62)
NONE = "—"


def dispatch_orders(cases: Sequence[Case], *, by: Actor) -> bytes:
    """The .docx. `cases` come with main_department and condition; each must have been dispatched. Three statements."""
    if not cases:
        raise UserError(_("请先选择案件"))
    if len(cases) > MOST_CASES:
        raise UserError(_("一次最多出 %(most)d 份交办单，现选了 %(n)d 件") % {"most": MOST_CASES, "n": len(cases)})
    idle = [case.number for case in cases if case.main_department is None]
    if idle:
        raise UserError(_("案件 %s 还没有派遣，没有主办部门；派遣后再出交办单") % "、".join(idle[:5]))
    return rendered(template_now(), _sheets(cases, by))


def template_now() -> bytes:
    """The office's own template, else the shipped one."""
    own = OrderTemplate.objects.filter(is_active=True).first()
    return bytes(own.content) if own else SHIPPED.read_bytes()


def rendered(template: bytes, sheets: Sequence[dict[str, Any]]) -> bytes:
    """`template` filled with the sheets. In a sandbox: an uploaded template is words, not a program."""
    document = DocxTemplate(io.BytesIO(template))
    document.init_docx()
    filled = [sheet | {"pictures": _rows_of_two(document, sheet["pictures"])} for sheet in sheets]
    document.render({"orders": filled}, jinja_env=WordsOnly(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _rows_of_two(document: DocxTemplate, paths: Sequence[Path]) -> list[dict[str, Any]]:
    images: list[Any] = [InlineImage(document, str(path), width=PICTURE_WIDTH) for path in paths]
    return [
        {"left": images[i], "right": images[i + 1] if i + 1 < len(images) else ""} for i in range(0, len(images), 2)
    ]


def _sheets(cases: Sequence[Case], by: Actor) -> list[dict[str, Any]]:
    ids = [case.pk for case in cases]
    due = dict(Clock.objects.filter(case__in=ids, stage="handle").values_list("case_id", "due_at"))
    pictures = _pictures(ids)
    return [_printed(_sheet(case, due.get(case.pk), pictures.get(case.pk, []), by)) for case in cases]


def _printed(sheet: dict[str, Any]) -> dict[str, Any]:
    return {name: printable(value) if isinstance(value, str) else value for name, value in sheet.items()}


def _sheet(case: Case, due: dt.datetime | None, pictures: Sequence[Path], by: Actor) -> dict[str, Any]:
    """What a template may name, all of it words but `pictures`."""
    department = case.main_department
    return {
        "number": case.number,
        "title": case.title,
        "reported": _moment(case.reported_at),
        "source": str(case.get_source_display()),
        "class": f"{case.class_name}（{case.class_code}）" if case.class_name else NONE,
        "place": case.address or NONE,
        "description": case.description or case.title,
        "department": department.name if department else NONE,
        "limit": limit(case.limit_amount, case.limit_unit) if case.limit_amount else NONE,
        "due": _moment(due),
        "condition": case.condition.text if case.condition else NONE,
        "closing": case.condition.closing if case.condition else NONE,
        "urgent": _("紧急") if case.is_urgent else "",
        "issuer": " ".join(part for part in (by.home_department_name, by.name) if part),
        "date": _day(now()),
        "pictures": list(pictures),
    }


def _pictures(case_ids: Sequence[int]) -> dict[int, list[Path]]:
    """The first pictures «before» of each case as everybody sees them: derivatives, watermarked."""
    found: dict[int, list[Path]] = {}
    rows = Picture.objects.filter(case__in=case_ids, moment=Picture.Moment.BEFORE).select_related("file").order_by("id")
    for row in rows:
        paths = found.setdefault(row.case_id, [])
        if len(paths) < MOST_PICTURES and (path := files.shown(row.file)):
            paths.append(path)
    return found


def _moment(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else NONE


def _day(moment: dt.datetime) -> str:
    here = moment.astimezone(SHANGHAI)
    return _("%(y)d年%(m)d月%(d)d日") % {"y": here.year, "m": here.month, "d": here.day}


def sample() -> dict[str, Any]:
    """What a new template is tried with."""
    names = ("number", "title", "reported", "source", "class", "place", "description", "department", "limit", "due",
             "condition", "closing", "urgent", "issuer", "date")  # fmt: skip
    return dict.fromkeys(names, NONE) | {"pictures": []}
