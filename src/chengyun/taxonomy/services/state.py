"""The token that tells every process that the catalogue changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from chengyun.core import events
from chengyun.taxonomy.models import CatalogueState

THE_ROW = 1


def announce(what: str, data: Mapping[str, object] | None = None) -> None:
    """Call last in the transaction of each change: caches are renewed, and the floors above hear of it."""
    CatalogueState.objects.update_or_create(pk=THE_ROW, defaults={"token": uuid.uuid4().hex})
    events.append("catalogue.changed", "catalogue", {"what": what, **(data or {})})
