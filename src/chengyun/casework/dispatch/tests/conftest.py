from __future__ import annotations

import pytest

from chengyun.people.models import Department
from chengyun.taxonomy.models import MinorClass
from chengyun.taxonomy.tests.conftest import catalogues

__all__ = ["catalogues"]


@pytest.fixture
def lamps(catalogues: None, db: None) -> MinorClass:
    """路灯异常 of the edition in force."""
    return MinorClass.objects.get(standard__code="GB/T 47678.5-2026", kind="matter", code="01037")


@pytest.fixture
def old_lamps(lamps: MinorClass) -> MinorClass:
    return MinorClass.objects.get(standard__code="GB/T 30428.2-2013", kind="part", code="0137")


@pytest.fixture
def lighting(db: None) -> Department:
    return Department.objects.create(code="D1", name="路灯管理所", short_name="路灯所", kind="department")


@pytest.fixture
def township(db: None) -> Department:
    return Department.objects.create(code="T1", name="玉泉街道办事处", short_name="玉泉街道", kind="township")


@pytest.fixture
def power(db: None) -> Department:
    return Department.objects.create(code="D2", name="供电公司", short_name="供电", kind="company")
