from types import SimpleNamespace

import pytest


@pytest.fixture
def auditor():
    return SimpleNamespace(user_id=3, name="审计员甲")
