"""The urgent line over every page of whoever keeps the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string

from chengyun.casework.urgent.models import Alert
from chengyun.casework.urgent.queries import SHOWN
from chengyun.core.instants import now


@dataclass(frozen=True)
class Ringing:
    alert: Alert
    seconds: float


def render_line(request: HttpRequest, alerts: Sequence[Alert], fault: str = "") -> str:
    """What stands inside <urgent-line>; blank words when nothing rings."""
    moment = now()
    shown = [Ringing(alert, (moment - alert.urgent_since).total_seconds()) for alert in alerts[:SHOWN]]
    context = {"ringing": shown, "more": len(alerts) - len(shown), "fault": fault}
    return render_to_string("urgent/_line.html", context, request)
