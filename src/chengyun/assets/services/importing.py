"""A census (普查) brought in: every line read and checked, what is new or changed staged in short transactions, then
switched in one step. What the file says again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.utils.translation import gettext as _

from chengyun.assets.models import SurveyImport
from chengyun.assets.reading import columns, tables
from chengyun.assets.reading.rows import Draft, RowReader, Wrong
from chengyun.assets.services import coordinates, derived, staging, switching
from chengyun.assets.services.lookups import Lookups
from chengyun.assets.services.standing import Known, Standing
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.regions.locate import Place, locate_many
from chengyun.regions.queries import active_version
from chengyun.taxonomy.queries import catalogue

CHUNK = 5_000

Tell = Callable[[int], None]


class Faults(Protocol):
    """Where rows go that are refused or remarked on: (row, field, reason)."""

    refused: int
    remarked: int

    def refuse(self, row: int, column: str, reason: str) -> None: ...

    def remark(self, row: int, column: str, reason: str) -> None: ...


class Noted(NamedTuple):
    """A row that is new (no component) or changes one, with the units as the file names them."""

    row: int
    component_id: int | None
    values: dict[str, Any]
    parties: dict[str, tuple[str, str]]


Notice = Callable[[Noted], None]


@dataclass
class Summary:
    """Counts of rows."""

    read: int = 0
    created: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    remarked: int = 0

    def __str__(self) -> str:
        return _(
            "读入 %(read)d 行：新增 %(created)d 个，变更 %(changed)d 个，相同 %(same)d 个，"
            "未导入 %(refused)d 行，提示 %(remarked)d 行"
        ) % asdict(self)


def import_components(
    path: Path,
    *,
    faults: Faults,
    by: Doer,
    system: str = "wgs84",
    check_only: bool = False,
    tell: Tell = lambda row: None,
    notice: Notice = lambda noted: None,
) -> Summary:
    """Raises UserError where the file as a whole cannot be taken; nothing is changed then."""
    if active_version() is None:
        raise UserError(_("还没有区划和单元网格，请先导入区划，部件才能定位。"), field="file")
    system = coordinates.check(system)
    lines = tables.lines(path)
    reader = RowReader(columns.recognised(next(lines, [])), catalogue())
    survey = None if check_only else staging.begin(path.name, _sha256(path), system, by=by)
    run = _Run(reader, system, faults, Lookups(may_create=not check_only), survey, notice)
    try:
        for chunk in _chunks(lines):
            run.take(chunk)
            tell(chunk[-1][0])
    except BaseException:
        if survey:
            staging.give_up(survey)
        raise
    return run.finish(by)


@dataclass
class _Run:
    reader: RowReader
    system: str
    faults: Faults
    lookups: Lookups
    survey: SurveyImport | None
    notice: Notice
    summary: Summary = field(default_factory=Summary)
    rows_by_identifier: dict[str, int] = field(default_factory=dict)
    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        self.standing = Standing(self.reader.places, self.lookups)

    def take(self, chunk: Sequence[tuple[int, Sequence[str]]]) -> None:
        self.summary.read += len(chunk)
        drafts = self._placed(list(self._read(chunk)))
        known = self.standing.of([draft.values["identifier"] for draft in drafts])
        self._complete(drafts, known)
        ready = [row for draft in drafts if (row := self._compared(draft, known)) is not None]
        if self.survey and ready:
            staging.store(self.survey, ready)

    def finish(self, by: Doer) -> Summary:
        summary = self.summary
        summary.refused, summary.remarked = self.faults.refused, self.faults.remarked
        if self.survey:
            if summary.created or summary.changed:
                switching.switch(self.survey, asdict(summary), by=by)
            else:
                staging.give_up(self.survey)
        return summary

    def _read(self, chunk: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Draft]:
        for number, line in chunk:
            try:
                draft = self.reader.read(number, line)
                self._refuse_second(draft)
                yield draft
            except Wrong as wrong:
                self.faults.refuse(number, wrong.field, wrong.reason)

    def _refuse_second(self, draft: Draft) -> None:
        identifier = draft.values["identifier"]
        first = self.rows_by_identifier.setdefault(identifier, draft.row)
        if first != draft.row:
            message = _("标识码 %(identifier)s 与第 %(row)d 行重复")
            raise Wrong("identifier", message % {"identifier": identifier, "row": first})

    def _placed(self, drafts: list[Draft]) -> list[Draft]:
        xs = [draft.values["lon"] for draft in drafts]
        ys = [draft.values["lat"] for draft in drafts]
        lons, lats = coordinates.degrees(xs, ys, self.system)
        places = locate_many([round(lon, derived.DECIMALS) for lon in lons], [round(y, derived.DECIMALS) for y in lats])
        return [draft for draft, place in zip(drafts, places, strict=True) if self._takes(draft, place)]

    def _takes(self, draft: Draft, place: Place) -> bool:
        try:
            _check_place(draft, place)
        except Wrong as wrong:
            self.faults.refuse(draft.row, wrong.field, wrong.reason)
            return False
        draft.values["lon"], draft.values["lat"] = place.lon, place.lat
        derived.placed(draft.values, place)
        if draft.given_cell and draft.given_cell != place.cell_code:
            message = _("所填单元网格 %(given)s 与坐标所在的 %(found)s 不符，按坐标记")
            words = {"given": draft.given_cell[:30], "found": place.cell_code or _("（网格之外）")}
            self.faults.remark(draft.row, "cell_code", message % words)
        return True

    def _complete(self, drafts: Sequence[Draft], known: dict[str, Known]) -> None:
        """Ids for words, and the digest over everything."""
        for draft in drafts:
            self.standing.fill(draft, known.get(draft.values["identifier"]))
        texts = [derived.caption_text(draft.values["name"], draft.values["road"]) for draft in drafts]
        self.lookups.learn_captions(texts)
        for draft, text in zip(drafts, texts, strict=True):
            draft.values["caption_id"] = self.lookups.captions[text]
            draft.values["digest"] = derived.digest(draft.values)

    def _compared(self, draft: Draft, known: dict[str, Known]) -> staging.Ready | None:
        """The row to stage; None where there is nothing to do."""
        found = known.get(draft.values["identifier"])
        if found is None:
            self.summary.created += 1
            self.notice(Noted(draft.row, None, draft.values, draft.parties))
            return staging.Ready(draft.row, None, draft.values)
        if found.digest == draft.values["digest"]:
            self.summary.same += 1
            return None
        if found.is_retired:
            self.faults.refuse(draft.row, "identifier", _("该部件已停用；仍在使用的，请先在部件页恢复"))
            return None
        self.summary.changed += 1
        self.notice(Noted(draft.row, found.id, draft.values, draft.parties))
        return staging.Ready(draft.row, found.id, draft.values)


def _check_place(draft: Draft, place: Place) -> None:
    lon, lat = place.lon, place.lat
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        hint = _("经度和纬度可能写反了") if abs(lat) <= 180 and abs(lon) <= 90 else _("请核对坐标系")
        message = _("坐标 %(lon)s, %(lat)s 不是经纬度；%(hint)s")
        raise Wrong("lon", message % {"lon": lon, "lat": lat, "hint": hint})
    if not place.county_code:
        raise Wrong("lon", _("坐标 %(lon)s, %(lat)s 在本县之外") % {"lon": lon, "lat": lat})
    division = draft.values["identifier"][:6]
    if division != place.county_code:
        message = _("标识码中的区划 %(division)s 与坐标所在的 %(county)s 不一致")
        raise Wrong("identifier", message % {"division": division, "county": place.county_code})


def _chunks(lines: Iterator[tables.Line]) -> Iterator[list[tuple[int, Sequence[str]]]]:
    """Lines with their number in the spreadsheet, blank ones left out."""
    numbered: Iterator[Any] = ((number, line) for number, line in enumerate(lines, start=2) if any(line))
    while chunk := list(islice(numbered, CHUNK)):
        yield chunk


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
