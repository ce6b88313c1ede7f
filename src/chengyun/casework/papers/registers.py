"""The register of the templates of the 交办单: every upload stays, one is in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.cases.models import Case
from chengyun.casework.papers import orders, services, uploads
from chengyun.casework.papers.models import OrderTemplate
from chengyun.people.access import Actor
from chengyun.people.backoffice.who import BUSINESS, KEEPERS
from chengyun.people.registers.declaration import Action, Column, Panel, Register, Rows, Usage


class OrderTemplateForm(forms.Form):
    template = forms.FileField(
        label=gettext_lazy("Word 模板（.docx）"), widget=forms.FileInput(attrs={"accept": ".docx"})
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=200, required=False, help_text=gettext_lazy("改了什么、为什么改")
    )

    def __init__(self, data: Any, row: OrderTemplate | None = None) -> None:
        super().__init__(data, initial={"note": row.note} if row else {})
        if row:
            del self.fields["template"]


def _create(*, by: Actor, template: UploadedFile[bytes], note: str = "") -> OrderTemplate:
    content = template.read(uploads.LARGEST + 1)
    return services.replace_template(template.name or "", content, by=by, note=note)


def _use(row: OrderTemplate, *, by: Actor) -> str:
    services.use_again(row, by=by)
    return _("已恢复使用，以后的交办单按它生成。")


def _back_to_shipped(row: OrderTemplate, *, by: Actor, last_day: dt.date) -> None:
    services.back_to_shipped(by=by)


def _uploaded() -> Rows:
    rows: Rows = OrderTemplate.objects.exclude(name="").defer("content")
    return rows


def _state(row: OrderTemplate) -> str:
    return _("现用") if row.is_active else _("以前的")


def _top() -> Mapping[str, Any]:
    return {"in_use": _uploaded().filter(is_active=True).first(), "names": list(orders.sample())}


def _made_by(template: OrderTemplate) -> Rows:
    """Open cases of which a 交办单 can be taken: it will be made by this template."""
    if not template.is_active:
        return Case.objects.none()
    cases: Rows = Case.objects.filter(ended_at__isnull=True, main_department__isnull=False)
    return cases


def _address(case: models.Model) -> str:
    assert isinstance(case, Case)
    return case.get_absolute_url()


ORDER_TEMPLATES = Register(
    key="order-templates",
    title=gettext_lazy("交办单模板"),
    group=BUSINESS,
    order=755,
    icon="file-type-docx",
    help=gettext_lazy(
        "下载现行模板，在 Word 里改版式和文字，保留花括号里的占位符，再上传。上传时会先试填，填不成的不会启用。"
    ),
    new_title=gettext_lazy("更换模板"),
    model=OrderTemplate,
    rows=_uploaded,
    columns=[
        Column(gettext_lazy("文件名"), "name"),
        Column(gettext_lazy("状态"), _state),
        Column(gettext_lazy("说明"), "note"),
        Column(gettext_lazy("上传人"), "by_name"),
        Column(gettext_lazy("上传时间"), "at"),
    ],
    readers=KEEPERS,
    changers=KEEPERS,
    sort=("-pk",),
    top=("papers/_templates.html", _top),
    form=OrderTemplateForm,
    create=_create,
    change=services.describe,
    is_over=lambda row: not row.is_active,
    retire=_back_to_shipped,
    retire_now=True,
    retire_rule=gettext_lazy("以后的交办单按自带的模板生成；这一版留在这里，随时可以恢复使用。"),
    actions=[
        Action(
            "use",
            gettext_lazy("恢复使用这一版"),
            _use,
            KEEPERS,
            shown=lambda row: not row.is_active,
            rule=gettext_lazy("以后的交办单按它生成；现用的留在这里，随时可以换回。"),
        )
    ],
    panels=[Panel(gettext_lazy("文件"), "papers/_version.html")],
)

DECLARATIONS: list[object] = [
    ORDER_TEMPLATES,
    Usage(Case, "", gettext_lazy("已派遣、未结的案件"), href=_address, used=OrderTemplate, rows=_made_by),
]
