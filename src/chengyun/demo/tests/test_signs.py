import json

import pytest
from django.conf import settings

from chengyun.core import configuration
from chengyun.demo import signs
from chengyun.web import basemap


@pytest.mark.django_db
def test_the_demo_county_is_named_and_its_roads_are_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    count = signs.put_up()
    roads = json.loads(basemap.roads_file().read_text())["features"]
    assert len(roads) == count > 53
    assert "云泽大道" in {road["properties"]["name"] for road in roads}
    assert len(json.loads(basemap.file_of("buildings").read_text())["features"]) == 48 * 48
    assert json.loads(basemap.file_of("water").read_text())["features"][0]["properties"]["name"] == "云泽河"
    assert configuration.value("web.county_name") == "云泽县"
