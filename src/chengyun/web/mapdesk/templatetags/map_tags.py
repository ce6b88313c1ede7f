"""Tags of the map workbench."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.template import Context

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@register.simple_tag(takes_context=True)
def scope_address(context: Context, scope: str) -> str:
    """This address for open cases alone, or for all of them."""
    params = context["request"].GET.copy()
    params.pop("scope", None)
    params.pop("open", None)
    if scope == "all":
        params["scope"] = scope
    return f"?{params.urlencode()}"
