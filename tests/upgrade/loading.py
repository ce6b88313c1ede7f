"""Puts a release's kept database (scripts/upgrade_fixture.py) into an installation, as before the update."""

from __future__ import annotations

import io
import lzma
import re
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

from tests.e2e.installation import Installation

HERE = Path(__file__).resolve().parent
RELEASES = sorted(each.name for each in HERE.iterdir() if (each / "county.sql.xz").exists())
SEAL_KEY = "insecure-development-seal-key"
# Instructions to psql, not to the database.
FOR_PSQL = re.compile(rb"^\\(un)?restrict .*$", re.MULTILINE)
TABLES_SQLITE = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%search%'"
)
TABLES_POSTGRES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def load(release: str, installation: Installation) -> dict[str, int]:
    """Count of rows of each table of the release."""
    installation.directory.mkdir(parents=True, exist_ok=True)
    unpack_files(release, installation.directory / "files")
    return load_postgres(release, installation) if installation.database else load_sqlite(release, installation)


def content(release: str, name: str) -> bytes:
    return lzma.decompress((HERE / release / name).read_bytes())


def unpack_files(release: str, target: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(content(release, "files.tar.xz"))) as archive:
        archive.extractall(target, filter="data")


def load_sqlite(release: str, installation: Installation) -> dict[str, int]:
    file = installation.directory / "chengyun.sqlite3"
    file.write_bytes(content(release, "county.sqlite3.xz"))
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute(TABLES_SQLITE)]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def load_postgres(release: str, installation: Installation) -> dict[str, int]:
    import psycopg

    script = FOR_PSQL.sub(b"", content(release, "county.sql.xz"))
    with psycopg.connect(installation.database, autocommit=True) as connection:
        connection.execute(script)
        # The dump ends with an empty search path.
        names = [name for (name,) in connection.execute(TABLES_POSTGRES).fetchall()]
        return {name: connection.execute(f'SELECT count(*) FROM public."{name}"').fetchone()[0] for name in names}


class Upgraded(Installation):
    """Signs and verifies with the key that the kept seals were made with."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"CHENGYUN_SEAL_KEY": SEAL_KEY}
