from django.urls import path

from chengyun.core import declarations
from chengyun.core.declarations import MapLayer
from chengyun.ui import map_layers

app_name = "tests"
urlpatterns = [path("tiles/<int:z>/<int:x>/<int:y>.mvt", lambda request: None, name="tiles")]

PARTS = MapLayer("parts", "部件", "tiles", source="mvt", form="point", colour="--accent")
SECRET = MapLayer("people", "人员", "tiles", source="mvt", roles=frozenset({"duty_chief"}))
HOMELESS = MapLayer("gone", "无地址", "nowhere:at_all")


def offered(monkeypatch, settings, *layers, roles=frozenset()):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(declarations, "_all", lambda: layers)
    return map_layers.described(roles)


def test_tiles_are_told_as_a_pattern(monkeypatch, settings):
    (parts,) = offered(monkeypatch, settings, PARTS)
    assert parts["url"] == "/tiles/{z}/{x}/{y}.mvt"
    assert parts["tile_layer"] == "parts"


def test_a_layer_for_some_roles_is_told_to_them_alone(monkeypatch, settings):
    assert offered(monkeypatch, settings, SECRET, roles=frozenset({"handler"})) == []
    assert len(offered(monkeypatch, settings, SECRET, roles=frozenset({"duty_chief"}))) == 1


def test_a_layer_without_an_address_is_left_out(monkeypatch, settings):
    assert offered(monkeypatch, settings, HOMELESS) == []
