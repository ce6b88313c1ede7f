"""What the county had set as `map.tiles` becomes its first source; the setting itself is not read any more."""

from urllib.parse import urlsplit

from django.db import migrations

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/%(layer)s_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=%(layer)s"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
KNOWN = {"tianditu": ("天地图矢量", "vec"), "tianditu-image": ("天地图影像", "img")}


def the_first_source(apps, schema_editor):
    setting = apps.get_model("core", "Setting").objects.filter(key="map.tiles", region_code="").first()
    address = setting.value if setting else ""
    if not address:
        return
    if address in KNOWN:
        name, layer = KNOWN[address]
        address, credit = TIANDITU % {"layer": layer}, "天地图"
    else:
        name = urlsplit(address).hostname or ""
        credit = "天地图" if "tianditu.gov.cn" in address else name
    source = apps.get_model("mapdesk", "TileSource")
    source.objects.create(name=name[:50], address=address, credit=credit[:100])


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
        ('mapdesk', '0002_tilesource'),
    ]

    operations = [
        migrations.RunPython(the_first_source, migrations.RunPython.noop),
    ]
