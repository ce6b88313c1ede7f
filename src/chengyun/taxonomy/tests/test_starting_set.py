from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from chengyun.core import instants
from chengyun.taxonomy import queries
from chengyun.taxonomy.models import STARTING_SET, FilingCondition, MinorClass
from chengyun.taxonomy.services.conditions import Limit, Wording, change_condition
from chengyun.taxonomy.services.data import EDITION_2026, data_rows
from chengyun.taxonomy.services.loading import load_catalogues

MUCH = 0.6
DAY = dt.date(2026, 11, 23)


def sentences() -> set[str]:
    return {text for row in data_rows("conditions.csv") for text in (row["condition"], row["closing"]) if text}


def reference_sentences(shared: Path) -> set[str]:
    with (shared / "reference" / "time_limits_local_example.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row[name].strip() for row in rows for name in ("filing_condition", "closing_condition")}


def in_order(ours: str, theirs: str) -> int:
    """Length of the longest common subsequence, one bit per character of ours (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for index, character in enumerate(ours):
        places[character] = places.get(character, 0) | 1 << index
    open_places = everything = (1 << len(ours)) - 1
    for character in theirs:
        taken = open_places & places.get(character, 0)
        open_places = (open_places + taken | open_places - taken) & everything
    return len(ours) - open_places.bit_count()


def test_common_characters_are_counted_in_order() -> None:
    assert in_order("道路不洁", "路面不整洁") == 3
    assert in_order("甲乙", "乙甲") == 1


@pytest.mark.shared
def test_no_sentence_is_taken_from_the_example(shared: Path) -> None:
    theirs = reference_sentences(shared)
    assert len(theirs) > 100
    copied = {ours for ours in sentences() for their in theirs if in_order(ours, their) > MUCH * len(ours)}
    assert copied == set()


def test_no_condition_of_a_class_is_said_twice() -> None:
    said = [(row["standard"], row["code"], row["condition"]) for row in data_rows("conditions.csv") if row["condition"]]
    assert len(said) == len(set(said))


@pytest.mark.django_db
def test_at_least_120_classes_of_the_edition_in_force_have_conditions() -> None:
    load_catalogues()
    covered = MinorClass.objects.filter(standard__code=EDITION_2026, kind="matter", conditions__isnull=False)
    assert covered.distinct().count() >= 120


@pytest.mark.django_db
def test_every_condition_has_a_limit_a_closing_and_its_mark() -> None:
    load_catalogues()
    for condition in FilingCondition.objects.prefetch_related("limits"):
        assert queries.limit_for(condition).amount > 0
        assert condition.closing
        assert condition.origin == STARTING_SET
    assert condition.origin_label == "起始集，非国标原文"


@pytest.mark.django_db
def test_the_countys_own_wording_survives_a_reload() -> None:
    load_catalogues()
    minor = MinorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="06010")
    [first, *_] = queries.conditions_for(minor, DAY)
    wording = Wording("本县自拟的条件", "本县自拟的结案条件", {"": Limit(Decimal(3), "working_hour")})
    with instants.at(dt.datetime(2026, 11, 1, tzinfo=dt.UTC)):
        own = change_condition(first, wording, origin="示范县", valid_from=dt.date(2026, 11, 1))
    assert not load_catalogues()
    assert queries.conditions_for(minor, DAY)[0] == own
    assert queries.conditions_for(minor, dt.date(2026, 10, 31))[0] == first


@pytest.mark.django_db
def test_a_corrected_sentence_of_the_product_becomes_a_new_version() -> None:
    load_catalogues()
    minor = MinorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="06010")
    FilingCondition.objects.filter(minor=minor, number=1).update(text="以前的说法")
    with instants.at(dt.datetime(2026, 11, 20, tzinfo=dt.UTC)):
        assert load_catalogues() == {"condition corrected": 1}
    assert queries.conditions_for(minor, dt.date(2026, 11, 19))[0].text == "以前的说法"
    assert queries.conditions_for(minor, DAY)[0].version == 2
    assert not load_catalogues()
