"""The county's own phrases as a register; those of a department or a person are kept on the page of phrases."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from chengyun.casework.phrases import services
from chengyun.casework.phrases.models import Phrase, is_class_code, step_choices
from chengyun.core.errors import UserError
from chengyun.people.access import Actor
from chengyun.people.backoffice.who import BUSINESS, CENTRE, KEEPERS
from chengyun.people.registers.book import Heading
from chengyun.people.registers.cells import Cell, Kind, Read, one_of, plain
from chengyun.people.registers.declaration import Column, Filter, Register, Rows
from chengyun.people.registers.row_book import RowBook

PLACES = "最多 300 字，可写 {地点} {类别} {部门} {时限}"
EVERY_STEP = gettext_lazy("所有步骤")


class CountyPhraseForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("惯用语"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("可以写 {地点} {类别} {部门} {时限}，用时自动换成案件的内容"),
    )
    verb = forms.ChoiceField(
        label=gettext_lazy("步骤"), required=False, choices=lambda: [("", EVERY_STEP), *step_choices()]
    )
    class_prefix = forms.CharField(
        label=gettext_lazy("类别代码"),
        max_length=8,
        required=False,
        validators=[is_class_code],
        help_text=gettext_lazy("大类的两位代码或小类代码；不填则各类通用"),
    )

    def __init__(self, data: Any, row: Phrase | None = None) -> None:
        known = {name: getattr(row, name) for name in ("text", "verb", "class_prefix")} if row else {}
        super().__init__(data, initial=known)


def _rows() -> Rows:
    rows: Rows = Phrase.objects.filter(scope=Phrase.Scope.COUNTY).select_related("use")
    return rows


def _standing(day: dt.date) -> Rows:
    rows: Rows = Phrase.objects.on(day).filter(scope=Phrase.Scope.COUNTY).order_by("pk")
    return rows


def _add(*, by: Actor, text: str, verb: str = "", class_prefix: str = "") -> Phrase:
    return services.add(text, by=by, scope=Phrase.Scope.COUNTY, verb=verb, class_prefix=class_prefix)


def _change(row: Phrase, *, by: Actor, **fields: Any) -> Phrase:
    services.change(row, by=by, **fields)
    return row


def _retire(row: Phrase, *, by: Actor, last_day: dt.date) -> None:
    services.retire(row, by=by, last_day=last_day)


def _steps() -> list[str]:
    return [title for _verb, title in step_choices()]


def _step() -> Read:
    named = one_of(step_choices()).reader()
    return lambda text: named(text) if text and text != str(EVERY_STEP) else ""


def _class_code(text: str) -> str:
    try:
        if text:
            is_class_code(text)
    except forms.ValidationError as error:
        raise UserError(error.messages[0]) from error
    return text


CLASS = plain(str, _class_code)
STEP = Kind(lambda verb: dict(step_choices()).get(verb, verb), _step)

PHRASES = Register(
    key="phrases",
    title=gettext_lazy("全县惯用语"),
    group=BUSINESS,
    order=751,
    icon="quote",
    help=gettext_lazy("办理时在文字框旁选用，全县都看得到；部门和个人的在“惯用语”里维护。"),
    model=Phrase,
    rows=_rows,
    columns=[
        Column(gettext_lazy("惯用语"), "text"),
        Column(gettext_lazy("步骤"), "step_title", sort="verb"),
        Column(gettext_lazy("类别代码"), "class_prefix", sort="class_prefix"),
        Column(gettext_lazy("用过"), lambda row: row.use.count if hasattr(row, "use") else 0, num=True),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("verb", "class_prefix", "pk"),
    search=("text", "class_prefix"),
    search_hint=gettext_lazy("文字或类别代码"),
    filters=[Filter("verb", gettext_lazy("步骤"), step_choices, "verb")],
    form=CountyPhraseForm,
    create=_add,
    change=_change,
    retire=_retire,
    retire_rule=gettext_lazy("停用后不再提示；写进案件的文字照旧。"),
    bulk_fields=("verb", "class_prefix"),
    words={"verb": dict(step_choices())},
    book=RowBook(
        name="惯用语",
        cells=(
            Cell(Heading("步骤", "留空是所有步骤", _steps, width=18), attrgetter("verb"), "verb", STEP),
            Cell(
                Heading("类别代码", "大类两位或小类代码；留空各类通用"),
                attrgetter("class_prefix"),
                "class_prefix",
                CLASS,
            ),
            Cell(Heading("惯用语", PLACES, required=True, width=70), attrgetter("text"), "text"),
        ),
        key=("步骤", "类别代码", "惯用语"),
        rows=_standing,
        create=_add,
        change=_change,
        retire=_retire,
        tables=(Phrase,),
        notes=(
            gettext_lazy("每行一条全县的惯用语；改了文字的，导入时是新的一条。"),
            gettext_lazy("按完整清单导入时，表里没有的从明天起不再提示。"),
        ),
    ),
)
