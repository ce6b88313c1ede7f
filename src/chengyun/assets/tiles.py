"""Vector tiles of the register from our own server (Mapbox Vector Tile 2.1), for the map's layers.

Close by, every component is a point of the layer `components`. Where a tile holds more than it can show, components
are heaped: the layer `heaps` has one point per small square, with how many stand there (`count`) and how many of them
are not intact (`faulty`). Nothing is left out of the counts.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from django.urls import reverse
from mapbox_vector_tile.Mapbox import vector_tile_pb2 as pb
from numpy.typing import NDArray

from chengyun.assets.mercator import BITS
from chengyun.assets.models import Component, State
from chengyun.core.errors import UserError

EXTENT: Final = 4096
LARGEST_ZOOM: Final = 22
# A tile shows so many components one by one; more are heaped.
MOST_POINTS: Final = 2_500
# From this zoom on single components are looked for at all; further out a tile of a county holds too many anyway.
POINTS_FROM: Final = 13
# Heaps stand on 32 × 32 squares of a tile.
HEAP_BITS: Final = 5
KEPT_BYTES: Final = 32 * 1024 * 1024


class Tile(NamedTuple):
    z: int
    x: int
    y: int

    @property
    def shift(self) -> int:
        return BITS - self.z

    @property
    def span(self) -> tuple[int, int, int, int]:
        """(min_y, max_y, min_x, max_x) in steps."""
        left, top, side = self.x << self.shift, self.y << self.shift, 1 << self.shift
        return top, top + side - 1, left, left + side - 1


def checked(z: int, x: int, y: int) -> Tile:
    if z > LARGEST_ZOOM or x >= 1 << z or y >= 1 << z:
        raise UserError("没有这张瓦片。", field="tile")
    return Tile(z, x, y)


def encoded(tile: Tile, crowd: Callable[[], Crowd]) -> bytes:
    """The tile as it stands in the register now; empty bytes where nothing stands."""
    if tile.z >= POINTS_FROM:
        points = _points(tile)
        if len(points) <= MOST_POINTS:
            return _drawn_points(tile, points)
    return _drawn_heaps(tile, crowd())


def _points(tile: Tile) -> list[tuple[int, int, str, str, str, str]]:
    top, bottom, left, right = tile.span
    rows = Component.objects.filter(valid_to__isnull=True, y__range=(top, bottom), x__range=(left, right))
    return list(rows.values_list("x", "y", "name", "class_code", "state", "identifier")[: MOST_POINTS + 1])


def _drawn_points(tile: Tile, points: list[tuple[int, int, str, str, str, str]]) -> bytes:
    layer = _Layer("components", ("name", "class", "state", "href"))
    page = reverse("assets:list")
    for x, y, *properties in points:
        *shown, identifier = properties
        layer.add(_within(tile, x, tile.x), _within(tile, y, tile.y), [*shown, f"{page}{identifier}/"])
    return layer.tile_bytes()


def _drawn_heaps(tile: Tile, crowd: Crowd) -> bytes:
    layer = _Layer("heaps", ("count", "faulty"))
    for x, y, count, faulty in crowd.heaps(tile):
        layer.add(_within(tile, x, tile.x), _within(tile, y, tile.y), (count, faulty))
    return layer.tile_bytes()


@dataclass(frozen=True)
class Crowd:
    """Where every component in service stands, in a few megabytes: tiles of a whole county are counted from it."""

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    is_faulty: NDArray[np.int64]

    def heaps(self, tile: Tile) -> Iterator[tuple[int, int, int, int]]:
        """(x, y, count, faulty) of each small square that holds any; x, y is the middle of those that stand there."""
        top, bottom, left, right = tile.span
        inside = (self.y >= top) & (self.y <= bottom) & (self.x >= left) & (self.x <= right)
        x, y, faulty = self.x[inside], self.y[inside], self.is_faulty[inside]
        shift = max(tile.shift - HEAP_BITS, 0)
        square = ((y - top) >> shift << HEAP_BITS) + ((x - left) >> shift)
        _squares, of, counts = np.unique(square, return_inverse=True, return_counts=True)
        columns = (np.bincount(of, weights=each, minlength=len(counts)) for each in (x, y, faulty))
        sum_x, sum_y, sum_faulty = columns
        for at, count in enumerate(counts.tolist()):
            yield int(sum_x[at] // count), int(sum_y[at] // count), count, int(sum_faulty[at])


def read_crowd() -> Crowd:
    rows = Component.objects.filter(valid_to__isnull=True).values_list("x", "y", "state")
    found = [(x, y, state != State.INTACT) for x, y, state in rows.iterator(chunk_size=20_000)]
    x, y, faulty = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return Crowd(x, y, faulty)


def _within(tile: Tile, step: int, tile_number: int) -> int:
    """A step as the tile counts, 0 to EXTENT."""
    return ((step - (tile_number << tile.shift)) * EXTENT) >> tile.shift


class _Layer:
    """Points with the same properties, written straight into the format: its library is made for any geometry, and
    spends twenty times as long on a point."""

    def __init__(self, name: str, keys: tuple[str, ...]) -> None:
        self.tile = pb.tile()
        self.layer = self.tile.layers.add(name=name, version=2, extent=EXTENT)
        self.layer.keys.extend(keys)
        self.values: dict[str | int, int] = {}

    def add(self, x: int, y: int, properties: tuple[str | int, ...] | list[str]) -> None:
        feature = self.layer.features.add(type=pb.tile.Point)
        tags = []
        for key, value in enumerate(properties):
            tags += [key, self._value(value)]
        feature.tags.extend(tags)
        # MoveTo, once; then the place, zigzag (specification 4.3).
        feature.geometry.extend((9, x << 1, y << 1))

    def _value(self, value: str | int) -> int:
        if value not in self.values:
            self.values[value] = len(self.values)
            if isinstance(value, str):
                self.layer.values.add(string_value=value)
            else:
                self.layer.values.add(uint_value=value)
        return self.values[value]

    def tile_bytes(self) -> bytes:
        content: bytes = self.tile.SerializeToString() if self.layer.features else b""
        return content


class Kept:
    """Tiles of one serial of the register, the least used thrown away first, and the crowd. One per process."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self.most_bytes = most_bytes
        self.lock = threading.Lock()
        self._renew(-1)

    def get(self, serial: int, tile: Tile) -> bytes:
        with self.lock:
            if serial != self.serial:
                self._renew(serial)
            if tile in self.tiles:
                self.tiles.move_to_end(tile)
                return self.tiles[tile]
        content = encoded(tile, lambda: self._crowd_of(serial))
        with self.lock:
            if serial == self.serial:
                self._put(tile, content)
        return content

    def _renew(self, serial: int) -> None:
        self.serial, self.size = serial, 0
        self.tiles: OrderedDict[Tile, bytes] = OrderedDict()
        self.crowd: Crowd | None = None

    def _crowd_of(self, serial: int) -> Crowd:
        held = self.crowd
        if held is not None and serial == self.serial:
            return held
        crowd = read_crowd()
        with self.lock:
            if serial == self.serial:
                self.crowd = crowd
        return crowd

    def _put(self, tile: Tile, content: bytes) -> None:
        self.size += len(content) - len(self.tiles.get(tile, b""))
        self.tiles[tile] = content
        while self.size > self.most_bytes:
            _tile, oldest = self.tiles.popitem(last=False)
            self.size -= len(oldest)


kept = Kept()
