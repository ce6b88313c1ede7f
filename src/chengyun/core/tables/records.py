"""Bytes → records. Whatever the bytes are, it ends in records, records with a fault, or one `FileFault`."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import warnings
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import structlog
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

log = structlog.get_logger()

Cell = str | int | float | bool | dt.datetime | dt.date | None

MAX_LINE = 200_000
# A quote that never closes must not swallow the file.
MAX_LINES_IN_RECORD = 1_000
MAX_CELLS = 1_000
# openpyxl holds the shared strings in memory; a zip bomb must not fill it.
MAX_UNPACKED = 1 << 30
LINES_TO_JUDGE = 20_000
DELIMITERS = ",\t;|"


def text_of(cell: Cell) -> str:
    """The cell as a person reads it: whole numbers without a fraction, no blanks around."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


class FileFault(UserError):
    """The file as a whole cannot be read; nothing of it was imported."""


@dataclass(frozen=True)
class Record:
    """One row of the file; `number` counts as a spreadsheet does, from 1 with the header."""

    number: int
    cells: list[Cell] = field(default_factory=list)
    fault: str = ""
    # Behind this record the file cannot be read.
    is_end: bool = False


@dataclass(frozen=True)
class Opened:
    kind: str  # xlsx or csv
    encoding: str
    epoch: dt.datetime
    records: Iterator[Record]


EPOCH_1900 = dt.datetime(1899, 12, 30)


