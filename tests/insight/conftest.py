from __future__ import annotations

import datetime as dt

import pytest

from chengyun.insight.facts import session
from chengyun.insight.figures import kept

NOW = dt.datetime(2026, 5, 20, 2, 30, tzinfo=dt.UTC)


@pytest.fixture
def facts_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    session.forget()
    kept.forget()
    return tmp_path / "facts"
