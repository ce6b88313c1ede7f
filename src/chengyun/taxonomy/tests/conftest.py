from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from chengyun.taxonomy.services.loading import load_catalogues


@pytest.fixture(scope="module")
def catalogues(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The national catalogues, loaded once for the tests of a module; each test takes back only its own changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_catalogues()
        yield
        transaction.set_rollback(True)
