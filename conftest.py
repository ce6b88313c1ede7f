"""What every test may ask for, and an honest account of what did not run.

A test that needs something absent is reported as «not run: why». Under CHENGYUN_CI=1 absence is failure; only
tests about one database on the run with the other do not count, because the other run has them.
"""

from __future__ import annotations

import math
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

# How fast a machine is at the moment is no property of the program.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

ROOT = Path(__file__).resolve().parent
IN_CI = os.environ.get("CHENGYUN_CI") == "1"
NOT_RUN = "not run: "
OTHER_DATABASE = {
    "postgres": NOT_RUN + "needs PostgreSQL (set CHENGYUN_DATABASE)",
    "sqlite": NOT_RUN + "is about SQLite (the run without CHENGYUN_DATABASE has it)",
    "looks": NOT_RUN + "looks alike on every database (the run without CHENGYUN_DATABASE has it)",
}
RUNS_ON = {"postgres": "postgresql", "sqlite": "sqlite", "looks": "sqlite"}
# In this order processes take their files: one that takes minutes must not be the last to begin.
LONG = ("slow", "browser")
# Folders whose files share a set-up that takes long: one process has them all.
TOGETHER = ("tests/insight/year",)
CHROMIUM_PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def shared_directory() -> Path:
    return Path(os.environ.get("CHENGYUN_SHARED") or ROOT.parent / "shared").resolve()


def chromium_program() -> str:
    """The browser of the tests, or a blank where there is none."""
    places = [os.environ.get("CHENGYUN_CHROMIUM", ""), *CHROMIUM_PLACES]
    return next((place for place in places if place and Path(place).exists()), "")


def absent(what: str) -> None:
    """Here the test cannot run: fails in CI, is reported as not run elsewhere."""
    if IN_CI:
        pytest.fail(NOT_RUN + what, pytrace=False)
    pytest.skip(NOT_RUN + what)


@pytest.fixture(scope="session")
def shared() -> Path:
    directory = shared_directory()
    if not directory.is_dir():
        absent(f"no shared material at {directory} (set CHENGYUN_SHARED)")
    return directory


@pytest.fixture(scope="session")
def chromium() -> str:
    program = chromium_program()
    if not program:
        absent("no Chromium (set CHENGYUN_CHROMIUM)")
    return program


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a process remembers of the database does not age within a test, however slow, and is gone with it."""
    from django.apps import apps

    if not apps.ready:
        yield
        return
    from chengyun.core import calendars, configuration
    from chengyun.people import duty
    from chengyun.regions import locate

    monkeypatch.setattr(configuration, "RECHECK_S", math.inf)
    monkeypatch.setattr(calendars, "RECHECK_S", math.inf)
    monkeypatch.setattr(locate, "CHECK_AFTER_SECONDS", math.inf)
    yield
    configuration.forget()
    calendars.forget()
    duty.forget()
    locate.forget()
    if "chengyun.insight.facts.session" in sys.modules:
        sys.modules["chengyun.insight.facts.session"].forget()


@pytest.fixture(autouse=True)
def no_words_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """The search index is no model: the flush after a test that commits leaves its rows to the next case 1."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.db import connection

        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM cases_search")


def database_in_use() -> str:
    from django.db import connection

    return connection.vendor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks: dict[Path, int] = {}
    for item in items:
        rank = next((place for place, name in enumerate(LONG) if item.get_closest_marker(name)), len(LONG))
        ranks[item.path] = min(rank, ranks.get(item.path, rank))
    items.sort(key=lambda item: ranks[item.path])


class ByFile(LoadFileScheduling):
    """Whole files, and whole folders of TOGETHER, stay on one process."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        return next((folder for folder in TOGETHER if path.startswith(f"{folder}/")), path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, reason in OTHER_DATABASE.items():
        if item.get_closest_marker(marker) and database_in_use() != RUNS_ON[marker]:
            pytest.skip(reason)
    if item.get_closest_marker("browser") and not chromium_program():
        absent("no Chromium (set CHENGYUN_CHROMIUM)")
    if item.get_closest_marker("shared") and not shared_directory().is_dir():
        absent(f"no shared material at {shared_directory()} (set CHENGYUN_SHARED)")


def reasons_of_skips(terminal: TerminalReporter) -> Counter[str]:
    reports = [report for report in terminal.stats.get("skipped", []) if isinstance(report.longrepr, tuple)]
    return Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    for reason, count in sorted(reasons_of_skips(terminalreporter).items()):
        terminalreporter.write_line(f"{count} {reason if reason.startswith(NOT_RUN) else NOT_RUN + reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing is skipped in silence, whoever skipped it."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if not IN_CI or terminal is None or hasattr(session.config, "workerinput"):
        return
    silent = set(reasons_of_skips(terminal)) - set(OTHER_DATABASE.values())
    if silent and session.exitstatus == pytest.ExitCode.OK:
        terminal.write_line(f"Failed: in CI every test runs, these were skipped: {'; '.join(sorted(silent))}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
