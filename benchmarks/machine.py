"""Processor time out of /proc: of a process with all it started, and of a database's PostgreSQL backends."""

from __future__ import annotations

import os
import platform
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """User and system time; of ended children too, which their parent has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICK


def family(pid: int) -> list[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def application_seconds(pid: int) -> float:
    return sum(seconds_of(each) for each in family(pid))


def database_seconds(address: str) -> float:
    """Of this database's backends; nought for SQLite, which works inside the application."""
    if not address:
        return 0.0
    import psycopg

    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return sum(seconds_of(pid) for (pid,) in rows)


def memory_mb(pid: int) -> float:
    """What a process and all that it started hold in memory, shared pages counted in parts (PSS)."""
    found = 0
    for each in family(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found / 1024


def installed_mb(pins: Path) -> float:
    """The files of the pinned packages, as they lie in this environment."""
    from importlib.metadata import PackageNotFoundError, files

    names = [line.split("==")[0] for line in pins.read_text().splitlines() if "==" in line and line[0].isalnum()]
    size = 0
    for name in names:
        try:
            paths = [Path(str(file.locate())) for file in files(name) or ()]
        except PackageNotFoundError:
            continue
        size += sum(path.stat().st_size for path in paths if path.is_file() and path.suffix != ".pyc")
    return size / 1e6


def words() -> str:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024 // 1024
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), {memory} GB, Python {platform.python_version()}, load {load:.1f} at start"
    )
