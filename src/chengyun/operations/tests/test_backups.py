"""Parts of a backup by themselves; the whole, with a server writing beside it, is in tests/operations."""

import dataclasses
import datetime as dt
import hashlib
import io
import json
import shutil

import pytest
from django.core.files.base import ContentFile

from chengyun.core import files, instants
from chengyun.operations import backups, jobs
from chengyun.operations.backups import BackupFault, crypt, making, manifest, pictures, postgres, restoring, store
from chengyun.operations.backups.crypt import Cipher, WrongPassphrase
from chengyun.people.access import SYSTEM

PASSPHRASE = "eine lange Passphrase"
MOMENT = dt.datetime(2026, 3, 1, 20, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"
    return tmp_path / "backups"


def picture(number=0):
    return files.store(ContentFile(f"%PDF-1.7\n%{number}\n".encode(), name="a.pdf"), by=SYSTEM)


def back_up(place, *, hours=0, keep=5, passphrase=""):
    with instants.at(MOMENT + dt.timedelta(hours=hours)):
        return backups.back_up(place, keep=keep, passphrase=passphrase)


def test_a_backup_names_itself_after_its_moment_and_checks(place):
    picture()
    done = back_up(place)
    told = restoring.checked(done)
    assert done.name == "chengyun-20260301T200000Z"
    assert told.rows["core_storedfile"] == 1
    assert len(told.files) == 2


def test_the_second_backup_links_what_the_first_has(place):
    stored = picture()
    first, second = back_up(place), back_up(place, hours=1)
    path = pictures.path_of(stored.sha256, encrypted=False)
    assert (first / path).stat().st_ino == (second / path).stat().st_ino
    assert (first / path).stat().st_ino != pictures.original_in(
        place.parent / "data" / "files", stored.sha256
    ).stat().st_ino


def test_what_a_killed_backup_left_is_used_and_removed(place):
    stored = picture()
    first = back_up(place)
    left = place / "chengyun-20260301T190000Z.part"
    first.replace(left)
    (left / manifest.NAME).unlink()
    inode = (left / pictures.path_of(stored.sha256, encrypted=False)).stat().st_ino
    second = back_up(place, hours=1)
    assert (second / pictures.path_of(stored.sha256, encrypted=False)).stat().st_ino == inode
    assert not left.exists()


def test_a_picture_that_is_gone_is_told(place):
    stored = picture()
    shutil.rmtree(place.parent / "data" / "files")
    assert manifest.read(back_up(place)).missing == [stored.sha256]


def test_only_the_newest_are_kept(place):
    for hours in range(4):
        back_up(place, hours=hours, keep=2)
    assert [each.name[-7:] for each in store.complete(place)] == ["220000Z", "230000Z"]


def test_two_at_once_are_refused(place, settings):
    with store.alone(settings.DATA_DIR, place), pytest.raises(BackupFault, match="另一个备份"):
        back_up(place)


@pytest.mark.sqlite
def test_a_full_disk_is_no_place_for_a_backup(place, settings):
    settings.DISK_NO_UPLOADS_BYTES = 10**18
    with pytest.raises(BackupFault, match="磁盘空间不够"):
        making.refuse_without_room(place)


@pytest.mark.parametrize("change", ["cut", "bit", "gone"])
def test_a_damaged_file_is_named(place, change):
    picture()
    done = back_up(place)
    [each] = [each for each in manifest.read(done).files if each.path.startswith("files/")]
    file = done / each.path
    content = file.read_bytes()
    file.unlink()
    if change != "gone":
        file.write_bytes(content[:-1] if change == "cut" else bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(BackupFault, match=each.path):
        restoring.checked(done)


def test_a_changed_manifest_is_refused(place):
    done = back_up(place)
    (done / manifest.NAME).write_text((done / manifest.NAME).read_text().replace("core_event", "core_evil"))
    with pytest.raises(BackupFault, match="清单"):
        restoring.checked(done)


def test_a_manifest_of_a_later_format_is_refused(place):
    done = back_up(place)
    values = json.loads((done / manifest.NAME).read_text()) | {"format": 99}
    content = json.dumps(values).encode()
    manifest.durable(done / manifest.NAME, content)
    manifest.durable(done / f"{manifest.NAME}.sha256", hashlib.sha256(content).hexdigest().encode())
    with pytest.raises(BackupFault, match="升级"):
        manifest.read(done)


class TestEncryption:
    def test_nothing_is_in_plain(self, place, settings):
        picture(4711)
        done = back_up(place, passphrase=PASSPHRASE)
        content = b"".join(file.read_bytes() for file in done.rglob("*") if file.is_file() and file.suffix == ".enc")
        assert b"SQLite format" not in content and b"PGDMP" not in content and b"%PDF" not in content
        assert not (settings.DATA_DIR / making.DRAFT).exists()

    def test_the_next_one_links_with_the_same_passphrase_and_not_with_another(self, place):
        path = pictures.path_of(picture().sha256, encrypted=True)
        first = back_up(place, passphrase=PASSPHRASE)
        second = back_up(place, hours=1, passphrase=PASSPHRASE)
        third = back_up(place, hours=2, passphrase=PASSPHRASE + "!")
        inodes = [(backup / path).stat().st_ino for backup in (first, second, third)]
        assert inodes[0] == inodes[1] != inodes[2]

    def test_a_short_passphrase_is_refused(self):
        with pytest.raises(BackupFault, match="太短"):
            Cipher.new("kurz")

    def test_another_passphrase_is_told(self):
        with pytest.raises(WrongPassphrase):
            Cipher.of("eine andere Passphrase", Cipher.new(PASSPHRASE).parameters)

    @pytest.mark.parametrize("size", [0, 1, crypt.PIECE - 1, crypt.PIECE, crypt.PIECE + 1, 3 * crypt.PIECE])
    def test_any_length_comes_back(self, size):
        cipher, content = Cipher.new(PASSPHRASE), bytes(range(256)) * (size // 256 + 1)
        packed, plain = io.BytesIO(), io.BytesIO()
        cipher.encrypt(io.BytesIO(content[:size]), packed)
        cipher.decrypt(io.BytesIO(packed.getvalue()), plain)
        assert plain.getvalue() == content[:size]

    @pytest.mark.parametrize("cut", [1, crypt.TAG, crypt.PIECE + crypt.TAG, 2 * (crypt.PIECE + crypt.TAG)])
    def test_a_cut_end_is_noticed(self, cut):
        cipher, packed = Cipher.new(PASSPHRASE), io.BytesIO()
        cipher.encrypt(io.BytesIO(bytes(2 * crypt.PIECE + 5)), packed)
        with pytest.raises(BackupFault):
            cipher.decrypt(io.BytesIO(packed.getvalue()[:-cut]), io.BytesIO())


class TestNight:
    @pytest.fixture(autouse=True)
    def at_half_past_two(self, settings, place):
        settings.BACKUP_AT, settings.BACKUP_DIR = dt.time(2, 30), place

    def test_without_any_it_is_due(self):
        assert jobs.is_backup_due(MOMENT)

    def test_after_the_nights_it_is_not(self, place):
        back_up(place)  # 04:00 in Shanghai
        assert not jobs.is_backup_due(MOMENT + dt.timedelta(hours=22))
        assert jobs.is_backup_due(MOMENT + dt.timedelta(hours=23))

    def test_without_an_hour_it_never_is(self, settings):
        settings.BACKUP_AT = None
        assert not jobs.is_backup_due(MOMENT)


@pytest.mark.postgres
def test_a_missing_pg_dump_is_a_sentence(place, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupFault, match="postgresql-client"):
        back_up(place)


@pytest.mark.postgres
def test_an_unreachable_server_is_a_sentence(settings):
    with pytest.raises(BackupFault, match="连不上"):
        postgres.is_empty({"HOST": "127.0.0.1", "PORT": "1", "USER": "x", "PASSWORD": "geheim", "NAME": "x"})


@pytest.mark.parametrize("path", ["../outside", "/tmp/outside", "env", "files/../../outside", "files/ab/short"])
def test_a_manifest_that_names_other_files_is_not_laid_out(place, path):
    done = back_up(place)
    told = manifest.read(done)
    dataclasses.replace(told, files=[*told.files, manifest.Kept(path, 0, "")]).write(done)
    with pytest.raises(BackupFault, match="不属于备份"):
        restoring.checked(done)
