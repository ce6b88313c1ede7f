from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM
from chengyun.people.registers.declaration import register_named
from chengyun.taxonomy import queries
from chengyun.taxonomy.models import CountyClass, MajorClass, MinorClass
from chengyun.taxonomy.services.catalogue_rows import CatalogueRow
from chengyun.taxonomy.services.county import adopt, extend, retire_class, select_class
from chengyun.taxonomy.services.data import EDITION_2026
from chengyun.taxonomy.services.faults import FaultyTable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogues")]
OLD, NEW = dt.date(2020, 1, 1), dt.date(2026, 7, 1)
LITTER = CatalogueRow(EDITION_2026, "matter", "06", "市容环境类", "06010", "暴露垃圾", row=2)
ROADS = CatalogueRow(EDITION_2026, "matter", "06", "市容环境类", "06012", "道路不洁", row=3)


def names(day: dt.date) -> set[str]:
    return set(queries.county_catalogue(day).values_list("name", flat=True))


def test_adopting_the_same_rows_again_changes_nothing() -> None:
    adopt([LITTER], OLD)
    adopt([ROADS], NEW)
    assert not adopt([ROADS], NEW)
    assert not adopt([LITTER], OLD)


def test_what_is_no_longer_listed_ends_the_day_before() -> None:
    adopt([LITTER, ROADS], OLD)
    assert adopt([ROADS], NEW) == {"ended": 1}
    assert names(dt.date(2026, 6, 30)) == {"暴露垃圾", "道路不洁"}
    assert names(NEW) == {"道路不洁"}


def test_a_renamed_class_is_a_new_row_from_that_day() -> None:
    adopt([LITTER], OLD)
    assert adopt([dataclasses.replace(LITTER, name="垃圾外露")], NEW) == {"changed": 1}
    assert (names(dt.date(2026, 6, 30)), names(NEW)) == ({"暴露垃圾"}, {"垃圾外露"})


def test_a_generation_cannot_be_slipped_in_before_a_later_one() -> None:
    adopt([LITTER], NEW)
    with pytest.raises(UserError, match="2026-07-01"):
        adopt([ROADS], OLD)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": "06099"}, "没有小类06099"),
        ({"standard": "GB 1"}, "没有名为“GB 1”的标准"),
        ({"name": ""}, "请填写"),
        ({"name": "长" * 51}, "不能超过50个字"),
        ({"kind": "x"}, "类型应为"),
        ({"major_code": "6"}, "两位数字"),
        ({"standard": "LOCAL", "code": "07999"}, "大类代码加两位或三位数字"),
        ({"standard": "LOCAL", "code": "06031"}, "往下编号"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_adopted(change: dict[str, str], message: str) -> None:
    with pytest.raises(FaultyTable, match=f"目录第2行：.*{message}"):
        adopt([dataclasses.replace(LITTER, **change), ROADS], NEW)  # type: ignore[arg-type]
    assert not CountyClass.objects.exists()


def test_a_repeated_class_is_a_fault() -> None:
    with pytest.raises(FaultyTable, match="目录第2行：小类06010重复"):
        adopt([LITTER, LITTER], NEW)


def test_an_unknown_local_code_becomes_a_local_extension() -> None:
    adopt([CatalogueRow("LOCAL", "matter", "91", "智慧停车", "91999", "闸机故障")], NEW)
    minor = MinorClass.objects.get(code="91999")
    assert (minor.standard.is_local, minor.major.name) == (True, "智慧停车")


def test_a_class_is_selected_and_retired_with_its_days() -> None:
    minor = MinorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="06010")
    county = select_class(minor, valid_from=NEW)
    with pytest.raises(UserError, match="已在本县目录中"):
        select_class(minor, valid_from=NEW)
    retire_class(county, last_day=dt.date(2026, 10, 31))
    assert (names(dt.date(2026, 10, 31)), names(dt.date(2026, 11, 1))) == ({"暴露垃圾"}, set())


def test_local_codes_count_down() -> None:
    major = MajorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="06")
    assert [extend(major, "甲").code, extend(major, "乙").code] == ["06999", "06998"]
    assert extend(major, "丙", digits=2).code == "0699"


def test_a_local_class_needs_a_name() -> None:
    major = MajorClass.objects.get(standard__code=EDITION_2026, kind="matter", code="06")
    with pytest.raises(UserError, match="小类名称"):
        extend(major, " ")


def test_another_major_by_its_code_alone_brings_the_name_that_the_county_uses() -> None:
    adopt([LITTER, dataclasses.replace(ROADS, major_code="99", major_name="本县专项")], OLD)
    change = register_named("catalogue").change
    assert change is not None
    change(CountyClass.objects.on(NEW).get(name="暴露垃圾"), by=SYSTEM, valid_from=NEW, major_code="99")
    moved = CountyClass.objects.on(NEW).get(name="暴露垃圾")
    assert (moved.major_name, moved.valid_from) == ("本县专项", NEW)
    with pytest.raises(UserError, match="都没有大类77"):
        change(moved, by=SYSTEM, valid_from=NEW + dt.timedelta(days=1), major_code="77")
    change(moved, by=SYSTEM, valid_from=NEW + dt.timedelta(days=1), major_code="")
    assert CountyClass.objects.on(NEW + dt.timedelta(days=1)).get(name="暴露垃圾").major_code == "06"
