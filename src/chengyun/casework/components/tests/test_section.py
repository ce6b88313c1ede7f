"""What reports tell of components, and that each of its figures opens the rows that it counts."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from chengyun.assets.models import Component
from chengyun.assets.services import stamp
from chengyun.assets.services.editing import change_component, retire
from chengyun.assets.tests.town import BIN, component
from chengyun.casework.cases.models import Case
from chengyun.casework.components.section import build
from chengyun.casework.components.services import link
from chengyun.casework.components.tests.telling import BACKEND, report
from chengyun.core import instants
from chengyun.people.access import SYSTEM
from chengyun.regions.tests import land

MONTH = dt.date(2026, 2, 1), dt.date(2026, 2, 28)
INSIDE = dt.datetime(2026, 2, 28, 15, 59, tzinfo=dt.UTC)  # a minute before midnight of the last day
OUTSIDE = dt.datetime(2026, 2, 28, 16, 1, tzinfo=dt.UTC)


@pytest.fixture
def february(county, well):
    """Five components and one that is gone; three filed cases about two of them, one of them in March."""
    change_component(well, {"initial_date": dt.date(2026, 1, 31)}, by=SYSTEM)
    with instants.at(dt.datetime(2026, 2, 10, 4, tzinfo=dt.UTC)):
        other = component(state="damaged")
        component(class_code=BIN, state="lost")
        component(class_code=BIN)
        change_component(well, {"note": "换盖", "changed_date": dt.date(2026, 2, 20)}, by=SYSTEM)
        retire(component(), "removed", by=SYSTEM, day=dt.date(2026, 2, 15))
    for number, (chosen, filed_at) in enumerate([(well, INSIDE), (other, INSIDE), (well, INSIDE), (well, OUTSIDE)]):
        case = report(str(number))
        link(case, chosen.identifier, by=SYSTEM)
        Case.objects.filter(pk=case.pk).update(filed_at=filed_at, closed_at=INSIDE if number == 0 else None)
    return county


@pytest.mark.django_db
def test_the_register_as_it_stands_and_what_became_of_it(february):
    part = build(*MONTH, land.COUNTY)
    told = {name: figure.value for name, figure in part.figures.items()}
    assert told == {
        "total": 4, "intact": 2, "damaged": 1, "lost": 1, "abandoned": 0, "removed": 0, "major_01": 2, "unwell_01": 1,
        "major_03": 2, "unwell_03": 1, "begun": 3, "changed": 1, "ended": 1, "cases": 3, "pieces": 2, "done": 1,
    }  # fmt: skip
    named = set(re.findall(r"\{(\w+)\}", "".join(part.lines)))
    assert named == set(told)


@pytest.mark.django_db
def test_each_figure_opens_what_it_counts(february, client):
    client.force_login(february.users["chief"], backend=BACKEND)
    part = build(*MONTH, land.COUNTY)
    for name in set(part.figures) - {"pieces", "unwell_01", "unwell_03"}:
        answer = client.get(part.figures[name].url)
        rows = answer.context["rows"]
        assert (answer.status_code, len(rows)) == (200, part.figures[name].value), name


@pytest.mark.django_db
def test_a_part_of_the_county_counts_its_townships(february, client):
    client.force_login(february.users["chief"], backend=BACKEND)
    elsewhere = build(*MONTH, "880000")
    assert elsewhere is None
    township = build(*MONTH, f"{land.COUNTY}001")
    assert township.figures["total"].value == 4
    assert f"region={land.COUNTY}001" in township.figures["total"].url
    assert len(client.get(township.figures["begun"].url).context["rows"]) == 3


@pytest.mark.django_db
def test_an_empty_register_tells_nothing(county):
    Component.objects.all()._raw_delete(Component.objects.db)
    stamp.touch()
    assert build(*MONTH, "") is None


@pytest.mark.django_db
def test_days_that_are_none_are_told(february, client):
    client.force_login(february.users["chief"], backend=BACKEND)
    answer = client.get("/case-component/?filed_from=2026-02-30&filed_to=2026-02-28")
    assert answer.status_code == 400 and "2026-02-30" in answer.text
    assert client.get(reverse("assets:list"), {"moved": "begun:2026-02-30:2026-02-28"}).status_code == 200
    assert (
        client.get(reverse("assets:list"), {"moved": "eaten:2026-02-01:2026-02-28", "major": "²²"}).status_code == 200
    )
