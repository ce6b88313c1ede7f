"""The drill: back up while people work, lose the machine, restore elsewhere, and prove that nothing is missing."""

from __future__ import annotations

import json
import os
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chengyun.operations.backups import manifest
from tests.e2e.installation import ROOT, Installation, installed, own_database
from tests.e2e.people import Person

pytestmark = pytest.mark.slow
SAID = re.compile(r"备份 (\S+)：")
QUESTIONS = "tests.operations.questions"
KILLS = 3


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, dict[str, Any]]]:
    with installed(tmp_path_factory.mktemp("drill")) as installation:
        county = installation.ask("small_county")
        installation.ask("fill", module=QUESTIONS, pictures=150)
        installation.start_all()
        yield installation, county


@pytest.fixture
def busy(working) -> Iterator[list[str]]:
    """Somebody reports all the time; the list holds the words that were acknowledged."""
    installation, county = working
    person = Person(installation.address, county["by_role"]["receiver"]).log_in()
    acknowledged: list[str] = []
    done = threading.Event()

    def report() -> None:
        lon, lat = county["point"]
        while not done.is_set():
            words = f"演练 {os.getpid()} {len(acknowledged)} {random.random()}"
            report = {"key": secrets.token_hex(16), "words": words, "title": "路灯不亮", "location": f"{lon},{lat}"}
            answer = person.post("/report/new", source="public", address="迎宾路1号", **report)
            assert answer.status_code == 302, answer.text[-2000:]
            acknowledged.append(words)

    thread = threading.Thread(target=report)
    thread.start()
    yield acknowledged
    done.set()
    thread.join()


def restored(installation: Installation, backup: str, target: Path, *extra: str) -> str:
    return installation.chengyun("restore", backup, "--into", str(target), *extra)


def test_a_backup_beside_a_writing_server_restores_whole(working, busy, tmp_path):
    installation, _county = working
    while len(busy) < 5:
        time.sleep(0.05)
    before = list(busy)
    [backup] = SAID.findall(installation.chengyun("backup", str(tmp_path / "backups")))
    while len(busy) < len(before) + 5:
        time.sleep(0.05)
    with own_database(tmp_path) as database:
        target = Installation(tmp_path / "restored", database)
        said = restored(installation, backup, target.directory, *(["--database", database] if database else []))
        assert "核验通过" in said
        assert "原库中此后还有" in said
        assert target.ask("judged", module=QUESTIONS, words=before) == []


def test_kills_leave_no_half_backup_and_the_next_goes_on(working, tmp_path):
    installation, _county = working
    place, chance = tmp_path / "backups", random.Random(1)
    command = [sys.executable, "-m", "chengyun", "backup", str(place)]
    for _number in range(KILLS):
        child = subprocess.Popen(command, cwd=ROOT, env=installation.environment(), start_new_session=True)
        deadline = time.monotonic() + 30
        while not list(place.glob("*.part")) and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.3)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        assert_complete_ones_are_whole(place)
    installation.chengyun("backup", str(place))
    assert list(place.glob("*.part")) == []
    assert list(place.glob("*Z"))
    assert_complete_ones_are_whole(place)


def assert_complete_ones_are_whole(place: Path) -> None:
    for complete in place.glob("*Z"):
        assert list(manifest.faults(complete, manifest.read(complete))) == []


def test_an_encrypted_backup_restores_with_its_passphrase_alone(working, tmp_path, monkeypatch):
    installation, _county = working
    monkeypatch.setattr(
        Installation,
        "environment",
        lambda self, plain=Installation.environment: {**plain(self), "CHENGYUN_BACKUP_PASSPHRASE": secret[0]},
    )
    secret = ["eine lange Passphrase"]
    [backup] = SAID.findall(installation.chengyun("backup", str(tmp_path / "backups")))
    with own_database(tmp_path) as database:
        extra = ["--database", database] if database else []
        assert "核验通过" in restored(installation, backup, tmp_path / "restored", *extra)
    secret[0] = "eine andere Passphrase"
    with own_database(tmp_path) as database:
        extra = ["--database", database] if database else []
        assert "恢复" not in restored_refused(installation, backup, tmp_path / "other", *extra)
    assert not (tmp_path / "other").exists()


def restored_refused(installation: Installation, backup: str, target: Path, *extra: str) -> str:
    command = [sys.executable, "-m", "chengyun", "restore", backup, "--into", str(target), *extra]
    result = subprocess.run(
        command, cwd=ROOT, env=installation.environment(), capture_output=True, text=True, check=False
    )
    assert result.returncode, result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr


def test_what_is_there_is_never_overwritten(working, tmp_path):
    installation, _county = working
    [backup] = SAID.findall(installation.chengyun("backup", str(tmp_path / "backups")))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("")
    assert "不是空目录" in restored_refused(installation, backup, tmp_path / "full")
    if installation.database:
        extra = ["--database", installation.database]
        assert "已有表" in restored_refused(installation, backup, tmp_path / "new", *extra)


def test_rows_that_went_missing_on_the_way_are_told(working, tmp_path):
    """As if somebody had touched the restored database before it was verified."""
    installation, _county = working
    [backup] = SAID.findall(installation.chengyun("backup", str(tmp_path / "backups")))
    with own_database(tmp_path) as database:
        target = Installation(tmp_path / "restored", database)
        restored(installation, backup, target.directory, *(["--database", database] if database else []))
        target.ask("lose_a_step", module=QUESTIONS)
        said = target.chengyun("restore", backup, "--finish", check=False)
        assert "cases_step 应有" in said


def test_a_changed_key_is_named_instead_of_a_thousand_faults(working, tmp_path):
    installation, _county = working
    [backup] = SAID.findall(installation.chengyun("backup", str(tmp_path / "backups")))
    told = json.loads((Path(backup) / "manifest.json").read_text())
    if not told["seal_keys"]:
        pytest.fail("the drill's county has no seal")
    data = tmp_path / "elsewhere"
    shutil.copytree(installation.directory, data, ignore=shutil.ignore_patterns("*.log", "backups"))
    (data / "env").write_text("CHENGYUN_SEAL_KEY=another-key-altogether-of-enough-length\n")
    other = Installation(data, installation.database)
    with own_database(tmp_path) as database:
        extra = ["--database", database] if database else []
        command = [sys.executable, "-m", "chengyun", "restore", backup, "--into", str(tmp_path / "restored"), *extra]
        result = subprocess.run(command, cwd=ROOT, env=other.environment(), capture_output=True, text=True, check=False)
    assert result.returncode
    assert "CHENGYUN_SEAL_KEY" in result.stdout
