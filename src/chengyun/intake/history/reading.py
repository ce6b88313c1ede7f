"""Rows of an older system → `OldCase`, or the faults of those that cannot become one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from chengyun.core.geometry import to_wgs84
from chengyun.core.tables.bad_rows import BadRow, Fault
from chengyun.core.tables.opening import open_records
from chengyun.core.tables.records import EPOCH_1900, Cell, FileFault, text_of
from chengyun.intake.history.profile import MOST_CLASS, Profile
from chengyun.language.moments import parse

# What a case, a report and a step take; a longer text is cut, because nobody can mend an old system's file.
MOST = {"title": 120, "words": 20_000, "address": 200, "closing_note": 1_000, "class": MOST_CLASS}
# A cut id would make one case of two.
MOST_ID = 60
BATCH = 1_000
IS_PATTERN = re.compile(r"[*?\[\]]")

Named = Mapping[str, Cell]


@dataclass(frozen=True)
class OldCase:
    """A case as the older system knew it; instants in UTC, degrees in WGS-84."""

    row: int
    id: str
    state: str  # open, closed, void
    opened_at: dt.datetime
    due_at: dt.datetime | None
    closed_at: dt.datetime | None
    department: str
    class_name: str
    source: str
    title: str
    words: str
    address: str
    lon: float | None
    lat: float | None
    region_code: str
    closing_note: str


@dataclass(frozen=True)
class Rows:
    header: list[str]
    records: Iterator[tuple[int, list[Cell], str]]
    epoch: dt.datetime = EPOCH_1900


@contextmanager
def open_rows(path: Path) -> Iterator[Rows]:
    """xlsx, csv, csv.gz or parquet, in bounded memory. Raises FileFault."""
    if path.suffix == ".parquet":
        yield _parquet(path)
        return
    with open_records(path) as opened:
        header = next((record for record in opened.records if any(map(text_of, record.cells))), None)
        if header is None:
            raise FileFault(_("文件里没有内容"))
        rows = ((record.number, record.cells, record.fault) for record in opened.records)
        yield Rows([text_of(cell) for cell in header.cells], rows, opened.epoch)


def _parquet(path: Path) -> Rows:
    try:
        import duckdb
    except ImportError as error:
        raise FileFault(_("读取 parquet 文件需要 insight 组件：pip install 'chengyun[insight]'")) from error
    # Asked for by its name alone: `*` and `[` are letters of a name, not a pattern, and an address is no file.
    if not path.is_file() or IS_PATTERN.search(path.name):
        raise FileFault(_("parquet 文件不能读取；请检查路径，文件名不能含 * ? [ ]"))
    try:
        found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise FileFault(_("parquet 文件不能读取，请检查路径和内容")) from error

    def records() -> Iterator[tuple[int, list[Cell], str]]:
        number = 0
        try:
            while batch := found.fetchmany(BATCH):
                for cells in batch:
                    number += 1
                    yield number, list(cells), ""
        except duckdb.Error:
            yield number + 1, [], _("从这一行起文件已损坏，后面的没有读入")

    return Rows([column[0] for column in found.description or ()], records())


class Reader:
    def __init__(self, profile: Profile, rows: Rows, now: dt.datetime) -> None:
        self.profile, self.rows, self.now = profile, rows, now
        missing = [column for column in profile.columns.values() if column not in rows.header]
        if missing:
            sentence = _("文件里没有这些列：%(missing)s；现有：%(header)s")
            raise FileFault(sentence % {"missing": "、".join(missing), "header": "、".join(rows.header[:40])})
        wanted = [*profile.columns.items(), *([("region", profile.region_column)] if profile.region_column else [])]
        self.places = {name: rows.header.index(column) for name, column in wanted if column in rows.header}

    def cases(self) -> Iterator[OldCase | BadRow]:
        for number, cells, fault in self.rows.records:
            if fault:
                yield BadRow(number, (Fault("", fault),))
            elif any(map(text_of, cells)):
                named = {name: cells[at] for name, at in self.places.items() if at < len(cells)}
                yield _Row(self, number, named).case()


class _Row:
    """One row on its way; collects every fault, so that the profile or the file is mended once."""

    def __init__(self, reader: Reader, number: int, cells: Named) -> None:
        self.reader, self.profile, self.number, self.cells = reader, reader.profile, number, cells
        self.faults: list[Fault] = []

    def case(self) -> OldCase | BadRow:
        state = self._mapped("state", self.profile.states)
        opened = self._moment("opened_at", required=True)
        closed = self._moment("closed_at", required=state in ("closed", "void"), after=opened)
        due = self._moment("due_at")
        lon, lat = self._point()
        for name in ("id", "department", "class"):
            if not self._text(name):
                self._fault(name, _("内容为空"))
        if len(self._text("id")) > MOST_ID:
            self._fault("id", _("编号超过 %d 字") % MOST_ID)
        if self.faults or opened is None:
            return BadRow(self.number, tuple(self.faults))
        return OldCase(
            row=self.number, id=self._text("id"), state=state, opened_at=opened, due_at=due,
            closed_at=closed if state != "open" else None,
            department=self._text("department"), class_name=self._text("class"),
            source=self.profile.sources.get(self._text("source"), self.profile.source),
            title=self._text("title") or self._text("class"), words=self._text("words"),
            address=self._text("address"), lon=lon, lat=lat,
            region_code=self.profile.regions.get(self._text("region"), ""), closing_note=self._text("closing_note"),
        )  # fmt: skip

    def _text(self, name: str) -> str:
        text = text_of(self.cells.get(name)).replace("\x00", "").encode(errors="replace").decode().strip()
        return text[: MOST.get(name, 200)]

    def _mapped(self, name: str, words: Mapping[str, str]) -> str:
        told = self._text(name)
        if told not in words:
            self._fault(name, _("“%s”不在方案里，请补到 [states]") % told[:30])
        return words.get(told, "")

    def _moment(self, name: str, *, required: bool = False, after: dt.datetime | None = None) -> dt.datetime | None:
        cell = self.cells.get(name)
        if not text_of(cell):
            if required:
                self._fault(name, _("时间为空"))
            return None
        moment = parse(cell, self.profile.zone, self.reader.rows.epoch)
        if moment is None:
            self._fault(name, _("时间“%s”不能识别") % text_of(cell)[:30])
        elif name != "due_at" and moment > self.reader.now:
            self._fault(name, _("时间“%s”在将来") % text_of(cell)[:30])
        elif after and moment < after:
            return self._in_second_hour(name, cell, after)
        return moment

    def _in_second_hour(self, name: str, cell: Cell, after: dt.datetime) -> dt.datetime | None:
        """The hour that an end of summer time repeats is taken as its first, unless that were before the report."""
        moment = parse(cell, self.profile.zone, self.reader.rows.epoch, fold=1)
        if moment is None or moment < after:
            self._fault(name, _("早于上报时间"))
            return None
        return moment

    def _point(self) -> tuple[float | None, float | None]:
        texts = self._text("lon"), self._text("lat")
        if not all(texts):
            return None, None
        try:
            lon, lat = (float(text) for text in texts)
        except ValueError:
            self._fault("lon", _("经纬度“%s”不是数字") % " ".join(texts)[:40])
            return None, None
        if self.profile.is_unknown(lon, lat):
            return None, None
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            self._fault("lon", _("经纬度“%s”超出范围") % " ".join(texts)[:40])
            return None, None
        return to_wgs84(lon, lat, self.profile.coordinates)

    def _fault(self, name: str, reason: str) -> None:
        self.faults.append(Fault(self.profile.columns.get(name, name), reason))
