"""Killing any process at any moment loses nothing that was acknowledged (DESIGN §8)."""

import pytest

from tests.e2e.killing import Killing, faults_after


@pytest.mark.slow
def test_ten_kills_lose_nothing_acknowledged(running):
    killing = Killing(running.installation, running.county, seed=1)
    killing.run(kills=10)
    assert len(killing.ledger.reports) > 20
    assert killing.ledger.step_count > 20
    assert faults_after(killing) == []
