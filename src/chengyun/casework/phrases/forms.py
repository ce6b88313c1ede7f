from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengyun.casework.phrases.models import Phrase, is_class_code, step_choices
from chengyun.casework.phrases.services import FOR_A_DEPARTMENT, FOR_THE_COUNTY
from chengyun.people.access import Actor


class PhraseForm(forms.Form):
    text = forms.CharField(
        label=_("惯用语"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("可以写 {地点} {类别} {部门} {时限}，用时自动换成案件的内容"),
    )  # fmt: skip
    verb = forms.ChoiceField(label=_("步骤"), required=False)
    class_prefix = forms.CharField(
        label=_("类别代码"), max_length=8, required=False, validators=[is_class_code],
        help_text=_("大类的两位代码或小类代码；不填则各类通用"),
    )  # fmt: skip
    scope = forms.ChoiceField(label=_("范围"))

    def __init__(self, actor: Actor, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("所有步骤")), *step_choices()]  # type: ignore[attr-defined]
        if is_new:
            self.fields["scope"].choices = scopes_for(actor)  # type: ignore[attr-defined]
        else:
            del self.fields["scope"]


def scopes_for(actor: Actor) -> list[tuple[str, Any]]:
    """What he may write for; his own first."""
    found = [Phrase.Scope.OWN]
    if actor.home_department_id and actor.has(*FOR_A_DEPARTMENT):
        found.append(Phrase.Scope.DEPARTMENT)
    if actor.for_county(*FOR_THE_COUNTY):
        found.append(Phrase.Scope.COUNTY)
    return [(scope.value, scope.label) for scope in found]
