import json

import pytest
from django.conf import settings

from chengyun.web import basemap


@pytest.fixture
def data_directory(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    (tmp_path / "map").mkdir()
    return tmp_path


def test_a_county_without_roads_has_an_empty_layer(logged_in, data_directory):
    assert logged_in.get(basemap.layers()["roads"]).json()["features"] == []


def test_roads_come_from_the_data_directory(logged_in, data_directory):
    (data_directory / "map/roads.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [{"a": 1}]}))
    assert logged_in.get(basemap.layers()["roads"]).json()["features"] == [{"a": 1}]


def test_a_new_roads_file_has_a_new_address(data_directory):
    before = basemap.layers()["roads"]
    (data_directory / "map/roads.geojson").write_text("{}")
    assert basemap.layers()["roads"] != before


def test_every_layer_answers(logged_in, data_directory):
    for address in basemap.layers().values():
        assert logged_in.get(address)["Content-Type"] == "application/geo+json"


def test_a_stranger_gets_no_map(client, db):
    assert client.get("/map/0/roads.geojson").status_code == 302
