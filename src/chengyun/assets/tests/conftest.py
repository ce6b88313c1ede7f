from __future__ import annotations

from pathlib import Path

import pytest

from chengyun.assets.tests import town


@pytest.fixture
def land(db):
    return town.build()


@pytest.fixture
def census(land, tmp_path: Path):
    return town.Census(tmp_path)
