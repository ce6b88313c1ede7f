from __future__ import annotations

import datetime as dt

import pytest

from chengyun.insight.facts.session import forget

NOW = dt.datetime(2026, 5, 20, 2, 30, tzinfo=dt.UTC)


@pytest.fixture
def facts_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    forget()
    return tmp_path / "facts"
