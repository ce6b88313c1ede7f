"""A release's database with data, for the upgrade test of the releases after it.

Run with the code of that release checked out (this file may be copied there), once per release:

    python scripts/upgrade_fixture.py 0.1.0 postgres://USER:PASSWORD@HOST:PORT/EMPTY_DATABASE

It builds the small demo county on SQLite and in that empty PostgreSQL database and writes `county.sqlite3.xz`,
`county.sql.xz` and `files.tar.xz` into tests/upgrade/RELEASE. The seals are signed with the known key of a development
installation.
"""

from __future__ import annotations

import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEAL_KEY = "insecure-development-seal-key"
COMMANDS = (("setup", "--without-administrator"), ("demo", "--scale", "small"), ("worker", "--once"))
# Plain INSERTs: any PostgreSQL driver can load them, and they do not depend on the order of a table's columns.
PG_DUMP = ("pg_dump", "--no-owner", "--no-privileges", "--column-inserts", "--rows-per-insert=200")


def build(directory: Path, database: str) -> None:
    own = {"CHENGYUN_DATA": str(directory), "CHENGYUN_SEAL_KEY": SEAL_KEY, "PYTHONPATH": str(ROOT / "src")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CHENGYUN_")}
    environment |= own | ({"CHENGYUN_DATABASE": database} if database else {})
    for command in COMMANDS:
        subprocess.run([sys.executable, "-m", "chengyun", *command], env=environment, check=True, cwd=ROOT)


def packed(content: bytes, target: Path) -> None:
    target.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))


def keep_sqlite(directory: Path, target: Path) -> None:
    copy = directory / "copy.sqlite3"
    with closing(sqlite3.connect(directory / "chengyun.sqlite3")) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    packed(copy.read_bytes(), target / "county.sqlite3.xz")


def keep_files(directory: Path, target: Path) -> None:
    with tarfile.open(target / "files.tar.xz", "w:xz") as archive:
        archive.add(directory / "files" / "originals", "originals")


def main() -> None:
    release, postgres = sys.argv[1:]
    target = ROOT / "tests" / "upgrade" / release
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        build(directory / "sqlite", "")
        keep_sqlite(directory / "sqlite", target)
        build(directory / "postgres", postgres)
        dump = subprocess.run([*PG_DUMP, postgres], check=True, capture_output=True).stdout
        packed(dump, target / "county.sql.xz")
        # The demo's pictures are drawn alike every time: one set serves both databases.
        keep_files(directory / "sqlite", target)


if __name__ == "__main__":
    main()