def open_records(path: Path, delimiter: str = "") -> AbstractContextManager[Opened]:
    """The records of `path`, by its content and not by its name. Raises FileFault."""
    start = _start_of(path)
    if not start:
        raise FileFault(_("文件是空的"))
    if start.startswith(b"PK\x03\x04"):
        return _xlsx(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileFault(_("不支持旧版 xls 文件，请另存为 xlsx 或 csv"))
    is_gzip = start.startswith(b"\x1f\x8b")
    if not is_gzip and _is_binary(start):
        raise FileFault(_("这不是表格文件，请选择 xlsx、csv 或 csv.gz"))
    return _text(path, is_gzip=is_gzip, delimiter=delimiter)


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise FileFault(_("文件 %s 不能打开，请检查路径和权限") % path) from error


def _is_binary(start: bytes) -> bool:
    """Pictures and programs are full of control bytes; a table has one by accident at most."""
    controls = sum(byte < 0x20 and byte not in b"\t\n\r" for byte in start)
    return controls > 1 + len(start) // 20 and not start.startswith((b"\xff\xfe", b"\xfe\xff"))


# --- text ---------------------------------------------------------------------------------------------------------


@contextmanager
def _text(path: Path, *, is_gzip: bool, delimiter: str) -> Iterator[Opened]:
    try:
        with _bytes(path, is_gzip) as file:
            encoding = judge_encoding(file)
        with _bytes(path, is_gzip) as file:
            # Broken bytes come through as lone surrogates: the cell at fault can be named. UTF-16 has no such way.
            errors = "replace" if encoding == "utf-16" else "surrogateescape"
            stream = io.TextIOWrapper(file, encoding, errors=errors, newline="")
            lines = _Lines(_bounded_lines(stream))
            yield Opened("csv", encoding, EPOCH_1900, _csv_records(lines, delimiter or _delimiter(lines)))
    except _BROKEN as error:
        raise FileFault(_("压缩文件已损坏，请重新压缩或导出")) from error


_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


def _bytes(path: Path, is_gzip: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if is_gzip else path.open("rb")  # type: ignore[return-value]


def judge_encoding(file: IO[bytes]) -> str:
    """UTF-8 or GB18030, whichever reads more of the lines; the byte order mark decides where there is one."""
    start = file.read(4)
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    unread = {"utf-8": 0, "gb18030": 0}
    for line in islice(_telling_lines(file, start), LINES_TO_JUDGE):
        for encoding in unread:
            unread[encoding] += not _reads(line, encoding)
    return "gb18030" if unread["gb18030"] < unread["utf-8"] else "utf-8"


def _telling_lines(file: IO[bytes], start: bytes) -> Iterator[bytes]:
    """The lines that are not plain ASCII. A cut archive tells what it holds up to the cut."""
    line = start if start.endswith(b"\n") else start + file.readline(MAX_LINE)
    while line:
        if not line.isascii():
            yield line
        try:
            line = file.readline(MAX_LINE)
        except _BROKEN:
            return


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _bounded_lines(stream: io.TextIOWrapper) -> Iterator[str | None]:
    """The lines of the stream; None for one that is too long to be read."""
    while line := stream.readline(MAX_LINE):
        if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
            yield line
            continue
        while (rest := stream.readline(MAX_LINE)) and not rest.endswith(("\n", "\r")):
            pass
        yield None


class _Unreadable(Exception):
    """The record being read cannot become one."""


class _Lines:
    """Lines for the csv reader that remember the present record, so that its lines can be read again one by one."""

    def __init__(self, source: Iterator[str | None]) -> None:
        self._source = source
        self._again: deque[str | None] = deque()
        self.taken: list[str | None] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.taken.append(line)
        if line is None or len(self.taken) > MAX_LINES_IN_RECORD:
            raise _Unreadable
        return line

    def peek(self) -> str:
        """The next line, left where it is; blank at the end."""
        if not self._again:
            self._again.extend(islice(self._source, 1))
        return (self._again[0] or "") if self._again else ""

    def give_back(self) -> None:
        """All lines of the present record but its first."""
        self._again.extendleft(reversed(self.taken[1:]))


def _delimiter(lines: _Lines) -> str:
    """The sign that parts the first line most often. Commas win a draw."""
    first = lines.peek()
    return max(DELIMITERS, key=first.count)


def _csv_records(lines: _Lines, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        lines.taken.clear()
        try:
            yield _checked(Record(number, list(next(reader))))
        except StopIteration:
            return
        except (csv.Error, _Unreadable):
            yield Record(number, fault=_unreadable(lines.taken))
            lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        except _BROKEN:
            yield Record(number, fault=_("压缩文件不完整，从这一行起不能读出"), is_end=True)
            return


def _checked(record: Record) -> Record:
    if len(record.cells) > MAX_CELLS:
        return Record(record.number, fault=_("这一行超过 %d 列") % MAX_CELLS)
    return record


def _unreadable(taken: list[str | None]) -> str:
    if taken and taken[0] is None:
        return _("这一行超过 %d 字") % MAX_LINE
    return _("引号没有成对，或引号后多出文字")


# --- xlsx ---------------------------------------------------------------------------------------------------------


@contextmanager
def _xlsx(path: Path) -> Iterator[Opened]:
    from openpyxl import load_workbook

    _check_size(path)
    # Opened here, because openpyxl judges a path by its ending.
    with path.open("rb") as file:
        with _translated():
            book = load_workbook(file, read_only=True, data_only=True)
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise FileFault(_("工作簿里没有工作表"))
        sheet.reset_dimensions()
        yield Opened("xlsx", "", book.epoch, _sheet_records(sheet.iter_rows(values_only=True)))


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileFault(_("xlsx 文件已损坏，请重新导出")) from error
    if unpacked > MAX_UNPACKED:
        raise FileFault(_("xlsx 文件太大，请分成几份或另存为 csv"))


@contextmanager
def _translated() -> Iterator[None]:
    """openpyxl meets a broken workbook with whatever exception comes first; here they become one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FileFault:
        raise
    except Exception as error:
        log.warning("xlsx unreadable", error=type(error).__name__)
        raise FileFault(_("xlsx 文件已损坏，请重新导出")) from error


def _sheet_records(rows: Iterator[tuple[Any, ...]]) -> Iterator[Record]:
    number = 0
    while True:
        try:
            with _translated():
                batch = list(islice(rows, 200))
        except FileFault as fault:
            yield Record(number + 1, fault=str(fault), is_end=True)
            return
        if not batch:
            return
        for cells in batch:
            number += 1
            yield _checked(Record(number, _without_tail(cells)))


def _without_tail(cells: tuple[Any, ...]) -> list[Cell]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return list(cells[:end])
