"""Where the processes of a server put their numbers, so that any of them can tell the sum.

prometheus-client keeps them in files named by process, in the folder that the environment names at its first import.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
NAME = "metrics"


def prepare(data: Path, command: str) -> None:
    """A folder for this server and its processes; those of servers that have ended are removed."""
    for old in (data / NAME).glob("*-*"):
        if not is_alive(old.name.rpartition("-")[2]):
            shutil.rmtree(old, ignore_errors=True)
    own = data / NAME / f"{command}-{os.getpid()}"
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ[VARIABLE] = str(own)


def files() -> list[str]:
    """Of this server and every other over the same data."""
    own = os.environ.get(VARIABLE)
    return sorted(str(file) for file in Path(own).parent.glob("*/*.db")) if own else []


def is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        pass
    return True
