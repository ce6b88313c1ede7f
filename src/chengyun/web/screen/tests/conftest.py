from __future__ import annotations

import pytest

from chengyun.casework.cases.tests import county as small
from chengyun.core import configuration, instants
from chengyun.web.screen import snapshot


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path, monkeypatch):
    """Nothing remembered of another test's county, and no snapshot served for being young."""
    from chengyun.insight.facts import session

    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(snapshot, "NEWEST_S", 0.0)
    monkeypatch.setattr(snapshot, "REST", 0.0)
    for each in (session, snapshot, configuration):
        each.forget()
    yield
    for each in (session, snapshot, configuration):
        each.forget()


@pytest.fixture
def county(db):
    with instants.at(small.MONDAY):
        yield small.build()


@pytest.fixture
def at_wall(client, county):
    """Somebody's browser, logged in."""

    def log_in(name="leader"):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
