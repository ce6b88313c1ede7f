"""The register of components at the size of a county's census: import, lists, what is near, tiles.

    python benchmarks/components.py [--count 230000] [--excel]

Writes its section of docs/performance.md. PostgreSQL is measured where CHENGYUN_DATABASE names a server.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

REPORT = ROOT / "docs" / "performance.md"
HEADING = "## Components"
LISTS = (
    "",
    "q=井盖",
    "q=阀门井",
    "state=lost",
    "minor=01003",
    "q=99012601003",
    "q=990126",
    "minor=01002&state=damaged",
)
TILES = range(9, 19)


# --- asked inside the installation ----------------------------------------------------------------------------------


def bring_in(path: str, system: str = "wgs84") -> dict[str, Any]:
    from django.db import connection

    from benchmarks import machine
    from chengyun.assets.services import switching
    from chengyun.assets.services.faults import FaultFile
    from chengyun.assets.services.importing import import_components
    from chengyun.people.access import SYSTEM

    connection.ensure_connection()
    longest, switch = [0.0], switching._switch

    def timed(*given: Any) -> None:
        began = time.perf_counter()
        switch(*given)
        longest[0] = time.perf_counter() - began

    switching._switch = timed
    started, cpu = time.perf_counter(), time.process_time()
    database = machine.database_seconds(os.environ.get("CHENGYUN_DATABASE", ""))
    with FaultFile(Path(path)) as faults:
        summary = import_components(Path(path), faults=faults, by=SYSTEM, system=system)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    database = machine.database_seconds(os.environ.get("CHENGYUN_DATABASE", "")) - database
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    load = os.getloadavg()[0]
    return {
        "seconds": seconds,
        "cpu": cpu,
        "db_cpu": database,
        "load": load,
        "switch": longest[0],
        "summary": str(summary),
    }


def near(times: int = 300) -> dict[str, Any]:
    from django.db import connection, reset_queries

    from chengyun.assets.models import Component
    from chengyun.assets.queries import nearest

    random = Random(1)
    spots = random.sample(list(Component.objects.values_list("lon", "lat", "class_code")[:50_000]), times)
    nearest(*spots[0])
    spent, cpu, statements = [], [], 0
    connection.force_debug_cursor = True
    for number, (lon, lat, code) in enumerate(spots):
        reset_queries()
        began, worked = time.perf_counter(), time.process_time()
        found = nearest(lon + random.uniform(-5e-4, 5e-4), lat, code if number % 2 else "", within_m=200)
        spent.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
        assert len(found) <= 10
        statements = max(statements, len(connection.queries))
    spent.sort()
    return {
        "median_ms": statistics.median(spent),
        "p95_ms": spent[int(times * 0.95)],
        "cpu_ms": statistics.median(cpu),
        "statements": statements,
    }


def tiles() -> list[dict[str, Any]]:
    """The fullest tiles, zoom."""
    from django.db import connection
    from django.urls import reverse

    from chengyun.assets.models import Component
    from chengyun.assets.tiles import Tile, encoded, read_crowd

    crowd = read_crowd()
    reverse("assets:list")  # reads every address once, which no tile has to pay for
    found = []
    for zoom in TILES:
        shift = 30 - zoom
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT x >> {shift}, y >> {shift}, COUNT(*) FROM {Component._meta.db_table} GROUP BY 1, 2"
                " ORDER BY 3 DESC LIMIT 1"
            )
            x, y, count = cursor.fetchone()
        began = time.perf_counter()
        content = encoded(Tile(zoom, x, y), lambda: crowd)
        found.append({"z": zoom, "count": count, "bytes": len(content), "ms": (time.perf_counter() - began) * 1000})
    return found


def lists() -> list[dict[str, Any]]:
    """Pages of the register as a receiver of the demo county opens them."""
    from django.conf import settings
    from django.db import connection, reset_queries
    from django.test import Client

    from chengyun.people.models import User

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(username="shouli"), "django.contrib.auth.backends.ModelBackend")
    found = []
    for query in LISTS:
        client.get(f"/assets/?{query}")
        connection.force_debug_cursor = True
        reset_queries()
        cpu = time.process_time()
        answer = client.get(f"/assets/?{query}")
        cpu = time.process_time() - cpu
        slowest = max(float(each["time"]) for each in connection.queries)
        found.append(
            {"query": query, "status": answer.status_code, "statements": len(connection.queries), "cpu_ms": cpu * 1000,
             "slowest_ms": slowest * 1000}
        )  # fmt: skip
    return found


# --- from outside ---------------------------------------------------------------------------------------------------


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def brought_in(installation: Any, path: str) -> dict[str, Any]:
    """An import in a process of its own; `db_cpu` is PostgreSQL's own processor time, read while it still runs."""
    found: dict[str, Any] = installation.ask("bring_in", module="benchmarks.components", path=path)
    say(str(found))
    return found


