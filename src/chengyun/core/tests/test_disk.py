"""Refusals of a full disk, with a fake statvfs and with a real small file system."""

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest

from chengyun.core import disk
from chengyun.core.disk import Level

MB = 1024 * 1024
FOLDERS = disk.folders


@pytest.fixture(autouse=True)
def limits(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "folders", lambda: [tmp_path])
    settings.DISK_WARN_BYTES, settings.DISK_NO_UPLOADS_BYTES, settings.DISK_NO_WRITES_BYTES = 20 * MB, 10 * MB, 4 * MB


def fake(monkeypatch, *, free_mb=1000, inodes=10**6, total_inodes=10**7):
    told = SimpleNamespace(f_bavail=free_mb * 256, f_frsize=4096, f_favail=inodes, f_files=total_inodes)
    monkeypatch.setattr(os, "statvfs", lambda folder: told)


@pytest.mark.parametrize(
    ("free_mb", "level"), [(1000, Level.OK), (19, Level.LOW), (9, Level.NO_UPLOADS), (3, Level.NO_WRITES)]
)
def test_less_room_is_a_higher_level(monkeypatch, free_mb, level):
    fake(monkeypatch, free_mb=free_mb)
    assert disk.state().level == level


@pytest.mark.parametrize(("inodes", "level"), [(9_000, Level.LOW), (900, Level.NO_UPLOADS), (90, Level.NO_WRITES)])
def test_inodes_run_out_as_well(monkeypatch, inodes, level):
    fake(monkeypatch, inodes=inodes)
    assert disk.state().level == level


def test_a_file_system_without_a_number_of_inodes_is_not_full(monkeypatch):
    fake(monkeypatch, inodes=0, total_inodes=0)
    assert disk.state().level == Level.OK


def test_an_upload_that_would_fill_the_disk_is_refused(monkeypatch):
    fake(monkeypatch, free_mb=30)
    disk.refuse_when_low(MB)
    with pytest.raises(disk.DiskFull):
        disk.refuse_when_low(25 * MB)


def test_a_folder_that_is_not_there_yet_is_asked_of_its_parent(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "not" / "yet"
    assert FOLDERS()[0] == tmp_path


@pytest.fixture
def small_disk(tmp_path, settings):
    """A file system of 32 MB; where none may be mounted, the large one with limits just as far away."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
        yield tmp_path
        subprocess.run(["umount", str(tmp_path)], check=True)
        return
    away = shutil.disk_usage(tmp_path).free - 32 * MB
    for name in ("DISK_WARN_BYTES", "DISK_NO_UPLOADS_BYTES", "DISK_NO_WRITES_BYTES"):
        setattr(settings, name, getattr(settings, name) + away)
    yield tmp_path


def test_a_real_disk_goes_through_all_levels(small_disk):
    levels = [disk.state().level]
    for number, mb in enumerate((14, 10, 5)):
        (small_disk / str(number)).write_bytes(bytes(mb * MB))
        levels.append(disk.state().level)
    assert levels == [Level.OK, Level.LOW, Level.NO_UPLOADS, Level.NO_WRITES]
