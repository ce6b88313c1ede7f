"""The register of place names as a file, out and in: Excel, CSV or GeoJSON, in any of our coordinate systems."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.people.access import Actor
from chengyun.people.registers.book import (
    Difference,
    Differences,
    Fault,
    Heading,
    Key,
    Reading,
    Sheet,
    Standing,
    Terms,
    Written,
    refuse_repeated,
)
from chengyun.people.registers.workbook import MOST_ROWS
from chengyun.regions import systems
from chengyun.regions.locate import locate_many
from chengyun.regions.models import NamedPlace
from chengyun.regions.queries import townships
from chengyun.regions.services import places
from chengyun.regions.services.place_files import BATCH, KINDS, PlacesOutcome, places_of, store_new
from chengyun.regions.services.reading.places import SHEET, PlaceRow, marked_system, read

LABELS = {kind: label for label, kind in KINDS.items() if label != kind.value}
METRES_PER_DEGREE = 111_320
# Unchanged places on the preview are there for orientation only.
MOST_SAME = 3_000


class PlaceBook:
    name = "地名"
    whole = "choice"
    dated = False
    tables: Sequence[Any] = (NamedPlace,)
    accepts = ".xlsx,.csv,.geojson,.json"
    files: Text = gettext_lazy("Excel、CSV 或 GeoJSON，不超过 5 MB；表格第一行是标题，至少有名称、类别、经度、纬度")
    notes: Sequence[Text] = (
        gettext_lazy("每行一处地名；代码确定一处，没有代码的由程序按类别、名称和位置给出。"),
        gettext_lazy("经度、纬度所用的坐标系在上传时选；导出的总是 WGS-84。线和面只能用 GeoJSON 导入。"),
    )
    sheets: Sequence[Sheet] = (
        Sheet(
            SHEET,
            (
                Heading("代码", "不填由程序给出", width=28),
                Heading("类别", "", tuple(LABELS.values()), required=True, width=10),
                Heading("名称", "1 到 100 个字", required=True, width=28),
                Heading("经度", "如 117.123456", required=True, width=14),
                Heading("纬度", "如 37.123456", required=True, width=14),
                Heading("乡镇街道", "由位置得出", told_only=True, width=16),
                Heading("图形", "线和面的概要，用 GeoJSON 导入", width=24),
            ),
            key=("代码",),
            label=("类别", "名称"),
        ),
    )

    def systems(self) -> Sequence[tuple[str, str]]:
        return systems.choices()

    def refuse_unreadable(self, content: bytes) -> None:
        for _row in islice(read(content), 1):
            pass

    def standing(self, terms: Terms) -> Standing:
        names = dict(townships())
        return {SHEET: {(place.code,): _cells(place, names) for place in _current()}}

    def read(self, content: bytes, terms: Terms) -> Reading:
        reading = Reading(content={})
        system = systems.named(terms.system) if terms.system else marked_system(content)
        rows = list(islice(read(content), MOST_ROWS + 1))
        if len(rows) > MOST_ROWS:
            message = _("行数超过 %(most)d，请分开导入，或在服务器上用 chengyun import places。")
            reading.faults.append(Fault(SHEET, MOST_ROWS, "", message % {"most": MOST_ROWS}))
            return reading
        found = list(_understood(rows, system, reading))
        _locate([place for _row, place, _is_own in found])
        ended = set(NamedPlace.objects.filter(valid_to__lt=instants.today()).values_list("code", flat=True))
        standing, names = {place.code: place for place in _current()}, dict(townships())
        for row, place, is_own in sorted(found, key=lambda each: not each[2]):
            if not is_own:
                # A house number known otherwise keeps its own place.
                if (place.code,) not in reading.content and place.code not in ended:
                    self._add(row.number, standing.get(place.code, place), names, reading)
            elif fault := _fault(row, place, standing.get(place.code), ended, bool(names)):
                reading.faults.append(fault)
            elif not refuse_repeated(self.sheets[0], {"代码": place.code}, row.number, reading):
                self._add(row.number, place, names, reading, is_table=row.geometry is None)
        return reading

    def _add(
        self, number: int, place: NamedPlace, names: dict[str, str], reading: Reading, *, is_table: bool = False
    ) -> None:
        cells = _cells(place, names)
        if is_table:
            # It says nothing of lines and areas.
            del cells["图形"]
        reading.add(self.sheets[0], cells, number)
        reading.content[self.sheets[0].key_of(cells)] = place

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written:
        standing: dict[Key, NamedPlace] = {(place.code,): place for place in _current()}
        for each in found.retired:
            places.close_place(standing[each.key], by=by)
        for each in found.changed:
            _change(standing[each.key], reading.content[each.key], each, by=by)
        new = [reading.content[each.key] for each in found.added]
        for start in range(0, len(new), BATCH):
            store_new(new[start : start + BATCH], PlacesOutcome(), by)
        return Written()

    def drawn(self, reading: Reading, found: Differences) -> str:
        differing = {each.key for each in found.rows}
        same = [key for key in reading.content if key not in differing][:MOST_SAME]
        states = dict.fromkeys((each.key for each in found.added), "new")
        states |= dict.fromkeys((each.key for each in found.changed), "changed")
        features = [_feature(reading.content[key], state) for key, state in states.items()]
        features += [_feature(reading.content[key], "same") for key in same]
        gone = NamedPlace.objects.filter(code__in=[each.key[0] for each in found.retired])
        features += [_feature(place, "gone") for place in gone]
        return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _current() -> Any:
    return NamedPlace.objects.on(instants.today())


def _understood(
    rows: Sequence[PlaceRow], system: systems.System, reading: Reading
) -> Iterator[tuple[PlaceRow, NamedPlace, bool]]:
    """(row, place, whether the row is about it): a row with an address tells a house number, too."""
    for row in rows:
        try:
            for number, place in enumerate(places_of(row, system)):
                yield row, place, number == 0
        except UserError as error:
            reading.faults.append(Fault(SHEET, row.number, error.field, str(error)))


def _locate(found: Sequence[NamedPlace]) -> None:
    located = locate_many([place.lon for place in found], [place.lat for place in found])
    for place, where in zip(found, located, strict=True):
        place.township_code = where.township_code


def _fault(
    row: PlaceRow, place: NamedPlace, before: NamedPlace | None, ended: set[str], has_regions: bool
) -> Fault | None:
    if place.code in ended:
        return Fault(SHEET, row.number, "代码", _("代码 %s 的地名已经停用，请换一个代码。") % place.code)
    has_moved = before is None or (before.lon, before.lat) != (place.lon, place.lat)
    if has_regions and has_moved and not place.township_code:
        return Fault(SHEET, row.number, "经度", _("不在本县的任何乡镇街道内，请核对坐标系和经度、纬度。"))
    return None


def _change(place: NamedPlace, wished: NamedPlace, difference: Difference, *, by: Actor) -> None:
    given = {"kind": wished.kind, "name": wished.name, "lon": wished.lon, "lat": wished.lat}
    if any(field.title == "图形" for field in difference.fields):
        given["shape"] = wished.shape
    places.change_place(place, by=by, **given)


def _cells(place: NamedPlace, names: dict[str, str]) -> dict[str, str]:
    return {
        "代码": place.code,
        "类别": LABELS[NamedPlace.Kind(place.kind)],
        "名称": place.name,
        "经度": f"{place.lon:.6f}",
        "纬度": f"{place.lat:.6f}",
        "乡镇街道": names.get(place.township_code, place.township_code),
        "图形": _sketch(place.shape),
    }


def _sketch(shape: bytes | memoryview | None) -> str:
    """A line or an area in a few words, so that a change of it shows."""
    if shape is None:
        return ""
    drawn = shapely.from_wkb(bytes(shape))
    shrink = np.cos(np.radians(drawn.centroid.y))
    flat = shapely.transform(drawn, lambda points: points * METRES_PER_DEGREE * (shrink, 1))
    points = shapely.get_num_coordinates(drawn)
    if drawn.geom_type.endswith("Polygon"):
        return f"面，{points} 点，{flat.area:.0f} 平方米"
    return f"线，{points} 点，{flat.length:.1f} 米"


def _feature(place: NamedPlace, state: str) -> dict[str, Any]:
    drawn = shapely.from_wkb(bytes(place.shape)) if place.shape is not None else shapely.Point(place.lon, place.lat)
    properties = {"state": state, "code": place.code, "name": place.name}
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(drawn))}
