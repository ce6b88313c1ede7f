"""Import a file of hotline orders: order, report and case of a row come into being together or not at all.

A chunk of rows is one short transaction with the run's figures inside, so a killed import has stored whole rows and
counted them rightly; run again, it completes. The same content is known, changed content becomes a supplement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chengyun.casework.batch import submit_part
from chengyun.casework.cases.models import Source
from chengyun.casework.cases.services.submit import Submission, SubmittedReport, checked
from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.core.tables.bad_rows import BadRow, BadRowFile, Fault
from chengyun.intake.hotline.models import HotlineImport, HotlineOrder
from chengyun.intake.hotline.reading.rows import Row, open_table
from chengyun.people.access import SYSTEM, Actor

# So many cases are stored in well under the 200 ms that a write transaction may take (DESIGN §2).
CHUNK = 25
DEFAULT_FEED = "12345"


@dataclass
class Summary:
    created: int = 0
    known: int = 0
    supplemented: int = 0
    bad: int = 0
    # Why the file could not be read to its end; blank when it was.
    broken: str = ""

    @classmethod
    def of(cls, run: HotlineImport) -> Summary:
        return cls(run.created, run.known, run.supplemented, run.bad)

    def __str__(self) -> str:
        sentence = _("导入 %(created)d 条，已有 %(known)d 条，补充 %(supplemented)d 条，错误 %(bad)d 条")
        return sentence % {name: getattr(self, name) for name in ("created", "known", "supplemented", "bad")}


@dataclass
class Import:
    """What one run needs to know at every row."""

    run: HotlineImport
    faults: BadRowFile
    by: Actor = SYSTEM
    tell: Callable[[int], None] = field(default=lambda rows: None)


def start(
    file_name: str, *, feed: str = DEFAULT_FEED, zone: str = "Asia/Shanghai", told: Mapping[str, str]
) -> HotlineImport:
    return HotlineImport.objects.create(
        file_name=file_name[-200:], feed=feed, zone=zone, told=dict(told), created_at=now()
    )


def import_file(path: Path, job: Import) -> Summary:
    """Read `path` to its end. Raises FileFault, with the run marked failed, when it cannot be read at all."""
    run = job.run
    # A run taken up again counts anew what it does not store.
    _update(run, state=HotlineImport.State.RUNNING, known=0, bad=0, fault="")
    try:
        with open_table(path, run.told) as table:
            broken = _import_rows(table.rows(ZoneInfo(run.zone), now()), job)
    except UserError as fault:
        _update(run, state=HotlineImport.State.FAILED, finished_at=now(), fault=str(fault)[:300])
        raise
    _update(run, state=HotlineImport.State.DONE, finished_at=now(), fault=broken)
    run.refresh_from_db()
    summary = Summary.of(run)
    summary.broken = broken
    return summary


def _import_rows(rows: Iterator[Row | BadRow], job: Import) -> str:
    broken = ""
    for chunk in _chunks(rows):
        good = [row for row in chunk if isinstance(row, Row)]
        bad = [row for row in chunk if isinstance(row, BadRow)]
        bad += _store(good, job, len(bad))
        for row in sorted(bad, key=lambda each: each.number):
            job.faults.add(row)
            broken = row.faults[0].reason if row.is_end else broken
        job.tell(chunk[-1].number)
    return broken


def _chunks(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    """At most CHUNK rows, and no order twice: its second row is a supplement to the first."""
    chunk: list[Row | BadRow] = []
    ids: set[str] = set()
    for row in rows:
        key = row.source_id if isinstance(row, Row) else ""
        if len(chunk) == CHUNK or key in ids:
            yield chunk
            chunk, ids = [], set()
        chunk.append(row)
        ids |= {key} - {""}
    if chunk:
        yield chunk


def _store(rows: Sequence[Row], job: Import, bad: int) -> list[BadRow]:
    """Store the rows of a chunk; what the door refuses comes back as bad rows."""
    try:
        try:
            _store_chunk(rows, job, bad)
        except IntegrityError:
            # Another import of the same orders was faster; they are known now.
            _store_chunk(rows, job, bad)
        return []
    except UserError:
        return _store_singly(rows, job, bad)


def _store_singly(rows: Sequence[Row], job: Import, bad: int) -> list[BadRow]:
    refused = []
    for row in rows:
        try:
            _store_chunk([row], job, 0)
        except UserError as fault:
            refused.append(BadRow(row.number, (Fault("", str(fault)),)))
    _store_chunk([], job, bad + len(refused))
    return refused


def _store_chunk(rows: Sequence[Row], job: Import, bad: int) -> None:
    run = job.run
    with transaction.atomic():
        stored = _stored(rows, run.feed)
        same = [stored[row.source_id] for row in rows if _is_same(stored, row)]
        fresh = [row for row in rows if not _is_same(stored, row)]
        submissions = submit_part([checked(_report(row, run.feed)) for row in fresh], job.by)
        _store_orders(fresh, submissions, stored, run)
        # An order that this very run stored before it was interrupted is not counted again.
        known = ["known" for order in same if order.batch_id != run.pk]
        _count(run, [*known, *(submission.outcome for submission in submissions)], bad)


def _stored(rows: Sequence[Row], feed: str) -> dict[str, HotlineOrder]:
    orders = HotlineOrder.objects.filter(feed=feed, order_no__in=[row.source_id for row in rows])
    return {order.order_no: order for order in orders}


def _is_same(stored: Mapping[str, HotlineOrder], row: Row) -> bool:
    return row.source_id in stored and stored[row.source_id].digest == row.digest


def _report(row: Row, feed: str) -> SubmittedReport:
    return SubmittedReport(
        source=Source.HOTLINE,
        source_id=f"{feed}/{row.source_id}",
        received_at=row.received_at,
        title=row.title,
        words=row.text,
        address=row.address,
        reporter_name=row.name,
        reporter_phone=row.phone,
    )


def _store_orders(
    rows: Sequence[Row], submissions: Sequence[Submission], stored: Mapping[str, HotlineOrder], run: HotlineImport
) -> None:
    new = []
    for row, submission in zip(rows, submissions, strict=True):
        order = stored.get(row.source_id)
        if order is None:
            new.append(_order(row, submission, run))
        else:
            _renew(order, row, run)
    HotlineOrder.objects.bulk_create(new)


def _order(row: Row, submission: Submission, run: HotlineImport) -> HotlineOrder:
    return HotlineOrder(
        feed=run.feed,
        order_no=row.source_id,
        received_at=row.received_at,
        kind=kind_of(row.kind),
        extra=_extra(row),
        digest=row.digest,
        report=submission.report,
        batch=run,
    )


def _renew(order: HotlineOrder, row: Row, run: HotlineImport) -> None:
    order.kind, order.extra, order.digest, order.batch = kind_of(row.kind), _extra(row), row.digest, run
    order.save(update_fields=["kind", "extra", "digest", "batch"])


def _extra(row: Row) -> dict[str, object]:
    return {**row.counts, **({"kind": row.kind} if row.kind else {})}


# Not the labels of `Kind`: those are in the reader's language, these in the file's.
KINDS = {
    "咨询": HotlineOrder.Kind.QUESTION,
    "求助": HotlineOrder.Kind.HELP,
    "建议": HotlineOrder.Kind.SUGGESTION,
    "投诉": HotlineOrder.Kind.COMPLAINT,
    "举报": HotlineOrder.Kind.TIP_OFF,
}


def kind_of(written: str) -> str:
    """投诉类, 投诉举报 → 投诉; blank where the hotline has a word of its own, which `extra` keeps."""
    return next((kind.value for word, kind in KINDS.items() if word in written), "")


def _count(run: HotlineImport, outcomes: Sequence[str], bad: int) -> None:
    HotlineImport.objects.filter(pk=run.pk).update(
        created=F("created") + outcomes.count("created"),
        known=F("known") + outcomes.count("known"),
        supplemented=F("supplemented") + outcomes.count("supplemented"),
        bad=F("bad") + bad,
    )


def _update(run: HotlineImport, **fields: object) -> None:
    for name, value in fields.items():
        setattr(run, name, value)
    run.save(update_fields=list(fields))
