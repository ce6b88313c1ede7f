import json
import os
import shutil
import stat
import subprocess
import sys
from collections import namedtuple

import pytest

from chengyun.config import environment, startup

LONG = "x" * 40
Usage = namedtuple("Usage", "total used free")


def test_default_secrets_are_faults():
    faults = startup.secret_faults(environment.DEFAULT_SECRET_KEY, environment.DEFAULT_SEAL_KEY)
    assert [("CHENGYUN_SECRET_KEY" in faults[0]), ("CHENGYUN_SEAL_KEY" in faults[1])] == [True, True]


def test_long_secrets_of_ones_own_are_not():
    assert startup.secret_faults(LONG, LONG) == []


@pytest.mark.parametrize(("free_mb", "faults"), [(100, 1), (1024, 1), (60_000, 0)])
def test_an_almost_full_disk_is_a_fault(monkeypatch, tmp_path, free_mb, faults):
    usage = Usage(total=100_000 * 1024 * 1024, used=0, free=free_mb * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert len(startup.disk_faults(tmp_path / "not" / "yet")) == faults


def chengyun(tmp_path, *arguments, **variables):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHENGYUN_")}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "chengyun", *arguments],
        env={**inherited, "PYTHONPATH": os.pathsep.join(sys.path), "CHENGYUN_DATA": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_refuses_default_secrets_in_a_sentence(tmp_path):
    result = chengyun(tmp_path, "check", CHENGYUN_MODE="production")
    assert result.returncode == 1
    assert "CHENGYUN_SECRET_KEY" in result.stderr
    assert "Traceback" not in result.stderr


def test_production_starts_with_secrets(tmp_path):
    secrets = {"CHENGYUN_SECRET_KEY": LONG, "CHENGYUN_SEAL_KEY": LONG}
    assert chengyun(tmp_path, "check", CHENGYUN_MODE="production", **secrets).returncode == 0


def test_a_data_directory_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    result = chengyun(tmp_path / "file" / "data", "setup")
    assert "CHENGYUN_DATA" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_written_is_for_its_owner_alone(tmp_path):
    chengyun(tmp_path / "data", "setup", "--without-administrator")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "data").iterdir()}
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def test_an_import_is_refused_on_a_full_disk(tmp_path):
    everything = {f"CHENGYUN_DISK_{name}_MB": str(10**9) for name in ("WARN", "NO_UPLOADS")}
    result = chengyun(tmp_path, "import", "hotline", "x.csv", **everything)
    assert (result.returncode, "磁盘空间不足" in result.stderr) == (1, True)


def test_the_doctor_names_an_unreachable_database_without_its_password(tmp_path):
    address = "postgres://chengyun:geheim@127.0.0.1:1/x"
    result = chengyun(tmp_path, "doctor", "--json", CHENGYUN_DATABASE=address)
    findings = {each["code"]: each["level"] for each in json.loads(result.stdout)}
    assert (result.returncode, findings["database"]) == (1, "fault")
    assert "geheim" not in result.stdout + result.stderr


def test_the_doctor_names_settings_that_cannot_be_read(tmp_path):
    result = chengyun(tmp_path, "doctor", "--json", CHENGYUN_LOG_DAYS="30")
    assert "CHENGYUN_LOG_DAYS" in json.loads(result.stdout)[0]["said"]
    assert result.returncode == 1
