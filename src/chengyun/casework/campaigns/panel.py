from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string

from chengyun.casework.campaigns.access import visible_to
from chengyun.people.middleware import ActorRequest


def case_panel(request: HttpRequest, case: Any) -> str:
    """The campaigns that the case belongs to and the reader may open."""
    found = list(visible_to(cast(ActorRequest, request).actor).filter(links__case=case)[:10])
    return render_to_string("campaigns/_panel.html", {"campaigns": found}) if found else ""
