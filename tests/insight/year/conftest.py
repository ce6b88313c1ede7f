from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import transaction

from chengyun.core import instants
from chengyun.demo import building
from chengyun.insight.facts import feed
from chengyun.insight.facts.session import forget, session
from chengyun.insight.targets.models import Plan
from chengyun.people.access import actor_for
from chengyun.people.models import User
from tests.insight.conftest import NOW


@pytest.fixture(scope="package")
def year(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo county's small year and weeks, told once for all tests of this folder (TOGETHER, /conftest.py)."""
    from django.conf import settings

    # What is kept of a register goes by its serial number, which a county that was taken back has used as well.
    cache.clear()
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic(), instants.at(NOW):
        list(building.run(building.Build(building.SCALES["small"]), building.PARTS))
        yield
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = before


@pytest.fixture(scope="package")
def facts(year, tmp_path_factory):
    """A session over files that were made once from the year."""
    with pytest.MonkeyPatch.context() as patched, instants.at(NOW):
        patched.setattr("django.conf.settings.DATA_DIR", tmp_path_factory.mktemp("data"))
        feed.rebuild()
        yield session()
    forget()


@pytest.fixture
def moment(facts, monkeypatch):
    """Whoever asks for the facts gets these, as at the end of what was told."""
    monkeypatch.setattr("chengyun.insight.facts.session.session", lambda: facts)
    with instants.at(NOW):
        yield


@pytest.fixture
def evaluator():
    return actor_for(User.objects.get(username="kaohe"))


@pytest.fixture
def plan():
    return Plan.objects.get(year=2025)
