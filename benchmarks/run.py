"""`./dev bench`: speed as counts and processor time, on both databases, against the budgets; into docs/performance.md.

--sizes 10000,100000,1000000   cases in the database at each measurement, multiples of 5,000
--quick                        5,000 and 50,000, for a look
--only sqlite|postgresql       measure one; the report shows what is kept of the other

Filled databases and figures are kept under CHENGYUN_DATA/bench: a second run only measures. PostgreSQL is measured
where CHENGYUN_DATABASE names a server; without it the report says so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import machine, report  # noqa: E402
from benchmarks.filled import filled, home  # noqa: E402
from tests.e2e.installation import Installation  # noqa: E402
from tests.e2e.people import Person  # noqa: E402

REPORT = ROOT / "docs" / "performance.md"
REQUESTS = 50
LIVES_ON_TOP = 300
SINGLE_LIVES = 10


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def filled_in(pages: list[dict[str, str]], county: dict[str, Any]) -> list[dict[str, str]]:
    today = dt.date.today()
    values = {
        "township": county["township"],
        "department": county["departments"]["ZF"],
        "minor": county["classes"][0]["code"],
        "today": today,
        "month_ago": today - dt.timedelta(days=30),
        "area": drawn_around(*county["point"]),
    }
    return [{**page, "path": page["path"].format(**values)} for page in pages]


def drawn_around(lon: float, lat: float) -> str:
    """Eight corners, some 400 m across: what somebody draws with the mouse."""
    ring = ((0, 2), (1.5, 1.5), (2, 0), (1.5, -1.5), (0, -2), (-1.5, -1.5), (-2, 0), (-1.5, 1.5))
    return ";".join(f"{lon + x / 1000:.6f},{lat + y / 1000:.6f}" for x, y in ring)


def over_http(installation: Installation, county: dict[str, Any], path: str, who: str) -> dict[str, float]:
    """Processor time of server and database for one page, with everything that a request passes."""
    person = Person(installation.address, county["by_role"][who]).log_in()
    for _ in range(20):
        person.get(path)
    web, address = installation.running["web"].pid, installation.database
    before = machine.application_seconds(web), machine.database_seconds(address)
    started = time.perf_counter()
    for _ in range(REQUESTS):
        answer = person.get(path)
        assert answer.status_code == 200, answer.status_code
    spent = time.perf_counter() - started
    after = machine.application_seconds(web), machine.database_seconds(address)
    app, database = ((now - then) * 1000 / REQUESTS for now, then in zip(after, before, strict=True))
    return {"app_cpu_ms": app, "db_cpu_ms": database, "ms": spent * 1000 / REQUESTS}


def create_over_http(installation: Installation, county: dict[str, Any]) -> dict[str, float]:
    from tests.e2e.work import new_report

    person = Person(installation.address, county["by_role"]["receiver"]).log_in()
    for number in range(10):
        new_report(person, county, f"预热 {number}")
    web, address = installation.running["web"].pid, installation.database
    before = machine.application_seconds(web), machine.database_seconds(address)
    started = time.perf_counter()
    for number in range(REQUESTS):
        assert new_report(person, county, f"测量 {number} {started}")
    spent = time.perf_counter() - started
    after = machine.application_seconds(web), machine.database_seconds(address)
    app, database = ((now - then) * 1000 / REQUESTS for now, then in zip(after, before, strict=True))
    return {"app_cpu_ms": app, "db_cpu_ms": database, "ms": spent * 1000 / REQUESTS}


def measure(server: str, size: int) -> dict[str, Any]:
    """Everything at one size; the cases that measuring adds stay, a few in a thousand."""
    ready = filled(server, size, say)
    installation, county = ready.installation, ready.county
    say(f"{'PostgreSQL' if server else 'SQLite'}: {size:,} cases …")
    ask: dict[str, Any] = {"module": "benchmarks.pages"}
    # No number of a report comes twice, however often a size is measured.
    first = int(time.time()) * 1000
    result: dict[str, Any] = {"size": size, "made": ready.made, "about": machine.words()}
    result["fill"] = installation.ask("fill", module="benchmarks.lives", county=county, count=LIVES_ON_TOP, first=first)
    result["submit"] = installation.ask("submissions", county=county, first=first + 100_000, **ask)
    result["single"] = installation.ask("single_lives", county=county, first=first + 200_000, count=SINGLE_LIVES, **ask)
    result["points"] = installation.ask("points", county=county, **ask)
    result["lists"] = installation.ask("lists", pages=pages_of(county), logins=county["by_role"], **ask)
    try:
        installation.start_all()
        result["create"] = create_over_http(installation, county)
        result["list"] = over_http(installation, county, "/cases/all", "receiver")
        result["case"] = over_http(installation, county, f"/cases/{county_case(installation)}/", "receiver")
        result["memory"] = {name: machine.memory_mb(child.pid) for name, child in installation.running.items()}
    finally:
        installation.stop()
    return result | {"bytes": installation.ask("size_of_database", **ask)}


def pages_of(county: dict[str, Any]) -> list[dict[str, str]]:
    return filled_in(tomllib.loads((ROOT / "benchmarks/filters.toml").read_text(encoding="utf-8"))["list"], county)


def county_case(installation: Installation) -> str:
    return str(installation.ask("a_case", module="benchmarks.pages"))


def kept_results() -> dict[str, list[dict[str, Any]]]:
    """The newest figures of each database and size."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in home().glob("figures-*.json"):
        found.setdefault(file.name.split("-")[1], []).append(json.loads(file.read_text(encoding="utf-8")))
    names = [name for name in ("SQLite", "PostgreSQL") if name in found]
    return {name: sorted(found[name], key=lambda each: int(each["size"])) for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--report", type=Path, default=REPORT)
    options = parser.parse_args()
    sizes = [5_000, 50_000] if options.quick else [int(size) for size in options.sizes.split(",")]
    server = os.environ.pop("CHENGYUN_DATABASE", "")
    servers = {"SQLite": "", "PostgreSQL": server if server.startswith("postgres") else None}
    for name, address in servers.items():
        if address is None or options.only not in (None, name.lower()):
            continue
        for size in sizes:
            figures = measure(address, size)
            (home() / f"figures-{name}-{size}.json").write_text(json.dumps(figures), encoding="utf-8")
    report.write(options.report, kept_results(), machine.installed_mb(ROOT / "requirements" / "core.txt"))
    say(f"Written: {options.report}")


if __name__ == "__main__":
    main()
