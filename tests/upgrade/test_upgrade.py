"""An installation of an older release, with a county's data in it, goes on with this one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.installation import own_database
from tests.upgrade import loading

pytestmark = pytest.mark.slow
# Django's own lists grow with every table that is new.
GROW = ("django_migrations", "django_content_type", "auth_permission")
QUESTIONS = "tests.upgrade.questions"


@pytest.fixture(scope="module", params=loading.RELEASES)
def upgraded(
    request: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[loading.Upgraded, dict[str, int]]]:
    directory = tmp_path_factory.mktemp("upgrade")
    with own_database(directory) as database:
        installation = loading.Upgraded(directory, database)
        counts = loading.load(request.param, installation)
        installation.chengyun("migrate", "--no-input")
        if database:
            installation.ask("rebase", module=QUESTIONS)
        yield installation, counts


def test_no_row_is_lost_and_none_is_made_up(upgraded):
    installation, before = upgraded
    compared = {table: count for table, count in before.items() if table not in GROW}
    assert len(compared) > 40
    assert installation.ask("counts", module=QUESTIONS, tables=list(compared)) == compared


def test_history_verifies_with_its_pictures(upgraded):
    installation, _before = upgraded
    assert "历史记录完好" in installation.chengyun("audit", "verify", "--files")


def test_ten_pages_answer(upgraded):
    installation, _before = upgraded
    answers = installation.ask("answers", module=QUESTIONS)
    assert len(answers) >= 10
    assert {page: status for page, status in answers.items() if status != 200} == {}


def test_a_step_can_be_taken_and_is_told(upgraded):
    installation, _before = upgraded
    assert installation.ask("accept_one", module=QUESTIONS)[-1] == "accept"
    assert installation.ask("undelivered", module=QUESTIONS) == 0
    assert "历史记录完好" in installation.chengyun("audit", "verify")
