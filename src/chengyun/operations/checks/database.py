"""The database: reached, new enough, durable, up to date, and filled."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from chengyun.operations.checks.finding import Finding, fault, ok, warning
from chengyun.people.models import User
from chengyun.regions.models import RegionVersion
from chengyun.taxonomy.models import MinorClass

LEAST_SQLITE = (3, 35)
LEAST_POSTGRES = 14
# SQLite's own numbers for `synchronous`.
FULL = 2


def _one(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def reachable() -> Iterator[Finding]:
    try:
        _one("SELECT 1")
    except DatabaseError as error:
        # The first line names the place; none names the password.
        why = str(error).strip().splitlines()[0] if str(error) else type(error).__name__
        said = _("连不上数据库：%(why)s。") % {"why": why}
        yield fault("database", said, _("请检查 CHENGYUN_DATABASE，以及数据库是否在运行。"))
    else:
        yield ok("database", _("数据库可以访问。"))


def version() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        import sqlite3

        found, is_old = f"SQLite {sqlite3.sqlite_version}", sqlite3.sqlite_version_info < LEAST_SQLITE
        remedy = _("请换用自带较新 SQLite（3.35 以上）的 Python。")
    else:
        number = int(str(_one("SELECT current_setting('server_version_num')")))
        found, is_old = f"PostgreSQL {number // 10000}.{number % 10000}", number < LEAST_POSTGRES * 10000
        remedy = _("请升级到 PostgreSQL 14 或更新的版本。")
    said = _("数据库是 %(version)s。") % {"version": found}
    yield fault("database_version", said, remedy) if is_old else ok("database_version", said)


def durability() -> Iterator[Finding]:
    """A row that was acknowledged outlives a power cut only with these."""
    wrong = list(_sqlite_settings() if connection.vendor == "sqlite" else _postgres_settings())
    for each in wrong:
        said = _("数据库设置 %(setting)s 不当。") % {"setting": each}
        yield fault(
            "database_settings",
            said,
            _("请改为程序的默认值：WAL 与 FULL，或 fsync、synchronous_commit 打开，jit 关闭。"),
        )
    if not wrong:
        yield ok("database_settings", _("数据库设置保证断电不丢已确认的数据。"))


def _sqlite_settings() -> Iterator[str]:
    mode, synchronous = _one("PRAGMA journal_mode"), _one("PRAGMA synchronous")
    if mode != "wal":
        yield f"journal_mode={mode}"
    if not isinstance(synchronous, int) or synchronous < FULL:
        yield f"synchronous={synchronous}"


def _postgres_settings() -> Iterator[str]:
    for name, good in (("fsync", "on"), ("full_page_writes", "on"), ("jit", "off")):
        if (found := _one(f"SELECT current_setting('{name}')")) != good:
            yield f"{name}={found}"
    if (found := _one("SELECT current_setting('synchronous_commit')")) in ("off", "local"):
        yield f"synchronous_commit={found}"


def encoding() -> Iterator[Finding]:
    if connection.vendor == "postgresql" and (found := _one("SHOW server_encoding")) != "UTF8":
        said = _("数据库编码是 %(found)s，存不下所有汉字。") % {"found": found}
        yield fault("encoding", said, _("请以 UTF8 编码重建数据库后恢复备份。"))


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    loader = executor.loader
    pending = executor.migration_plan(loader.graph.leaf_nodes())
    # Of the parts that this program has; what a replaced migration left in the list is known to it.
    unknown = [key for key in loader.applied_migrations if key[0] in loader.migrated_apps and not _knows(loader, key)]
    if unknown:
        said = _("数据库结构比程序新，多 %(count)d 步。") % {"count": len(unknown)}
        yield fault("migrations", said, _("请安装写入它的那个版本或更新的程序；不要用旧程序继续工作。"))
    elif pending:
        said = _("数据库结构比程序旧，差 %(count)d 步。") % {"count": len(pending)}
        yield fault("migrations", said, _("请先备份，再运行 chengyun setup。"))
    else:
        yield ok("migrations", _("数据库结构是最新的。"))


def _knows(loader: MigrationLoader, key: tuple[str, str]) -> bool:
    return key in loader.disk_migrations or any(key in each.replaces for each in loader.disk_migrations.values())


def contents() -> Iterator[Finding]:
    """What a county needs before it can work."""
    setup = _("请运行 chengyun setup。")
    if not MinorClass.objects.exists():
        yield fault("catalogue", _("没有分类目录。"), setup)
    if not User.objects.filter(is_active=True).exists():
        yield fault("accounts", _("没有可用的帐号。"), setup)
    if not RegionVersion.objects.exists():
        yield warning("regions", _("没有区划和单元网格，案件不能定位。"), _("请用 chengyun load regions 导入。"))
