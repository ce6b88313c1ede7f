"""The page on which an administrator erases what a report says about persons: the case stays, its history still proves.

Administrators do not see cases (三员分立): the page shows which reports and pictures there are, never what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chengyun.casework.cases.models import Case, Picture, Report, Source, Supplement
from chengyun.casework.cases.personal import erase_report, report_key, supplement_key
from chengyun.casework.cases.registers import ERASING
from chengyun.core import history
from chengyun.core.errors import NotFound
from chengyun.core.models import Record
from chengyun.people.access import Actor
from chengyun.people.backoffice.who import ERASERS
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers import access
from chengyun.people.registers.views.parts import posted, tabs, tried

ERASED = "personal.erased"


class ErasingForm(forms.Form):
    keys = forms.MultipleChoiceField(
        label=gettext_lazy("清除哪些"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少勾选一项。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("如：本人依法申请删除，申请编号……。原因永久留存，请勿写个人信息"),
        error_messages={"required": gettext_lazy("请填写清除个人信息的原因。")},
    )

    def __init__(self, found: Sequence[Holding], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # None or the posted fields
        column = self.fields["keys"]
        assert isinstance(column, forms.ChoiceField)
        column.choices = [(each.key, each.title) for each in found if each.is_there]


@dataclass(frozen=True)
class Holding:
    """Something that holds personal words or a picture; `is_there` until it was erased."""

    key: str
    title: str
    is_there: bool


@require_http_methods(["GET", "HEAD", "POST"])
def erasing(request: ActorRequest) -> HttpResponse:
    needed = ERASERS if request.method == "POST" else ERASING.readers
    if not request.actor.for_county(*needed):
        raise access.refused(needed)
    number = request.GET.get("number", "").strip()[:32]
    case = Case.objects.filter(number=number).first() if number else None
    found = holdings(case) if case else []
    form = ErasingForm(found, posted(request))
    if case and form.is_valid() and tried(form, lambda: _erased(case, form, request.actor)):
        messages.success(request, _("已清除，不能恢复；案件和办理过程照旧。"))
        return redirect(f"{reverse('cases:erasing')}?{urlencode({'number': number})}")
    context = {
        "register": ERASING,
        "tabs": tabs(ERASING, request.actor),
        "number": number,
        "case": case,
        "found": found,
        "form": form,
        "anything": any(each.is_there for each in found),
        "may_erase": request.actor.for_county(*ERASERS),
        "records": Record.objects.filter(verb=ERASED).order_by("-at", "-id")[:50],
    }
    return render(request, "cases/erasing.html", context)


def holdings(case: Case) -> list[Holding]:
    """Reports with their supplements, then pictures."""
    reports = [_report(each) for each in case.reports.order_by("id")]
    supplements = [_supplement(each) for each in Supplement.objects.filter(report__case=case).order_by("id")]
    pictures = [_picture(each) for each in case.pictures.select_related("file").order_by("id")]
    return [*reports, *supplements, *pictures]


def _report(report: Report) -> Holding:
    title = _("报告（含补充）：%(source)s，%(day)s 收到")
    source, day = Source(report.source).label, f"{report.received_at:%Y-%m-%d}"
    return Holding(report_key(report), title % {"source": source, "day": day}, bool(report.salt))


def _supplement(supplement: Supplement) -> Holding:
    title = _("补充内容：%(day)s 收到") % {"day": f"{supplement.received_at:%Y-%m-%d}"}
    return Holding(supplement_key(supplement), title, bool(supplement.salt))


def _picture(picture: Picture) -> Holding:
    moment = Picture.Moment(picture.moment).label
    return Holding(picture.file.key, _("照片：%(moment)s") % {"moment": moment}, not picture.file.is_erased)


def _erased(case: Case, form: ErasingForm, by: Actor) -> bool:
    reports = {report_key(each): each for each in case.reports.all()}
    keys, reason = form.cleaned_data["keys"], form.cleaned_data["reason"]
    for key in keys:
        if key in reports:
            erase_report(reports[key], by=by, reason=reason)
    for key in set(keys) - set(reports):
        _erase_one(key, by, reason)
    return True


def _erase_one(key: str, by: Actor, reason: str) -> None:
    """What went together with its report is gone already."""
    try:
        history.erase(key, by=by, reason=reason)
    except NotFound:
        return
