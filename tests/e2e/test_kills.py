"""Killing any process at any moment loses nothing that was acknowledged (DESIGN §8)."""

import pytest

from tests.e2e.killing import ENOUGH, Killing, faults_after


@pytest.mark.slow
def test_ten_kills_lose_nothing_acknowledged(running):
    killing = Killing(running.installation, running.county, seed=1)
    killing.run(kills=10)
    assert len(killing.ledger.reports) >= ENOUGH
    assert killing.ledger.step_count >= ENOUGH
    assert faults_after(killing) == []
