"""Records → rows that can be submitted, or the faults of those that cannot."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from chengyun.core.tables.bad_rows import BadRow, Fault
from chengyun.core.tables.opening import open_records
from chengyun.core.tables.records import Cell, FileFault, Opened, Record, text_of
from chengyun.intake.hotline.reading.columns import LABELS, Columns, guess, is_header
from chengyun.language.moments import parse as parse_moment

MOST = {"source_id": 60, "title": 120, "text": 20_000, "name": 50, "phone": 30, "address": 200, "kind": 20}
# Exports often carry a title and a date above the header.
ROWS_ABOVE_HEADER = 10
# 12345 lines began in the 1980s; an older order is a slip of the pen.
OLDEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
CLOCKS_DIFFER = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Row:
    number: int
    source_id: str
    received_at: dt.datetime
    title: str
    text: str
    digest: str
    name: str = ""
    phone: str = ""
    address: str = ""
    kind: str = ""
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    kind: str
    encoding: str
    columns: Columns
    epoch: dt.datetime
    records: Iterator[Record]

    def rows(self, zone: ZoneInfo, now: dt.datetime) -> Iterator[Row | BadRow]:
        """One by one, so that a file of any length takes the same memory. Blank rows are passed over."""
        for record in self.records:
            if record.fault:
                yield BadRow(record.number, (Fault("", record.fault),), record.is_end)
            elif any(_is_filled(cell) for cell in record.cells):
                yield _RowMaker(self, record, zone, now).row()


@contextmanager
def open_table(path: Path, told: Mapping[str, str] | None = None) -> Iterator[Table]:
    """Raises FileFault when the file cannot be read or its columns cannot be told apart."""
    with open_records(path) as opened:
        header, records = _header(opened, told or {})
        yield Table(opened.kind, opened.encoding, guess(header, told), opened.epoch, records)


def read_header(path: Path) -> list[str]:
    """The row that would be taken for the header, for a user who must tell its columns."""
    with open_records(path) as opened:
        return _header(opened, {})[0]


def _header(opened: Opened, told: Mapping[str, str]) -> tuple[list[str], Iterator[Record]]:
    """The first of the top rows that names the required fields, else the first row that says anything."""
    top = list(islice(opened.records, ROWS_ABOVE_HEADER))
    filled = [record for record in top if any(_is_filled(cell) for cell in record.cells)]
    if not filled:
        fault = next((record.fault for record in top if record.fault), "")
        raise FileFault(fault or _("文件里没有内容"))
    found = next((record for record in filled if is_header(_texts(record), told)), filled[0])
    return _texts(found), chain((record for record in top if record.number > found.number), opened.records)


def _texts(record: Record) -> list[str]:
    return [_readable(text_of(cell)) for cell in record.cells]


def _readable(text: str) -> str:
    """Without what no file and no database takes: NUL and undecodable bytes."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _is_filled(cell: Cell) -> bool:
    return bool(text_of(cell))


class _RowMaker:
    """One record on its way to a Row; collects every fault, so that the user mends a row once."""

    def __init__(self, table: Table, record: Record, zone: ZoneInfo, now: dt.datetime) -> None:
        self.table, self.record, self.zone, self.now = table, record, zone, now
        self.faults: list[Fault] = []

    def row(self) -> Row | BadRow:
        self._check_shape()
        if self.faults:
            return BadRow(self.record.number, tuple(self.faults))
        texts = {name: self._limited(name) for name in MOST}
        counts = {name: self._count(name) for name in ("likes", "dislikes") if name in self.table.columns.places}
        received_at = self._received_at()
        if not texts["text"]:
            self._fault("text", _("内容为空"))
        if self.faults or received_at is None:
            return BadRow(self.record.number, tuple(self.faults))
        digest = self._digest()
        # A file without order numbers is known again by the content of its rows.
        texts["source_id"] = texts["source_id"] or f"#{digest[:32]}"
        return Row(self.record.number, received_at=received_at, digest=digest, counts=counts, **texts)

    def _check_shape(self) -> None:
        """A row of a csv file has as many cells as the header; fewer mean that it was cut or broken apart."""
        columns, cells = self.table.columns, self.record.cells
        named = max(at for at, name in enumerate(columns.header, 1) if name)
        extra = [cell for cell in cells[len(columns.header) :] if _is_filled(cell)]
        if extra or (self.table.kind == "csv" and len(cells) < named):
            sentence = _("这一行有 %(cells)d 列，表头有 %(header)d 列")
            self.faults.append(Fault("", sentence % {"cells": len(cells), "header": len(columns.header)}))
        for at, cell in enumerate(cells[: len(columns.header)]):
            if isinstance(cell, str) and (reason := self._unreadable(cell)):
                self.faults.append(Fault(columns.header[at], reason))

    def _unreadable(self, cell: str) -> str:
        if "\x00" in cell:
            return _("含有空字符（NUL）")
        if any("\ud800" <= character <= "\udfff" for character in cell):
            return _("有不能按 %s 识别的字节") % (self.table.encoding.upper().removesuffix("-SIG") or "UTF-8")
        return ""

    def _cell(self, name: str) -> Cell:
        place = self.table.columns.places.get(name)
        return None if place is None or place >= len(self.record.cells) else self.record.cells[place]

    def _limited(self, name: str) -> str:
        cell = self._cell(name)
        text = text_of(cell)
        if name == "source_id" and isinstance(cell, (int, float)) and abs(cell) >= 10**15:
            self._fault(name, _("编号超过 15 位却按数字存放，末位已丢失，请把该列设为文本后重新导出"))
        if len(text) > MOST[name]:
            self._fault(name, _("最多 %(most)d 字，现有 %(now)d 字") % {"most": MOST[name], "now": len(text)})
        return text

    def _count(self, name: str) -> int:
        text = text_of(self._cell(name)) or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            self._fault(name, _("“%s”不是整数") % text[:20])
            return 0
        return int(text)

    def _received_at(self) -> dt.datetime | None:
        cell = self._cell("received_at")
        moment = parse_moment(cell, self.zone, self.table.epoch)
        if moment is None:
            shown = text_of(cell)[:30]
            self._fault("received_at", _("时间“%s”不能识别") % shown if shown else _("时间为空"))
        elif moment > self.now + CLOCKS_DIFFER:
            self._fault("received_at", _("时间“%s”在将来") % text_of(cell)[:30])
        elif moment < OLDEST:
            self._fault("received_at", _("时间“%s”太早") % text_of(cell)[:30])
        else:
            return moment
        return None

    def _fault(self, name: str, reason: str) -> None:
        self.faults.append(Fault(self.table.columns.name(name), reason))

    def _digest(self) -> str:
        cells = {name: text_of(self._cell(name)) for name in LABELS if name in self.table.columns.places}
        return hashlib.sha256(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
