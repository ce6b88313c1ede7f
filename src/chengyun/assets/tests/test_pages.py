"""The register's pages and who may do what: everybody reads, the keepers change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.assets.models import Component, State
from chengyun.assets.rights import KEEPERS
from chengyun.assets.tests.town import COUNTY, WELL, component
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role
from chengyun.regions.tests.land import middle

PAGES = ("list", "summary")
KEPT = ("new", "bulk")


@pytest.fixture
def person(client, land):
    """Log in somebody who works in the role."""

    def login(role: Role) -> User:
        centre, _new = Department.objects.get_or_create(code="centre", name="中心", short_name="中心", kind="centre")
        user = User.objects.create_user(str(role), "x", name=str(role))
        post = Post.objects.create(code=str(role), name=str(role), department=centre, roles=[role])
        Appointment.objects.create(user=user, post=post)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return user

    return login


@pytest.mark.parametrize("role", list(Role))
def test_matrix_everybody_reads_and_keepers_change(client, person, role):
    person(role)
    made = component()
    read = [reverse(f"assets:{name}") for name in PAGES] + [made.get_absolute_url()]
    read += [reverse("assets:near") + "?at=117.005,37.005", reverse("assets:box") + "?bbox=117,37,117.1,37.1"]
    read += [reverse("assets:near") + "?at=117.005,37.005&minor=" + "9" * 5000]
    assert {client.get(path).status_code for path in read} == {200}
    changing = [
        reverse("assets:new"),
        *(reverse(f"assets:{name}", args=[made.identifier]) for name in ("edit", "retire")),
    ]
    wanted = 200 if role in KEEPERS else 403
    assert {client.get(path).status_code for path in changing} == {wanted}
    posting = [reverse(f"assets:{name}", args=[made.identifier]) for name in ("photo", "restore")]
    answers = {client.post(path).status_code for path in [*posting, reverse("assets:bulk")]}
    assert answers == {302 if role in KEEPERS else 403}
    export = client.post(reverse("exports:make", args=["components"]))
    export.close()
    assert export.status_code == 200


def given(**changed):
    lon, lat = middle(0, 0)
    values = {
        "class_code": WELL, "state": "intact", "manager_name": "住建局", "initial_date": "2024-05-01",
        "location": f"{lon},{lat}", "road": "凤凰街",
    }  # fmt: skip
    return values | changed


def test_a_component_is_entered_from_the_map(client, person):
    person(Role.SYSTEM_ADMIN)
    answer = client.post(reverse("assets:new"), given())
    made = Component.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.identifier, made.name, made.manager.name) == (f"{COUNTY}{WELL}000001", "雨水井盖", "住建局")


@pytest.mark.parametrize(("field", "value"), [("location", "东"), ("identifier", "12"), ("class_code", "06010")])
def test_a_wrong_field_is_named_and_nothing_stored(client, person, field, value):
    person(Role.SYSTEM_ADMIN)
    answer = client.post(reverse("assets:new"), given(**{field: value}))
    assert (answer.status_code, Component.objects.count()) == (422, 0)
    assert f"id_{field}_fault" in answer.content.decode()


def test_ticked_components_are_changed_alike(client, person):
    person(Role.DUTY_CHIEF)
    made = [component(), component()]
    chosen = {"component": [each.identifier for each in made], "state": "damaged", "maintainer_name": "养护中心"}
    client.post(reverse("assets:bulk"), chosen | {"back": "https://elsewhere.example/"}, follow=True)
    found = set(Component.objects.values_list("state", "maintainer__name"))
    assert found == {(State.DAMAGED, "养护中心")}


def test_retired_it_leaves_the_list_and_comes_back(client, person):
    person(Role.SYSTEM_ADMIN)
    client.post(reverse("assets:new"), given())
    made = Component.objects.get()
    client.post(reverse("assets:retire", args=[made.identifier]), {"state": "removed", "day": "2026-01-01"})
    client.get(made.get_absolute_url())
    assert made.identifier not in client.get(reverse("assets:list")).content.decode()
    assert made.identifier in client.get(reverse("assets:list") + "?retired=1").content.decode()
    client.post(reverse("assets:restore", args=[made.identifier]))
    assert made.identifier in client.get(reverse("assets:list")).content.decode()


def test_the_list_costs_the_same_for_many(client, person):
    person(Role.RECEIVER)

    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            client.get(reverse("assets:list"))
        return len(statements)

    component()
    client.get(reverse("assets:list"))
    one = cost()
    for _ in range(20):
        component()
    assert cost() == one


def test_a_tile_is_not_sent_twice(client, person):
    person(Role.RECEIVER)
    made = component()
    path = reverse("assets:tile", args=[15, made.x >> 15, made.y >> 15])
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/vnd.mapbox-vector-tile")
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    component()
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 200
    assert client.get(reverse("assets:tile", args=[3, 9, 9])).status_code == 400


def test_what_is_exported_comes_in_again_unchanged(client, person, tmp_path):
    from chengyun.assets.services.faults import FaultFile
    from chengyun.assets.services.importing import import_components
    from chengyun.people.access import SYSTEM

    person(Role.RECEIVER)
    component(road="凤凰街", note="井圈偏高")
    answer = client.post(reverse("exports:make", args=["components"]))
    book = tmp_path / "out.xlsx"
    book.write_bytes(b"".join(answer.streaming_content))
    with FaultFile(book) as faults:
        assert import_components(book, faults=faults, by=SYSTEM).same == 1
