import mapbox_vector_tile
import pytest

from chengyun.assets import tiles
from chengyun.assets.mercator import BITS
from chengyun.assets.models import State
from chengyun.assets.services import stamp
from chengyun.assets.tests.town import component

METRE = 1 / 111_000


def tile_at(component, zoom):
    return tiles.Tile(zoom, component.x >> (BITS - zoom), component.y >> (BITS - zoom))


def decoded(tile):
    return mapbox_vector_tile.decode(tiles.encoded(tile, tiles.read_crowd), default_options={"y_coord_down": True})


def test_close_by_each_component_is_a_point_with_its_attributes(land):
    made = component(road="凤凰街")
    tile = tile_at(made, 16)
    [feature] = decoded(tile)["components"]["features"]
    assert feature["properties"] == {
        "name": "雨水井盖", "class": "01003", "state": "intact", "href": f"/assets/{made.identifier}/"
    }  # fmt: skip
    side = 1 << (BITS - 16)
    wanted = [(made.x - tile.x * side) * 4096 // side, (made.y - tile.y * side) * 4096 // side]
    assert feature["geometry"]["coordinates"] == wanted


def test_far_out_they_are_heaped_and_none_is_lost(land):
    made = [component(lat=number * METRE) for number in range(3)]
    component(lat=METRE, state=State.DAMAGED)
    features = decoded(tile_at(made[0], 9))["heaps"]["features"]
    assert sum(each["properties"]["count"] for each in features) == 4
    assert sum(each["properties"]["faulty"] for each in features) == 1


def test_a_full_tile_is_heaped_at_any_zoom(land, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_POINTS", 2)
    made = [component(lat=number * METRE) for number in range(4)]
    features = decoded(tile_at(made[0], 14))["heaps"]["features"]
    assert sum(each["properties"]["count"] for each in features) == 4


def test_nothing_there_is_nothing_sent(land):
    assert tiles.encoded(tiles.Tile(12, 0, 0), tiles.read_crowd) == b""


def test_a_tile_is_made_once_until_the_register_changes(land, monkeypatch):
    made, kept, encoded = component(), tiles.Kept(), []
    monkeypatch.setattr(tiles, "encoded", lambda tile, crowd: encoded.append(tile) or b"x")
    for _ in range(2):
        kept.get(stamp.serial(), tile_at(made, 15))
    component()
    kept.get(stamp.serial(), tile_at(made, 15))
    assert len(encoded) == 2


def test_kept_tiles_have_a_limit(land, monkeypatch):
    kept = tiles.Kept(most_bytes=250)
    monkeypatch.setattr(tiles, "encoded", lambda tile, crowd: b"x" * 100)
    for number in range(5):
        kept.get(1, tiles.Tile(10, number, 0))
    assert (len(kept.tiles), kept.size) == (2, 200)


@pytest.mark.parametrize(
    "path", ["/assets/tiles/15/0/0.mvt", "/assets/near.json?at=1,2", "/assets/", "/assets/summary"]
)
def test_nobody_reads_it_without_logging_in(client, land, path):
    assert client.get(path).status_code in (302, 401, 403)
