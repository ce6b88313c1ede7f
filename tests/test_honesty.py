"""The suite tells what it did not run, and in CI takes absence for failure."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_one(tmp_path: Path, body: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test_one.py").write_text(body, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHENGYUN_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", "-q", "test_one.py"]
    return subprocess.run(
        command, cwd=tmp_path, env={**inherited, **environment}, capture_output=True, text=True, check=False
    )


READS_SHARED = "def test_it(shared):\n    assert shared\n"
SKIPS = "import pytest\n\ndef test_it():\n    pytest.skip('no wish')\n"


def test_absent_material_is_reported_as_not_run(tmp_path):
    result = run_one(tmp_path, READS_SHARED, CHENGYUN_SHARED="/nowhere")
    assert result.returncode == 0
    assert "1 not run: no shared material at /nowhere" in result.stdout


def test_absent_material_fails_in_ci(tmp_path):
    result = run_one(tmp_path, READS_SHARED, CHENGYUN_SHARED="/nowhere", CHENGYUN_CI="1")
    assert result.returncode == 1


def test_any_skip_is_told(tmp_path):
    assert "1 not run: no wish" in run_one(tmp_path, SKIPS).stdout


def test_any_skip_fails_in_ci(tmp_path):
    result = run_one(tmp_path, SKIPS, CHENGYUN_CI="1")
    assert result.returncode == 1 and "in CI every test runs, these were skipped: no wish" in result.stdout
