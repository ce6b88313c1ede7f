"""What the office fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.cases.models import Source
from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports import periods, texts
from chengyun.insight.reports.models import Kind
from chengyun.insight.reports.services import LONGEST_TEXT
from chengyun.people.models import Department
from chengyun.people.register_forms import day_field
from chengyun.regions.queries import townships

T = gettext_lazy


class NewReportForm(forms.Form):
    kind = forms.ChoiceField(label=T("种类"), choices=Kind.choices, initial=Kind.MONTHLY)
    day = day_field(T("日期"), required=True)
    last = day_field(T("截止日期"), required=False)
    title = forms.CharField(
        label=T("标题"), max_length=80, required=False, help_text=T("不填则按种类和时段自动命名；专题报告请填写")
    )
    township = forms.ChoiceField(label=T("只看乡镇街道"), required=False)
    department = forms.ChoiceField(label=T("只看部门"), required=False)
    source = forms.ChoiceField(label=T("只看来源"), required=False, choices=[("", T("全部")), *Source.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].help_text = _("日报、周报、月报和年度报告填其中任意一天；专题报告填起始日期")
        self.fields["day"].initial = today() - periods.DAY
        self.fields["last"].help_text = _("只有专题报告要填")
        self._choose("township", townships())
        standing = Department.objects.on(today()).order_by("sort_order", "code")
        self._choose("department", [(str(row.pk), row.short_name) for row in standing])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *choices]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") == Kind.TOPIC:
            for name, words in (("last", _("专题报告请填写截止日期")), ("title", _("专题报告请填写标题"))):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, words)
        if not self.errors:
            try:
                given["period"] = self._period(given)
            except UserError as error:
                wrong = "last" if given["kind"] == Kind.TOPIC else "day"
                self.add_error(error.field if error.field in self.fields else wrong, str(error))
        return given

    def _period(self, given: dict[str, Any]) -> Period:
        if given["kind"] == Kind.TOPIC:
            return periods.chosen(given["day"], given["last"])
        return periods.around(given["kind"], given["day"])

    @property
    def where(self) -> dict[str, list[Any]]:
        """A topic's narrowing."""
        given = self.cleaned_data
        if given["kind"] != Kind.TOPIC:
            return {}
        keys = {"township": given["township"], "source": given["source"],
                "department": int(given["department"]) if given["department"] else ""}  # fmt: skip
        return {dimension: [key] for dimension, key in keys.items() if key}


# No block is called so: their keys have no hyphen.
SEEN = "seen-%s"


class TextsForm(forms.Form):
    """One field for each text block of the template, and hidden beside it the print of what its writer found there."""

    def __init__(self, blocks: list[dict[str, str]], standing: Mapping[str, str], data: Any = None) -> None:
        self.keys = [block["key"] for block in blocks]
        prints = {SEEN % key: texts.print_of(standing.get(key, "")) for key in self.keys}
        super().__init__(data, initial={**standing, **prints})
        for block in blocks:
            self.fields[block["key"]] = forms.CharField(
                label=block["title"], required=False, max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 5}),
            )  # fmt: skip
            self.fields[SEEN % block["key"]] = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def given(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.keys}

    @property
    def seen(self) -> dict[str, str]:
        return {key: print_ for key in self.keys if (print_ := self.cleaned_data[SEEN % key])}

    def show_overtaken(self, standing: Mapping[str, str]) -> None:
        """What others wrote meanwhile, beside what was typed; whoever saves again has seen it."""
        data = {name: self.data.get(name, "") for name in self.fields}
        for key in self.keys:
            now, typed = standing.get(key, ""), texts.print_of(data.get(key, ""))
            found = data.get(SEEN % key) or texts.print_of(now)
            if texts.print_of(now) in (found, typed):
                continue
            data[SEEN % key] = texts.print_of(now)
            if typed == found:
                data[key] = now
            else:
                self[key].help_text = _("现在的文字：%s") % (now or _("（空）"))
        self.data = data

    def lock(self) -> None:
        """To be copied out of only."""
        for key in self.keys:
            self.fields[key].widget.attrs["readonly"] = True


class CorrectionForm(forms.Form):
    new = forms.FloatField(label=T("更正为"))
    reason = forms.CharField(
        label=T("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=T("随报表一起列出")
    )
