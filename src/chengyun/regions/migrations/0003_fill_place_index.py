"""Places of 0.1.0 are found by their names too."""

from django.db import migrations

from chengyun.regions.finding.words import house_of, keys_of


def fill(apps, schema_editor):
    place_key = apps.get_model("regions", "PlaceKey")
    places = list(apps.get_model("regions", "NamedPlace").objects.all())
    for place in places:
        place.street, place.number = house_of(place.name)
    apps.get_model("regions", "NamedPlace").objects.bulk_update(places, ["street", "number"], batch_size=500)
    keys = [place_key(place=place, key=key) for place in places for key in keys_of(place.name)]
    place_key.objects.bulk_create(keys, batch_size=5_000)


class Migration(migrations.Migration):
    dependencies = [("regions", "0002_place_index")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
