"""Seals: signed, chained records of how far every chain had come.

A chain of hashes cannot show that its end was cut off or that it vanished. So every few minutes a seal notes the heads
of all chains touched since, with running totals, and is signed with a key that is not in the database. Seals are
exported so that they can be kept off the box.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery

from chengyun.core.chained import ChainedRow, canonical
from chengyun.core.instants import now
from chengyun.core.models import Seal, SealedHead, SealMark

HEADS_PER_SEAL = 2_000  # keeps the write transaction short
LATE_COMMITS = dt.timedelta(minutes=5)  # a write transaction ends within 200 ms


@dataclass(frozen=True)
class Head:
    """The newest row of a chain; `before` is the seq that the seal before had noted, 0 for a new chain."""

    chain: str
    seq: int
    hash: str
    before: int


@dataclass(frozen=True)
class SealRecord:
    """A seal as it is signed and exported."""

    number: int
    at: str
    previous_hash: str
    heads: dict[str, list[list[Any]]]  # model label -> [[chain, seq, hash, before], …]
    totals: dict[str, list[int]]  # model label -> [chains, rows], running
    hash: str = ""
    key_id: str = ""
    signature: str = ""

    def computed_hash(self) -> str:
        content = [self.number, self.at, self.previous_hash, self.heads, self.totals]
        return hashlib.sha256(canonical(content).encode()).hexdigest()

    def is_signed_by(self, keys: Iterable[bytes]) -> bool:
        return any(hmac.compare_digest(_sign(key, self.hash), self.signature) for key in keys)

    def heads_of(self, label: str) -> list[Head]:
        return [Head(*each) for each in self.heads.get(label, [])]

    @classmethod
    def of(cls, row: Seal) -> SealRecord:
        return cls(
            row.number, row.at_text, row.previous_hash, row.heads, row.totals, row.hash, row.key_id, row.signature
        )


def chained_models() -> dict[str, type[ChainedRow]]:
    return {model._meta.label: model for model in apps.get_models() if issubclass(model, ChainedRow)}


def seal(*, everything: bool = False) -> int:
    """Seal all chains that have grown; returns how many. `everything` looks at every chain, not at new rows only."""
    work = _sweep if everything else _seal_new
    return sum(work(label, model) for label, model in chained_models().items())


def export_seals(path: Path) -> int:
    """All seals as JSON lines; returns how many. The file replaces an older one only when it is whole."""
    count = 0
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as out:
        for record in stored_seals():
            out.write(json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    return count


def stored_seals() -> Iterator[SealRecord]:
    number = 0
    while batch := list(Seal.objects.filter(number__gt=number).order_by("number")[:20]):
        yield from map(SealRecord.of, batch)
        number = batch[-1].number


def exported_seals(path: Path) -> Iterator[SealRecord]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield SealRecord(**json.loads(line))


def keys() -> list[bytes]:
    """The first key signs, all of them verify (CHENGYUN_SEAL_KEY="new,old" after a change of keys)."""
    return [key.strip().encode() for key in settings.SEAL_KEY.split(",") if key.strip()]


def key_ids() -> set[str]:
    """Of the keys in use, as `Seal.key_id` notes them; they tell nothing of the key."""
    return {_key_id(key) for key in keys()}


def _key_id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]


def _sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _seal_new(label: str, model: type[ChainedRow]) -> int:
    """Chains of the rows behind the mark. The mark stays behind rows so young that one with a smaller number may still
    be on its way; a row that comes even later is found by the sweep."""
    mark = SealMark.objects.get_or_create(model=label)[0]
    young = now() - LATE_COMMITS
    sealed, reach, settled = 0, mark.row_id, True
    while rows := _rows_after(model, reach):
        with transaction.atomic():
            sealed += _seal_chains({chain for _pk, chain, _at in rows})
        for pk, _chain, at in rows:
            settled = settled and at < young
            mark.row_id = pk if settled else mark.row_id
        reach = rows[-1][0]
    mark.save(update_fields=["row_id"])
    return sealed


def _rows_after(model: type[ChainedRow], reach: int) -> list[tuple[int, str, dt.datetime]]:
    rows = model._base_manager.filter(pk__gt=reach).order_by("pk")
    return list(rows.values_list("pk", "chain", "at")[:HEADS_PER_SEAL])


def _sweep(label: str, model: type[ChainedRow]) -> int:
    sealed, last = 0, ""
    chains = model._base_manager.order_by("chain").values_list("chain", flat=True).distinct()
    while some := list(chains.filter(chain__gt=last)[:HEADS_PER_SEAL]):
        with transaction.atomic():
            sealed += _seal_chains(some)
        last = some[-1]
    return sealed


def _seal_chains(chains: Collection[str]) -> int:
    """One seal over those chains that have grown since they were sealed last."""
    heads = {label: found for label, model in chained_models().items() if (found := _grown(label, model, chains))}
    if not heads:
        return 0
    previous = Seal.objects.order_by("-number").first()
    record = _record(previous, heads)
    # The number is the primary key: of two sealers at once one fails here and rolls back.
    Seal.objects.create(
        number=record.number,
        at_text=record.at,
        previous_hash=record.previous_hash,
        heads=record.heads,
        totals=record.totals,
        hash=record.hash,
        key_id=record.key_id,
        signature=record.signature,
    )
    for label, found in heads.items():
        _note(label, found)
    return sum(map(len, heads.values()))


def _grown(label: str, model: type[ChainedRow], chains: Collection[str]) -> list[Head]:
    known = dict(SealedHead.objects.filter(model=label, chain__in=chains).values_list("chain", "seq"))
    rows = model._base_manager.filter(chain__in=chains)
    top = model._base_manager.filter(chain=OuterRef("chain")).values("chain").annotate(top=Max("seq")).values("top")
    newest = rows.annotate(top=Subquery(top)).filter(seq=F("top")).order_by("chain")
    heads = [
        Head(chain, seq, hash, known.get(chain, 0)) for chain, seq, hash in newest.values_list("chain", "seq", "hash")
    ]
    return [head for head in heads if head.seq > head.before]


def _record(previous: Seal | None, heads: dict[str, list[Head]]) -> SealRecord:
    totals = {label: list(counts) for label, counts in (previous.totals if previous else {}).items()}
    for label, found in heads.items():
        chains, rows = totals.get(label, [0, 0])
        totals[label] = [
            chains + sum(head.before == 0 for head in found),
            rows + sum(head.seq - head.before for head in found),
        ]
    unsigned = SealRecord(
        number=previous.number + 1 if previous else 1,
        at=now().isoformat(),
        previous_hash=previous.hash if previous else "",
        heads={label: [[h.chain, h.seq, h.hash, h.before] for h in found] for label, found in heads.items()},
        totals=totals,
    )
    key, hash = keys()[0], unsigned.computed_hash()
    return SealRecord(**asdict(unsigned) | {"hash": hash, "key_id": _key_id(key), "signature": _sign(key, hash)})


def _note(label: str, heads: list[Head]) -> None:
    SealedHead.objects.bulk_create(
        [SealedHead(model=label, chain=head.chain, seq=head.seq) for head in heads],
        update_conflicts=True,
        unique_fields=["model", "chain"],
        update_fields=["seq"],
        batch_size=500,
    )
