"""The token that tells every process that duties, decisions or control areas changed."""

from __future__ import annotations

import uuid

from chengyun.casework.dispatch.models import DutyState
from chengyun.core import events

THE_ROW = 1


def announce(what: str, subject: str) -> None:
    """Call last in the transaction of each change."""
    DutyState.objects.update_or_create(pk=THE_ROW, defaults={"token": uuid.uuid4().hex})
    events.append(f"duty.{what}", subject)
