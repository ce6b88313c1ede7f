"""The long forms: `./dev torture --kills 200` kills processes, on SQLite or on what CHENGYUN_DATABASE names;
`./dev torture --soak 120` lets the command screen stand for so many minutes and measures its browser."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from pathlib import Path

from tests.e2e.installation import installed
from tests.e2e.killing import Killing, faults_after
from tests.soak import soak


def torture(kills: int, seed: int) -> list[str]:
    with tempfile.TemporaryDirectory() as directory, installed(Path(directory)) as installation:
        county = installation.ask("small_county")
        installation.start_all()
        killing = Killing(installation, county, seed)
        killing.run(kills)
        faults = faults_after(killing)
    ledger = killing.ledger
    each = ", ".join(f"{count} × {victim}" for victim, count in sorted(killing.kills.items()))
    acknowledged = f"{len(ledger.reports)} reports and {ledger.step_count} steps acknowledged"
    sys.stdout.write(f"{dt.date.today()}: {kills} kills ({each}), seed {seed}; {acknowledged}; {len(faults)} faults\n")
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="the command screen instead of the kills")
    options = parser.parse_args()
    faults = soak(options.soak) if options.soak else torture(options.kills, options.seed)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
