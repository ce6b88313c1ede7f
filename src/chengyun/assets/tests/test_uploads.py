"""Out as Excel, changed, shown as differences, applied."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chengyun.assets.models import Component, State
from chengyun.assets.services.editing import change_component
from chengyun.assets.tests.test_pages import person  # noqa: F401 -- a fixture
from chengyun.assets.tests.town import component, line
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.people.roles import Role


@pytest.fixture
def keeper(person):  # noqa: F811 -- the fixture above
    return person(Role.SYSTEM_ADMIN)


def a_file(*lines, name="部件.csv"):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, lines[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    return SimpleUploadedFile(name, text.getvalue().encode())


def uploaded(client, *lines):
    return client.post(reverse("assets:new_upload"), {"file": a_file(*lines)}).url


def seen_in(html):
    return html.split('name="seen" value="')[1].split('"')[0]


def test_differences_are_shown_and_then_applied(client, keeper):
    made = component(road="凤凰街", identifier=line(1)["标识码"])
    address = uploaded(client, line(1, 状态="破损"), line(2), line(3, 状态="坏了"))
    html = client.get(address).content.decode()
    assert all(words in html for words in ("<del>完好</del> → <ins>破损</ins>", line(2)["标识码"], "坏了"))
    assert Component.objects.count() == 1
    client.post(address, {"seen": seen_in(html)})
    made.refresh_from_db()
    assert (Component.objects.count(), made.state) == (2, State.DAMAGED)
    assert register.history(made)[0].by_name == keeper.name


def test_a_register_that_changed_meanwhile_is_shown_anew(client, keeper):
    made = component()
    address = uploaded(client, line(7))
    seen = seen_in(client.get(address).content.decode())
    change_component(made, {"state": State.LOST}, by=SYSTEM)
    answer = client.post(address, {"seen": seen})
    assert (answer.status_code, Component.objects.count()) == (409, 1)
    client.post(address, {"seen": seen_in(answer.content.decode())})
    assert Component.objects.count() == 2
    assert client.post(address, {"seen": seen}).status_code == 302
    assert Component.objects.count() == 2


def test_a_file_that_cannot_be_read_is_told(client, keeper):
    wrong = client.post(reverse("assets:new_upload"), {"file": SimpleUploadedFile("部件.pdf", b"%PDF")})
    assert (wrong.status_code, ".xlsx" in wrong.content.decode()) == (422, True)
    address = uploaded(client, {"名称": "井盖"})
    answer = client.get(address)
    assert (answer.status_code, "缺少列" in answer.content.decode()) == (422, True)


def test_only_keepers_bring_files_in(client, person):  # noqa: F811 -- the fixture above
    person(Role.RECEIVER)
    assert client.get(reverse("assets:new_upload")).status_code == 403
