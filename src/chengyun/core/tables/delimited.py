"""Text in columns (csv, csv.gz): its encoding judged, its delimiter found, broken lines told one by one."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from chengyun.core.tables.records import EPOCH_1900, FileFault, Opened, Record, checked

MAX_LINE = 200_000
# A quote that never closes must not swallow the file.
MAX_LINES_IN_RECORD = 1_000
LINES_TO_JUDGE = 20_000
DELIMITERS = ",\t;|"


@contextmanager
def delimited(path: Path, *, is_gzip: bool, delimiter: str = "") -> Iterator[Opened]:
    """The records of a text file; without a delimiter, by the one that parts its first line most often."""
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
            yield checked(Record(number, list(next(reader))))
        except StopIteration:
            return
        except (csv.Error, _Unreadable):
            yield Record(number, fault=_unreadable(lines.taken))
            lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        except _BROKEN:
            yield Record(number, fault=_("压缩文件不完整，从这一行起不能读出"), is_end=True)
            return


def _unreadable(taken: list[str | None]) -> str:
    if taken and taken[0] is None:
        return _("这一行超过 %d 字") % MAX_LINE
    return _("引号没有成对，或引号后多出文字")
