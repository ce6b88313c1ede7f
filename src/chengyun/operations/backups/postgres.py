"""PostgreSQL: pg_dump inside a snapshot of ours, so that what we count is what it writes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from chengyun.operations.backups import facts
from chengyun.operations.backups.manifest import BackupFault, sync

NAME = "database.pgdump"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
LAST_WORDS = 400


def dump(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
    from psycopg import IsolationLevel

    program = binary("pg_dump")
    with _connect(settings) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True

        def ask(question: str) -> facts.Rows:
            return list(connection.execute(question).fetchall())

        snapshot = ask("SELECT pg_export_snapshot()")[0][0]
        target = folder / NAME
        _run([program, "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"], settings)
        told = facts.read(ask, [name for (name,) in ask(TABLES)])
    target.chmod(0o600)
    sync(target)
    return told


def lay(backup_file: Path, settings: dict[str, Any]) -> None:
    """Into an empty database, whole or not at all."""
    command = [binary("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run([*command, f"--dbname={settings['NAME']}", str(backup_file)], settings)


def is_empty(settings: dict[str, Any]) -> bool:
    with _connect(settings) as connection:
        return connection.execute(TABLES + " LIMIT 1").fetchone() is None


def binary(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupFault(
            _("找不到 %(name)s，请安装与服务器同版本的 PostgreSQL 客户端（apt install postgresql-client）。")
            % {"name": name}
        )
    return found


def environment(settings: dict[str, Any]) -> dict[str, str]:
    """The address as libpq's own variables: no password on a command line that others can read."""
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    return {**os.environ, "LC_ALL": "C", **{name: str(value) for name, value in given.items() if value}}


def _run(command: list[str], settings: dict[str, Any]) -> None:
    done = subprocess.run(command, env=environment(settings), capture_output=True, text=True, check=False)
    if done.returncode:
        words = done.stderr.strip()[-LAST_WORDS:]
        message = _("%(name)s 失败：%(words)s")
        raise BackupFault(message % {"name": Path(command[0]).name, "words": words})


def _connect(settings: dict[str, Any]) -> Any:
    import psycopg

    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    given = {name: settings[key] for key, name in names.items() if settings[key]}
    try:
        return psycopg.connect(**given)
    except psycopg.OperationalError as error:
        message = _("连不上数据库 %(name)s，请检查地址、口令和服务器是否在运行。")
        raise BackupFault(message % {"name": settings["NAME"]}) from error