def measure(count: int, *, excel: bool) -> dict[str, Any]:
    from tests.e2e.installation import installed

    with tempfile.TemporaryDirectory() as directory, installed(Path(directory)) as installation:
        name = "PostgreSQL" if installation.database else "SQLite"
        say(f"{name}: {count:,} components …")
        installation.ask("prepare", module="benchmarks.census")
        files = {kind: str(Path(directory) / f"census-{kind}.csv") for kind in ("first", "changed")}
        installation.ask("write_csv", module="benchmarks.census", path=files["first"], count=count)
        installation.ask("write_csv", module="benchmarks.census", path=files["changed"], count=count, changed=100)
        result: dict[str, Any] = {"count": count}
        ask = {"module": "benchmarks.components"}
        for kind, path in (("first", files["first"]), ("again", files["first"]), ("changed", files["changed"])):
            result[kind] = brought_in(installation, path)
        if excel:
            book = str(Path(directory) / "census.xlsx")
            installation.ask("write_workbook", module="benchmarks.census", path=book, count=count)
            result["excel"] = brought_in(installation, book)
        result["near"] = installation.ask("near", **ask)
        result["tiles"] = installation.ask("tiles", **ask)
        result["lists"] = installation.ask("lists", **ask)
        return result


def rows_of(name: str, result: dict[str, Any]) -> list[str]:
    at = f"{name}, {result['count']:,}"
    rows = []
    kinds = {"first": "import, all new, CSV", "again": "the same file again", "changed": "one in a hundred changed",
             "excel": "the whole from Excel (all new to one in a hundred)"}  # fmt: skip
    for kind, what in kinds.items():
        if kind in result:
            each = result[kind]
            kept = "kept" if each["cpu"] + each["db_cpu"] <= 60 else "**not kept**"
            spent = f"{each['cpu']:.1f} s CPU app + {each['db_cpu']:.1f} s db; {each['seconds']:.0f} s by the clock"
            rows.append(
                f"| {what} | {at} | ≤ 60 s | {spent} at load {each['load']:.0f}, of it the switch"
                f" {each['switch']:.1f} s | {kept} |"
            )
    near_by = result["near"]
    kept = "kept" if near_by["median_ms"] <= 10 and near_by["statements"] <= 2 else "**not kept**"
    spent = f"median {near_by['median_ms']:.1f} ms ({near_by['cpu_ms']:.1f} ms app CPU), p95 {near_by['p95_ms']:.1f} ms"
    rows.append(f"| what is near, 200 m | {at} | ≤ 2 SQL, ≤ 10 ms | {near_by['statements']} SQL, {spent} | {kept} |")
    slow = max(result["lists"], key=lambda each: each["cpu_ms"] + each["slowest_ms"])
    most = max(each["statements"] for each in result["lists"])
    spent = f"{slow['cpu_ms']:.0f} ms app CPU, slowest statement {slow['slowest_ms']:.1f} ms"
    kept = "kept" if most <= 8 and slow["cpu_ms"] + slow["slowest_ms"] <= 40 else "**not kept**"
    rows.append(
        f"| slowest of {len(LISTS)} lists ({slow['query'] or 'all'}) | {at} | ≤ 8 SQL, ≤ 40 ms | {most} SQL at most,"
        f" {spent} | {kept} |"
    )
    largest = max(result["tiles"], key=lambda each: each["bytes"])
    slowest = max(result["tiles"], key=lambda each: each["ms"])
    kept = "kept" if largest["bytes"] <= 200 * 1024 else "**not kept**"
    rows.append(f"| fullest tiles, zoom {TILES[0]} to {TILES[-1]} | {at} | ≤ 200 KB | {largest['bytes'] / 1024:.0f}"
                f" KB at most (zoom {largest['z']}), {slowest['ms']:.0f} ms at most to make (zoom {slowest['z']}) |"
                f" {kept} |")  # fmt: skip
    return rows


def section(results: dict[str, dict[str, Any]], about: str) -> str:
    return "\n".join([
        HEADING, "",
        f"Written by `python benchmarks/components.py` on {dt.date.today().isoformat()}: {about}.",
        "A generated census along the roads of the demo county's town, in one process. The import is judged by its",
        "processor time, which is what the clock shows on a machine that does nothing else.", "",
        "| what | where | budget | measured | |", "| --- | --- | --- | --- | --- |",
        *(row for name, result in results.items() for row in rows_of(name, result)), "",
    ])  # fmt: skip


def main() -> None:
    from benchmarks import machine, report

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=230_000)
    parser.add_argument("--excel", action="store_true", help="also from a workbook of the same size")
    parser.add_argument("--report", type=Path, default=REPORT)
    options = parser.parse_args()
    about, results = machine.words(), {}
    address = os.environ.pop("CHENGYUN_DATABASE", "")
    results["SQLite"] = measure(options.count, excel=options.excel)
    if address.startswith("postgres"):
        os.environ["CHENGYUN_DATABASE"] = address
        results["PostgreSQL"] = measure(options.count, excel=options.excel)
    report.put_section(options.report, HEADING, section(results, about))
    say(f"Written: {options.report}")


if __name__ == "__main__":
    main()
