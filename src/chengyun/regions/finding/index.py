"""Keeping the index of names: `put` in the transaction that stores the places."""

from __future__ import annotations

from collections.abc import Iterable

from chengyun.regions.finding.words import keys_of
from chengyun.regions.models import NamedPlace, PlaceKey

ROWS_AT_ONCE = 5_000


def put(places: Iterable[NamedPlace]) -> None:
    """Make new places found by their names."""
    rows = [PlaceKey(place=place, key=key) for place in places for key in keys_of(place.name)]
    PlaceKey.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def renew(place: NamedPlace) -> None:
    PlaceKey.objects.filter(place=place).delete()
    put([place])
