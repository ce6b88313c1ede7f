"""What a figure costs at a million cases: every indicator over a year, by department and by month.

    python benchmarks/figures.py [--size 1000000] [--filled 10000]

Copies the facts of a filled county up to `size` as `benchmarks/screen.py` does, and measures each indicator alone, as
its page does. Writes «Figures» into docs/performance.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import machine, report  # noqa: E402
from benchmarks.filled import filled  # noqa: E402

HEADING = "## Figures"
BY = ("department", "month")
WORST = 5


def measured(size: int) -> dict[str, Any]:
    """Seconds of processor time by indicator and dimension. Asked inside the installation."""
    from benchmarks.screen import a_million_facts
    from chengyun.core.instants import today
    from chengyun.insight.facts import session as facts
    from chengyun.insight.figures.indicator import indicators
    from chengyun.insight.figures.measuring import Question
    from chengyun.insight.figures.periods import Period
    from chengyun.insight.figures.together import Asked, measure_together

    year = Period(today() - dt.timedelta(days=364), today())
    with a_million_facts(size) as copied:
        facts.forget()
        session = facts.session()
        spent = {}
        for indicator in indicators():
            for by in BY:
                began = time.process_time()
                measure_together(session, [Asked(indicator, Question(year), (by,))])
                spent[f"{indicator.key}, {by}"] = time.process_time() - began
    return {"cases": copied, "spent": spent}


def text(found: dict[str, Any], about: str) -> str:
    spent: dict[str, float] = found["spent"]
    ordered = sorted(spent.items(), key=lambda each: -each[1])
    median = ordered[len(ordered) // 2][1]
    lines = [f"| {name} | {cost:.2f} |" for name, cost in ordered[:WORST]]
    return "\n".join(
        [
            HEADING,
            "",
            f"Written by `python benchmarks/figures.py` on {dt.date.today().isoformat()}: {about}.",
            "",
            f"Each of the {len(spent) // len(BY)} indicators alone over a year, by {' and by '.join(BY)}, with its"
            f" total, over {found['cases']:,} cases: {sum(spent.values()):.0f} s of processor time for all"
            f" {len(spent)}, median {median:.2f} s, least {ordered[-1][1]:.2f} s. The worst:",
            "",
            "| indicator, by | s |",
            "| --- | --- |",
            *lines,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--filled", type=int, default=10_000)
    parser.add_argument("--report", type=Path, default=ROOT / "docs" / "performance.md")
    options = parser.parse_args()
    os.environ.pop("CHENGYUN_DATABASE", "")
    ready, about = filled("", options.filled, print), machine.words()
    found = ready.installation.ask("measured", module="benchmarks.figures", size=options.size)
    report.put_section(options.report, HEADING, text(found, about))


if __name__ == "__main__":
    main()
