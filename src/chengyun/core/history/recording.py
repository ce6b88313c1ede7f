"""The general history: one appended, chained row per thing that happened to a setting, a user, an import."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from chengyun.core import events
from chengyun.core.chained import link
from chengyun.core.instants import now
from chengyun.core.models import Record
from chengyun.core.numbers import next_number
from chengyun.core.who import Doer


def record(chain: str, verb: str, data: dict[str, Any] | None = None, *, by: Doer) -> Record:
    """Append to the chain of a subject ("user:7") and announce it. `data` is kept for good: nothing personal."""
    with transaction.atomic():
        # The counter's row stays locked until commit, so two writers of one chain come one after the other.
        seq = next_number(f"record:{chain}")
        row = Record(chain=chain, seq=seq, at=now(), verb=verb, data=data or {}, by_id=by.user_id, by_name=by.name)
        before = Record.objects.filter(chain=chain, seq=seq - 1).values_list("hash", flat=True).first()
        link(row, before)
        row.save(force_insert=True)
        events.append(verb, chain, {"seq": seq})
    return row


def records(chain: str) -> list[Record]:
    """Newest first."""
    return list(Record.objects.filter(chain=chain).order_by("-seq"))
