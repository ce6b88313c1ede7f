"""Walks all history and names what is wrong: every row's hash and link, every sealed head, every personal value.

Read in short batches by key, so that memory stays the same for a million cases and no long read holds up the writers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from chengyun.core.chained import FIRST, ChainedRow, row_hash
from chengyun.core.history.proving import Claim, ClaimChecker
from chengyun.core.history.sealing import Head, SealRecord, chained_models, exported_seals, keys, stored_seals
from chengyun.core.models import Seal, SealedHead

ROWS_PER_READ = 5_000
CHAINS_PER_READ = 1_000
UNSEALED_NAMED = 100  # per kind of row; a number says how many more


@dataclass(frozen=True)
class Fault:
    """`kind`: changed deleted inserted truncated vanished seal personal; unsealed and unread are only worth knowing."""

    chain: str
    seq: int
    what: str
    kind: str

    @property
    def is_grave(self) -> bool:
        return self.kind not in ("unsealed", "unread")

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}: {self.what}" if self.seq else f"{self.chain}: {self.what}"


class Row(NamedTuple):
    chain: str
    seq: int
    at: dt.datetime
    previous_hash: str
    hash: str
    content: dict[str, Any]

    def hash_as(self, seq: int) -> str:
        return row_hash(self.previous_hash, self.chain, seq, self.at, self.content)


@dataclass
class _Walk:
    """What one pass over a model leaves behind: counts, and chains that wait to be compared in batches."""

    model: type[ChainedRow]
    claims: ClaimChecker
    rows: int = 0
    unsealed: int = 0
    heads: list[tuple[str, int]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.model._meta.label


def verify(*, against: Path | None = None) -> list[Fault]:
    """Everything that is wrong, empty when all is well and sealed. `against`: seals exported and kept elsewhere."""
    claims = ClaimChecker(_all_claims)
    faults: list[Fault] = []
    counted: dict[str, int] = {}
    for model in chained_models().values():
        walk = _Walk(model, claims)
        faults += _walk_model(walk)
        counted[walk.label] = walk.rows
    faults += [Fault(doubt.chain, doubt.seq, doubt.what, doubt.kind) for doubt in claims.settle()]
    seals = _Seals()
    faults += _check_seals(seals, stored_seals())
    if against is not None:
        faults += _check_export(against)
    faults += _check_totals(seals.totals, counted)
    return list(dict.fromkeys(faults))


# --- rows -----------------------------------------------------------------------------------------------------------


def _walk_model(walk: _Walk) -> Iterator[Fault]:
    for _chain, rows in groupby(_rows(walk.model), key=lambda row: row.chain):
        course = _Course()
        for row in rows:
            yield from course.take(row)
            walk.rows += 1
        walk.claims.add(course.claims.values())
        walk.heads.append((row.chain, row.seq))
        if len(walk.heads) >= CHAINS_PER_READ:
            yield from _unsealed(walk)
    yield from _unsealed(walk)
    if walk.unsealed > UNSEALED_NAMED:
        more = walk.unsealed - UNSEALED_NAMED
        yield Fault(walk.label, 0, _("另有 %(count)d 条链有尚未封存的记录") % {"count": more}, "unsealed")


def _rows(model: type[ChainedRow]) -> Iterator[Row]:
    names = model.HASHED_FIELDS
    rows = model._base_manager.order_by("chain", "seq")
    columns = rows.values_list("chain", "seq", "at", "previous_hash", "hash", *names)
    start = Q()
    while batch := list(columns.filter(start)[:ROWS_PER_READ]):
        for values in batch:
            chain, seq, at, previous_hash, hash, *content = values
            yield Row(chain, seq, at, previous_hash, hash, dict(zip(names, content, strict=True)))
        start = Q(chain__gte=chain) & (Q(chain__gt=chain) | Q(seq__gt=seq))


@dataclass
class _Course:
    """One chain, followed row by row."""

    previous_hash: str = FIRST
    expected: int = 1
    moved: int = 0
    claims: dict[tuple[str, str], Claim] = field(default_factory=dict)

    def take(self, row: Row) -> Iterator[Fault]:
        if row.seq > self.expected:
            yield _deleted(row.chain, self.expected, row.seq - 1)
            self.previous_hash = row.previous_hash  # what should stand before is gone
        shift = _shift(row)
        if shift is None:
            yield _fault(row, _("内容被改动"), "changed")
        elif shift and shift != self.moved:
            yield _renumbered(row, shift)
        elif not shift and row.previous_hash != self.previous_hash:
            yield _fault(row, _("与前一条不相接，两者之一是事后放入或改写的"), "inserted")
        self.previous_hash, self.expected, self.moved = row.hash, row.seq + 1, shift or 0
        self.claims.update(_claims(row))


def _shift(row: Row) -> int | None:
    """0 for a sound row; ±1 for a sound row that once had the next number or the one before; None for a changed one."""
    for shift in (0, -1, 1):
        if row.hash_as(row.seq + shift) == row.hash:
            return shift
    return None


def _renumbered(row: Row, shift: int) -> Fault:
    if shift < 0:
        return Fault(row.chain, row.seq - 1, _("此处插入过记录，后面的记录被改了序号"), "inserted")
    return Fault(row.chain, row.seq, _("此处删除过记录，后面的记录被改了序号"), "deleted")


def _deleted(chain: str, first: int, last: int) -> Fault:
    return Fault(chain, first, _("第 %(first)d 到 %(last)d 条被删除") % {"first": first, "last": last}, "deleted")


def _fault(row: Row, what: str, kind: str) -> Fault:
    return Fault(row.chain, row.seq, what, kind)


def _claims(row: Row) -> dict[tuple[str, str], Claim]:
    data = row.content.get("data")
    if not isinstance(data, dict) or "commitments" not in data:
        return {}
    return {
        (key, name): Claim(key, name, hex, row.chain, row.seq, row.at)
        for key, names in data["commitments"].items()
        for name, hex in names.items()
    }


def _all_claims() -> Iterator[Claim]:
    for model in chained_models().values():
        if "data" in model.HASHED_FIELDS:
            for row in _rows(model):
                yield from _claims(row).values()


def _unsealed(walk: _Walk) -> Iterator[Fault]:
    chains = [chain for chain, _seq in walk.heads]
    sealed = dict(SealedHead.objects.filter(model=walk.label, chain__in=chains).values_list("chain", "seq"))
    for chain, seq in walk.heads:
        if seq > sealed.get(chain, 0):
            walk.unsealed += 1
            if walk.unsealed <= UNSEALED_NAMED:
                yield Fault(chain, sealed.get(chain, 0) + 1, _("从这一条起尚未封存"), "unsealed")
    walk.heads.clear()


# --- seals ----------------------------------------------------------------------------------------------------------


@dataclass
class _Seals:
    """State while following the seals in order."""

    number: int = 0
    hash: str = ""
    totals: dict[str, list[int]] = field(default_factory=dict)


def _check_seals(state: _Seals, records: Iterable[SealRecord]) -> Iterator[Fault]:
    known = keys()
    for record in records:
        yield from _check_seal(state, record, known)
        yield from _check_heads(record)
        state.number, state.hash, state.totals = record.number, record.hash, record.totals


def _check_seal(state: _Seals, record: SealRecord, known: list[bytes]) -> Iterator[Fault]:
    problems: list[tuple[Callable[[], bool], str]] = [
        (lambda: record.number != state.number + 1, _("前面缺少封存记录")),
        (lambda: record.previous_hash != state.hash, _("与前一份封存记录不相接")),
        (lambda: record.computed_hash() != record.hash, _("封存内容被改动")),
        (lambda: not record.is_signed_by(known), _("签名不符，或签名用的是另一把密钥")),
    ]
    for is_wrong, what in problems:
        if is_wrong():
            yield Fault("seal", record.number, what, "seal")


def _check_heads(record: SealRecord) -> Iterator[Fault]:
    models = chained_models()
    for label in record.heads:
        if label not in models:
            yield Fault(label, 0, _("整类记录不见了"), "vanished")
            continue
        yield from _compare_heads(models[label], record.heads_of(label))


def _compare_heads(model: type[ChainedRow], heads: list[Head]) -> Iterator[Fault]:
    chains, seqs = [head.chain for head in heads], {head.seq for head in heads}
    rows = model._base_manager.filter(chain__in=chains)
    hashes = {(chain, seq): hash for chain, seq, hash in rows.filter(seq__in=seqs).values_list("chain", "seq", "hash")}
    missing = [head for head in heads if (head.chain, head.seq) not in hashes]
    reach = dict(
        model._base_manager.filter(chain__in=[head.chain for head in missing])
        .order_by()
        .values_list("chain")
        .annotate(top=Max("seq"))
    )
    for head in heads:
        found = hashes.get((head.chain, head.seq))
        if found is None:
            yield from _lost(head, reach.get(head.chain))
        elif found != head.hash:
            yield Fault(head.chain, head.seq, _("封存之后被改写"), "changed")


def _lost(head: Head, reach: int | None) -> Iterator[Fault]:
    if reach is None:
        yield Fault(head.chain, 0, _("整条链不见了"), "vanished")
    elif reach < head.seq:
        yield Fault(head.chain, reach + 1, _("从这一条起被截去"), "truncated")
    # Otherwise it is missing in the middle: the walk has named it already.


def _check_export(path: Path) -> Iterator[Fault]:
    """The exported seals must be ours still, and what they noted must still be there."""
    state = _Seals()
    for record in exported_seals(path):
        yield from _check_seals(state, [record])
        stored = Seal.objects.filter(number=record.number).values_list("hash", flat=True).first()
        if stored is None:
            yield Fault("seal", record.number, _("导出时有，现在不见了"), "seal")
        elif stored != record.hash:
            yield Fault("seal", record.number, _("与导出的不一致"), "seal")


def _check_totals(totals: dict[str, list[int]], counted: dict[str, int]) -> Iterator[Fault]:
    for label, (_chains, rows) in totals.items():
        if counted.get(label, 0) < rows:
            what = _("封存过 %(sealed)d 条，现有 %(found)d 条") % {"sealed": rows, "found": counted.get(label, 0)}
            yield Fault(label, 0, what, "truncated")
