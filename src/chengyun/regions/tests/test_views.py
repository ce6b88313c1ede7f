import json

import pytest
from django.urls import reverse
from shapely.geometry import shape

from chengyun.people.tests.cast import person
from chengyun.regions.models import RegionVersion
from chengyun.regions.tests import land

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(person("王看图"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def county():
    return land.active_version()


def codes(response) -> list[str]:
    return [feature["properties"]["code"] for feature in json.loads(response.content)["features"]]


def get(reader, **query: str):
    return reader.get(reverse("regions:geojson"), query)


def test_a_stranger_is_sent_to_the_login(client, county):
    assert client.get(reverse("regions:geojson"), {"level": "cell"}).status_code == 302


def test_it_gives_the_regions_of_a_level(reader, county):
    assert codes(get(reader, level="township")) == [land.WEST, land.EAST]
    assert len(codes(get(reader, level="cell"))) == 18


def test_it_gives_only_what_touches_the_box(reader, county):
    lon, lat = land.middle(0, 0)
    assert codes(get(reader, level="cell", bbox=f"{lon},{lat},{lon},{lat}")) == [land.WEST + "001001"]


def test_the_outline_is_the_regions_own(reader, county):
    feature = json.loads(get(reader, level="township").content)["features"][0]
    difference = shape(feature["geometry"]).symmetric_difference(land.square(0, 0, 3, 3))
    assert difference.area < 1e-9


def test_the_same_question_again_is_answered_with_not_modified(reader, county):
    etag = get(reader, level="cell")["ETag"]
    again = reader.get(reverse("regions:geojson"), {"level": "cell"}, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_version_is_a_new_answer(reader, county):
    etag = get(reader, level="cell")["ETag"]
    RegionVersion.objects.update(is_active=False)
    land.active_version()
    again = reader.get(reverse("regions:geojson"), {"level": "cell"}, headers={"If-None-Match": etag})
    assert again.status_code == 200


def test_without_regions_the_map_is_empty(reader):
    assert codes(get(reader, level="cell")) == []


@pytest.mark.parametrize(
    "query",
    [{}, {"level": "street"}, {"level": "cell", "bbox": "1,2"}, {"level": "cell", "bbox": "a,b,c,d"},
     {"level": "cell", "bbox": "nan,0,1,1"}, {"level": "cell", "bbox": "2,0,1,1"}],
    ids=str,
)  # fmt: skip
def test_a_wrong_question_is_a_400(reader, county, query):
    assert get(reader, **query).status_code == 400


def test_places_are_found_for_an_address_field(reader, county):
    from chengyun.people.access import SYSTEM
    from chengyun.regions.services.places import create_place

    create_place(by=SYSTEM, kind="road", code="R1", name="南门里", lon=117.0, lat=37.0)
    found = reader.get(reverse("regions:places"), {"q": "南门", "near": "117,37"}).json()["places"]
    assert [place["name"] for place in found] == ["南门里"]
