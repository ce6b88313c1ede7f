"""Cases near a place of the county: one filter for the lists, the map and the files."""

import random
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from chengyun.casework.cases import exports, filters, near
from chengyun.casework.cases.models import Case
from chengyun.core.errors import UserError
from chengyun.core.geometry import metres_between
from chengyun.regions.models import NamedPlace
from chengyun.regions.services.places import create_place

LON, LAT = 115.2, 32.2
FILTER = f"{LON:.6f},{LAT:.6f},500,凤凰公园"


@pytest.fixture
def park(county):
    return create_place(
        by=county.actor("admin"), kind=NamedPlace.Kind.LANDMARK, code="P1", name="凤凰公园", lon=LON, lat=LAT
    )


@pytest.fixture
def client_of(client, county):
    def log_in(name):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


def scattered(county, count=60):
    dice = random.Random(11)
    points = [(LON + dice.uniform(-0.012, 0.012), LAT + dice.uniform(-0.012, 0.012)) for _ in range(count)]
    return [(county.report(lon=lon, lat=lat).pk, metres_between(LON, LAT, lon, lat)) for lon, lat in points]


def test_it_is_what_the_distance_says(county):
    cases = scattered(county)
    county.report()
    wanted = {pk for pk, metres in cases if metres <= 500}
    assert 5 < len(wanted) < 50
    assert not [metres for _pk, metres in cases if abs(metres - 500) < 1]
    assert set(near.near(Case.objects.all(), FILTER).values_list("pk", flat=True)) == wanted


def test_list_count_and_file_hold_the_same_cases(county):
    scattered(county)
    chosen = filters.chosen({"near": FILTER})
    cases = filters.filtered(Case.objects.all(), chosen)
    listed = {case.pk for case in filters.newest_first(cases, {"near": FILTER}).cases}
    assert len(listed) == filters.counted(cases)
    assert listed == {case.pk for case in exports.all_cases(county.actor("receiver"), {"near": FILTER})}


@pytest.mark.parametrize("name", ["cases:list", "cases:queue", "mapdesk:page"])
def test_what_was_typed_becomes_the_filter(client_of, county, park, name):
    sent = {"place": "凤凰公园", "place_at": "", "metres": "200", "stage": "", "urgent": "1"}
    answer = client_of("receiver").get(reverse(name), sent)
    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked == {"urgent": ["1"], "near": [f"{LON:.6f},{LAT:.6f},200,凤凰公园"]}


def test_the_place_chosen_from_the_list_counts_not_another_of_its_name(client_of, county, park):
    sent = {"place": "凤凰公园", "place_at": "115.3,32.3", "metres": "500"}
    answer = client_of("receiver").get(reverse("cases:list"), sent)
    assert parse_qs(urlsplit(answer["Location"]).query)["near"] == ["115.300000,32.300000,500,凤凰公园"]


def test_an_emptied_place_takes_the_filter_away(client_of, county):
    answer = client_of("receiver").get(reverse("cases:list"), {"place": "", "near": FILTER})
    assert answer["Location"] == "/cases/all?"


def test_a_place_that_the_county_does_not_have_is_refused_by_name(client_of, county):
    answer = client_of("receiver").get(reverse("cases:list"), {"place": "没有的地方"})
    assert answer.status_code == 400
    assert "没有的地方" in answer.content.decode()


def test_the_chip_says_where_and_how_far(client_of, county, park):
    county.report(lon=LON, lat=LAT)
    page = client_of("receiver").get(reverse("cases:list"), {"near": FILTER}).content.decode()
    assert "凤凰公园 500 米内" in page


@pytest.mark.parametrize(
    "wrong", ["", "1,2", "a,b,c,d", "200,32,500,x", "115,32,9000000,x", "115,32,nan,x", "115,90,5,x"]
)
def test_what_is_no_place_is_refused(wrong):
    with pytest.raises(UserError):
        near.around(wrong)
