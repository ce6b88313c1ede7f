"""Evaluation of a year: seconds, statements and counts over all kinds of objects.

    CHENGYUN_DATA=… python benchmarks/evaluation.py [--size 1000000] [--period 2025]

Takes the county of the installation (`chengyun demo`), writes its facts into a folder of its own and copies them up to
`size` cases, as the screen's benchmark does; changes nothing. Budget: all kinds together ≤ 10 s of processor time at a
million cases.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

BUDGET_S = 10


def measured(size: int, period: str) -> list[dict[str, Any]]:
    """One row for each kind of object: how many, and what its evaluation took."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.screen import copied
    from chengyun.insight.evaluation import objects, spans
    from chengyun.insight.evaluation.computing import evaluate
    from chengyun.insight.facts import feed
    from chengyun.insight.facts import session as facts

    rows = []
    with tempfile.TemporaryDirectory() as directory:
        settings.DATA_DIR = Path(directory)
        feed.rebuild()
        print(f"{copied(size):,} cases")
        facts.forget()
        known, span = facts.session(), spans.read(period)
        for kind in objects.KINDS:
            wall, cpu = time.perf_counter(), time.process_time()
            with CaptureQueriesContext(connection) as queries:
                found = evaluate(kind, span, facts=known)
            rows.append({
                "kind": kind, "objects": sum(len(each.rows) for each in found.groups),
                "ranked": sum(each.ranked for each in found.groups), "statements": len(queries),
                "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
            })  # fmt: skip
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--period", default="2025")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.config.settings")
    import django

    from chengyun.config import environment

    environment.load_secrets(environment.data_dir())
    django.setup()
    rows = measured(asked.size, asked.period)
    print(f"{'kind':16} {'objects':>8} {'ranked':>7} {'SQL':>4} {'wall s':>7} {'CPU s':>7}")
    for row in rows:
        print("{kind:16} {objects:8,} {ranked:7,} {statements:4} {wall:7.2f} {cpu:7.2f}".format(**row))
    wall, cpu = (sum(row[name] for row in rows) for name in ("wall", "cpu"))
    kept = "kept" if cpu <= BUDGET_S else "not kept"
    print(f"all kinds        {wall:29.2f} {cpu:7.2f}   budget {BUDGET_S} s of processor time: {kept}")


if __name__ == "__main__":
    main()
