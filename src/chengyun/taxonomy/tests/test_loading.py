from __future__ import annotations

import pytest

from chengyun.taxonomy.models import ClassMapping, Kind, MajorClass, MinorClass
from chengyun.taxonomy.services.data import EDITION_2013, EDITION_2026
from chengyun.taxonomy.services.loading import load_catalogues

pytestmark = pytest.mark.django_db


def count(standard: str, kind: Kind) -> int:
    return MinorClass.objects.filter(standard__code=standard, kind=kind).count()


def test_it_loads_three_editions_with_their_counts() -> None:
    load_catalogues()
    assert (count(EDITION_2026, Kind.PART), count(EDITION_2026, Kind.MATTER)) == (153, 250)
    assert (count(EDITION_2013, Kind.PART), count(EDITION_2013, Kind.MATTER)) == (121, 83)
    assert (count("CJ/T 214-2007", Kind.PART), count("CJ/T 214-2007", Kind.MATTER)) == (85, 54)


def test_the_seven_names_nobody_confirmed_stay_blank() -> None:
    load_catalogues()
    blank = MinorClass.objects.filter(name="").values_list("kind", "code")
    assert set(blank) == {
        ("part", "0116"),
        ("part", "0505"),
        ("matter", "0509"),
        ("matter", "0510"),
        ("matter", "0601"),
        ("matter", "0603"),
        ("matter", "0605"),
    }


def test_a_second_run_changes_nothing() -> None:
    load_catalogues()
    assert not load_catalogues()


def test_it_corrects_a_name_that_somebody_changed() -> None:
    load_catalogues()
    MinorClass.objects.filter(standard__code=EDITION_2026, kind="matter", code="06010").update(name="别的")
    assert load_catalogues() == {"minor corrected": 1}
    assert MinorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="06010").name == "暴露垃圾"


def test_it_leaves_the_countys_own_mapping_alone() -> None:
    load_catalogues()
    old = MinorClass.objects.get(standard__code=EDITION_2013, kind="matter", code="0407")
    ClassMapping.objects.create(old=old, new=None, is_local=True)
    load_catalogues()
    assert ClassMapping.objects.filter(old=old).count() == 2


def test_the_current_edition_keeps_kinds_apart() -> None:
    load_catalogues()
    assert MajorClass.objects.filter(standard__code=EDITION_2026).count() == 15
    names = MinorClass.objects.filter(standard__code=EDITION_2026, code="01001").values_list("name", flat=True)
    assert set(names) == {"供水井盖", "供水井盖异常"}
