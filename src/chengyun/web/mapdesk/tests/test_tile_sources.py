"""Base tiles from outside: the page opens for their hosts alone, and the register keeps what each source was."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from chengyun.core import instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.core.models import Setting
from chengyun.people import register
from chengyun.people.registers.uses import uses_of
from chengyun.web.mapdesk import preferences, tile_sources, tiles
from chengyun.web.mapdesk.models import TileSource

moving = import_module("chengyun.web.mapdesk.migrations.0003_tiles_of_the_setting")
TILES = "https://tiles.example.cn/{z}/{x}/{y}.png"


@pytest.fixture
def admin(county):
    return county.actor("admin")


def added(admin, **fields):
    plain = {
        "name": "省级底图",
        "address": TILES,
        "system": "wgs84",
        "credit": "省测绘院",
        "min_zoom": 3,
        "max_zoom": 17,
    }
    return tile_sources.add(by=admin, **plain | {"sort_order": 0} | fields)


def page_of(source, name="row", *more):
    return reverse(f"registers:{name}", args=["tile-sources", source.pk, *more])


# --- the map page -----------------------------------------------------------------------------------------------------


def test_without_sources_the_page_loads_from_nowhere_else(as_user):
    answer = as_user("receiver").get("/map/")
    assert "http" not in answer["Content-Security-Policy"]
    assert answer.context["bases"] == []


def test_sources_open_the_policy_of_this_page_for_their_hosts_alone(as_user, admin, settings):
    settings.MAP_KEY = "k3y"
    added(admin, name="天地图", address="tianditu")
    added(admin)
    client = as_user("receiver")
    answer = client.get("/map/")
    policy = dict(each.split(" ", 1) for each in answer["Content-Security-Policy"].split("; "))
    servers = [f"https://t{number}.tianditu.gov.cn" for number in range(4)]
    assert policy["connect-src"].split() == ["'self'", *servers, "https://tiles.example.cn"]
    assert policy["img-src"].split() == ["'self'", "data:", "blob:", *servers, "https://tiles.example.cn"]
    assert "tk=k3y" in answer.text and "省测绘院" in answer.text
    assert "tianditu" not in client.get("/cases/")["Content-Security-Policy"]
    client.logout()
    assert "k3y" not in client.get("/map/", follow=True).text


def test_a_source_without_its_key_is_not_asked_for(admin, settings):
    settings.MAP_KEY = ""
    added(admin, address="tianditu-image")
    assert tiles.base_layers() == []


def test_the_key_stands_in_no_page_of_the_register(as_user, admin, settings):
    settings.MAP_KEY = "k3y"
    source = added(admin, address="tianditu")
    client = as_user("admin")
    for address in (reverse("registers:list", args=["tile-sources"]), page_of(source)):
        assert "tk={key}" in client.get(address).text.replace("&amp;", "&") and "k3y" not in client.get(address).text


def test_the_first_source_that_lies_right_is_shown(admin):
    added(admin, name="商业地图", system="gcj02")
    added(admin, sort_order=1)
    added(admin, name="影像", sort_order=2)
    assert [(each["title"], each["shown"]) for each in tiles.base_layers()] == [
        ("商业地图（GCJ-02，偏几百米）", False),
        ("省级底图", True),
        ("影像", False),
    ]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        "baidu",
        "ftp://a/{z}/{x}/{y}",
        "https://a/{z}/{x}",
        "https://a; script-src *; x/{z}/{x}/{y}",
        "https://a'b/{z}/{x}/{y}",
        "https://[a/{z}/{x}/{y}",
        "https://t0.tianditu.gov.cn/{z}/{x}/{y}?tk=0123456789abcdef",
    ],
)
def test_what_is_no_address_of_tiles_or_holds_a_key_is_refused(admin, wrong):
    with pytest.raises(UserError) as refusal:
        added(admin, address=wrong)
    assert refusal.value.field == "address"


@pytest.mark.parametrize(("fields", "field"), [({"min_zoom": 18}, "max_zoom"), ({"max_zoom": 23}, "max_zoom")])
def test_levels_stand_in_their_order(admin, fields, field):
    with pytest.raises(UserError) as refusal:
        added(admin, **fields)
    assert refusal.value.field == field


def test_two_sources_have_two_names(admin):
    tile_sources.retire(added(admin), by=admin)
    gone = TileSource.objects.get()
    added(admin)
    for again in (lambda: added(admin), lambda: tile_sources.offer_again(gone, by=admin)):
        with pytest.raises(UserError, match="换一个名称"):
            again()


def test_only_the_system_administrator_changes_them(county):
    with pytest.raises(NotAllowed):
        added(county.actor("chief"))


# --- the register -----------------------------------------------------------------------------------------------------


def test_a_source_is_added_and_changed_on_the_page(as_user, admin):
    client = as_user("admin")
    sent = {"name": "影像", "address": TILES, "system": "wgs84", "credit": "院", "min_zoom": 0, "max_zoom": 18}
    answer = client.post(reverse("registers:new", args=["tile-sources"]), sent | {"sort_order": 0}, follow=True)
    source = TileSource.objects.get()
    assert "已新增“影像”" in answer.text
    client.post(page_of(source), sent | {"sort_order": 0, "credit": "省测绘院"})
    assert [each.after for each in register.history(source)][0] == {"credit": "省测绘院"}
    wrong = client.post(page_of(source), sent | {"sort_order": 0, "address": "x"})
    assert wrong.context["form"].errors.keys() == {"address"}


def test_an_earlier_address_is_put_back(as_user, admin):
    source = added(admin)
    tile_sources.change(source, by=admin, address=TILES.replace("png", "jpg"), max_zoom=16)
    tile_sources.change(source, by=admin, credit="市测绘院")
    client = as_user("admin")
    [deed] = [each for each in client.get(page_of(source)).context["deeds"] if each["action"].key == "way-back"]
    (first, after_one), (second, after_two) = deed["form"].fields["state"].choices
    assert "署名：省测绘院" in after_one and "地址" not in after_one
    assert f"地址：{TILES}；署名：省测绘院；最大级别：17" in after_two
    client.post(page_of(source, "act", "way-back"), {"state": second})
    source.refresh_from_db()
    assert (source.address, source.credit, source.max_zoom) == (TILES, "省测绘院", 17)
    assert len(register.history(source)) == 4


def test_a_retired_source_is_off_at_once_and_offered_again(as_user, admin):
    source, client = added(admin), as_user("admin")
    client.post(page_of(source, "retire"))
    assert tiles.base_layers() == []
    assert "省级底图" in client.get(reverse("registers:list", args=["tile-sources"]), {"closed": "1"}).text
    client.post(page_of(source, "act", "offer-again"))
    assert [each["key"] for each in tiles.base_layers()] == [source.layer_key]


def test_before_retiring_one_is_told_on_whose_map_it_is(as_user, admin, county):
    source = added(admin)
    for name, on in (("receiver", True), ("dispatcher", False)):
        layers = {source.layer_key: {"on": on, "opacity": 1}}
        preferences.remember({"layers": layers, "colour": "lamp"}, by=county.actor(name))
    [use] = uses_of(source, instants.today()).found
    assert (use.weight, [name for name, _href in use.shown]) == ("warns", [county.users["receiver"].name])


# --- what the setting of former times had -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("tianditu", ("天地图矢量", tiles.KNOWN["tianditu"], "天地图")),
        ("tianditu-image", ("天地图影像", tiles.KNOWN["tianditu-image"], "天地图")),
        (TILES, ("tiles.example.cn", TILES, "tiles.example.cn")),
    ],
)
def test_what_was_set_before_is_the_first_source(db, value, told):
    Setting.objects.create(key="map.tiles", value=value)
    moving.the_first_source(apps, None)
    source = TileSource.objects.on(instants.today()).get()
    assert (source.name, source.address, source.credit) == told


@pytest.mark.parametrize("value", [None, ""])
def test_where_nothing_was_set_there_is_no_source(db, value):
    if value is not None:
        Setting.objects.create(key="map.tiles", value=value)
    moving.the_first_source(apps, None)
    assert not TileSource.objects.exists()
