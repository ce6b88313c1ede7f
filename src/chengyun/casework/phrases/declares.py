from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from chengyun.casework.phrases.registers import PHRASES
from chengyun.core.declarations import MenuEntry, StepAid
from chengyun.people.backoffice.who import BUSINESS


def phrases_of_step(request: HttpRequest, case: Any, verb: str) -> str:
    """Only where they are: what is offered is fetched when somebody asks for it."""
    return render_to_string("phrases/_aid.html", {"case": case, "verb": verb}, request=request)


DECLARATIONS: list[object] = [
    StepAid(phrases_of_step, order=10),
    PHRASES,
    MenuEntry(_("惯用语"), "phrases:phrases", order=750, group=BUSINESS, icon="quote"),
]
