"""The figures as a page of Markdown: budgets kept or not, and every list at every size."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

# Sections that others write, below the figures: they stay.
KEPT = (
    "## What was done", "## Under load", "## Components", "## Command screen", "## Figures", "## Evaluation",
)  # fmt: skip
Figures = dict[str, list[dict[str, Any]]]


def verdict(kept: bool) -> str:
    return "kept" if kept else "**not kept**"


def budget_rows(name: str, results: list[dict[str, Any]]) -> list[str]:
    return [row for result in results for row in rows_at(f"{name}, {result['size']:,}", result)]


def life_ms(fill: dict[str, Any]) -> float:
    """Processor time of a whole life, application and database."""
    return float((fill["cpu"] + fill["db_cpu"]) * 1000 / max(1, fill["closed"]))


def rows_at(at: str, result: dict[str, Any]) -> list[str]:
    create, submit, page, case = result["create"], result["submit"], result["list"], result["case"]
    fill, single, lists, points = result["fill"], result["single"], result["lists"], result["points"]
    memory = ", ".join(f"{name} {mb:.0f} MB" for name, mb in result["memory"].items())
    slowest = max(lists, key=lambda each: each["cpu_ms"] + each["slowest_ms"])
    most = max(each["statements"] for each in lists)
    both = {name: each["app_cpu_ms"] + each["db_cpu_ms"] for name, each in (("create", create), ("page", page))}
    split = f"{create['app_cpu_ms']:.1f} app + {create['db_cpu_ms']:.1f} db"
    a_life = f"{single['cpu_ms_per_life']:.0f} ms, {single['statements_per_step']:.1f} SQL a step"
    each_ms = life_ms(fill)
    in_bulk = f"{fill['per_second']:.0f}/s, {each_ms:.1f} ms CPU each (app + db): {1000 / each_ms:.0f}/s on a free core"
    cells = [
        (
            "create over HTTP",
            "≤ 15 SQL, ≤ 8 ms CPU",
            f"{submit['statements']} SQL at the door, {both['create']:.1f} ms CPU ({split})",
            verdict(submit["statements"] <= 15 and both["create"] <= 8),
        ),
        (
            "page of 100, newest, over HTTP",
            "≤ 8 SQL, ≤ 40 ms CPU",
            f"{most} SQL at most in any list, {both['page']:.1f} ms CPU",
            verdict(most <= 8 and both["page"] <= 40),
        ),
        (
            "the slowest list",
            "≤ 40 ms CPU",
            f"{slowest['name']}: {slowest['cpu_ms']:.1f} ms app CPU, slowest statement {slowest['slowest_ms']:.1f} ms",
            verdict(slowest["cpu_ms"] + slowest["slowest_ms"] <= 40),
        ),
        ("case page over HTTP", "–", f"{case['app_cpu_ms']:.1f} app + {case['db_cpu_ms']:.1f} db ms CPU", "–"),
        ("life cycles, in bulk", "≥ 40/s", in_bulk, verdict(life_ms(fill) <= 25)),
        ("life cycles, a step at a time", "–", a_life, "–"),
        (
            "point → cell, grid, department, in batch",
            "≥ 100,000/s",
            f"{points['per_cpu_second']:,.0f} a second of CPU",
            verdict(points["per_cpu_second"] >= 100_000),
        ),
        ("memory after the run", "–", memory, "–"),
        ("size of the database", "–", f"{result['bytes'] / 1e6:,.0f} MB", "–"),
    ]
    return [f"| {what} | {at} | {budget} | {measured} | {kept} |" for what, budget, measured, kept in cells]


def list_rows(results: dict[str, list[dict[str, Any]]]) -> list[str]:
    columns = [(name, result) for name, found in results.items() for result in found]
    head = "| list | " + " | ".join(f"{name} {result['size']:,}" for name, result in columns) + " |"
    rows = [head, "| --- " * (len(columns) + 1) + "|"]
    for index, page in enumerate(columns[0][1]["lists"]):
        cells = []
        for _name, result in columns:
            each = result["lists"][index]
            broken = "" if each["status"] == 200 else f" (answer {each['status']})"
            cells.append(f"{each['statements']} SQL, {each['cpu_ms']:.0f} ms, {each['slowest_ms']:.0f} ms{broken}")
        rows.append(f"| {page['name']} | " + " | ".join(cells) + " |")
    return rows


def filling(name: str, results: list[dict[str, Any]]) -> list[str]:
    made = [f"{each['made']['copying']['seconds']:.0f} s to {each['size']:,}" for each in results]
    lives = results[0]["made"]["lives"]
    return [f"{name}: {lives:,} lives by the batch writer, then copied by SQL: {', '.join(made)} (wall)."]


def flat(name: str, results: list[dict[str, Any]]) -> list[str]:
    first, last = results[0], results[-1]
    ratio = life_ms(first["fill"]) / life_ms(last["fill"])
    step = first["single"]["cpu_ms_per_life"] / last["single"]["cpu_ms_per_life"]
    return [
        f"{name}: life cycles a second of CPU at {last['size']:,} against {first['size']:,} cases:"
        f" {ratio:.2f} × in bulk, {step:.2f} × a step at a time."
    ]


def text(results: Figures, install_mb: float) -> str:
    conditions = "; ".join(f"{name} {each['size']:,}: {each['about']}" for name in results for each in results[name])
    lines = [
        "# Performance",
        "",
        f"Written by `./dev bench` on {dt.date.today().isoformat()}. {conditions}.",
        "Read counts, processor time and ratios; wall times swing with whatever else the machine does. Not a test.",
        "Most cases are copies (`benchmarks/copies.py`): for reading. They carry new numbers, times and chain names",
        "over the hashes of their originals, which do not verify, and no event announced them. Lives and steps are",
        "measured with the real batch writer and the real services on top of them.",
        "",
        *(line for name, found in results.items() for line in filling(name, found)),
        f"Core requirements installed: {install_mb:.0f} MB (budget ≤ 180 MB).",
        "",
        "| what | where | budget | measured | |",
        "| --- | --- | --- | --- | --- |",
        *(row for name, found in results.items() for row in budget_rows(name, found)),
        "",
        *(line for name, found in results.items() if len(found) > 1 for line in flat(name, found)),
    ]
    if "PostgreSQL" not in results:
        lines.append("PostgreSQL was not measured: `CHENGYUN_DATABASE` named no server.")
    lines += [
        "",
        "## The desk's lists",
        "",
        "Each page of up to 100 cases: SQL statements, processor time of the application, wall time of the slowest",
        "statement. The pairs are in `benchmarks/filters.toml`.",
        "",
        *list_rows(results),
        "",
        "How SQLite's writers wait for one another: [adr/sqlite-flock.md](adr/sqlite-flock.md).",
        "How the map pans with 6,000 points: [performance-map.md](performance-map.md).",
    ]
    return "\n".join(lines) + "\n"


def write(file: Path, results: Figures, install_mb: float) -> None:
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    written = [old.index(mark) for mark in KEPT if mark in old]
    rest = "\n" + old[min(written) :] if written else ""
    file.write_text(text(results, install_mb) + rest, encoding="utf-8")


def put_section(file: Path, heading: str, text: str) -> None:
    """In the place of the section as it was, else at the end."""
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    before, _heading, after = old.partition(heading)
    _old, mark, rest = after.partition("\n## ")
    file.write_text(before.rstrip() + "\n\n" + text + (mark + rest if mark else ""), encoding="utf-8")
