"""Installations with so many cases, made once and kept: a second run only measures.

Lives are written once a database by the batch writer and then copied by SQL up to each size (copies.py). They stand
under CHENGYUN_DATA/bench; on PostgreSQL each size is a database of its own beside the one that CHENGYUN_DATABASE names.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.installation import ROOT, Installation

LIVES = 5_000


@dataclass(frozen=True)
class Filled:
    installation: Installation
    county: dict[str, Any]
    made: dict[str, Any]  # what filling took


def home() -> Path:
    return Path(os.environ.get("CHENGYUN_DATA") or ROOT / "var").resolve() / "bench"


def filled(server: str, size: int, say: Callable[[str], None], lives: int = LIVES) -> Filled:
    """`server` is an address of PostgreSQL or a blank for SQLite; `size` a multiple of `lives`."""
    place = _place(server, str(size))
    if not _is_ready(place):
        base = _lives(server, lives, say)
        _begin_from(base, place)
        say(f"copying up to {size:,} …")
        installation = Installation(place, _address(server, str(size)))
        made = installation.ask("multiply", module="benchmarks.copies", copies=size // lives - 1)
        _finish(place, {"county": base.county, "made": base.made | {"copying": made}})
    return _kept(place, _address(server, str(size)))


def _kept(place: Path, address: str) -> Filled:
    """As it was left, brought to the program's present version."""
    kept = json.loads((place / "filled.json").read_text(encoding="utf-8"))
    installation = Installation(place, address)
    installation.chengyun("migrate", "--verbosity", "0")
    return Filled(installation, kept["county"], kept["made"])


def _lives(server: str, lives: int, say: Callable[[str], None]) -> Filled:
    name = f"lives_{lives}"
    place, address = _place(server, name), _address(server, name)
    installation = Installation(place, address)
    if not _is_ready(place):
        say(f"writing {lives:,} lives …")
        _clear(place, address)
        place.mkdir(parents=True)
        installation.chengyun("setup", "--without-administrator")
        county = installation.ask("small_county")
        made = installation.ask("fill", module="benchmarks.lives", county=county, count=lives, first=0)
        _finish(place, {"county": county, "made": {"lives": lives, "writing": made}})
    return _kept(place, address)


def _begin_from(base: Filled, place: Path) -> None:
    address = base.installation.database
    if address:
        wanted = _address(address, place.name.partition("-")[2])
        _clear(place, wanted)
        _on_server(address, f'CREATE DATABASE "{_name(wanted)}" TEMPLATE "{_name(address)}"')
    else:
        _clear(place, "")
    shutil.copytree(base.installation.directory, place, ignore=shutil.ignore_patterns("filled.json", "*.log"))


def _clear(place: Path, address: str) -> None:
    """What an interrupted run has left."""
    shutil.rmtree(place, ignore_errors=True)
    if address:
        _on_server(address, f'DROP DATABASE IF EXISTS "{_name(address)}"')
        if place.name.partition("-")[2].startswith("lives"):
            _on_server(address, f'CREATE DATABASE "{_name(address)}"')


def _finish(place: Path, facts: dict[str, Any]) -> None:
    (place / "filled.json").write_text(json.dumps(facts), encoding="utf-8")


def _is_ready(place: Path) -> bool:
    return (place / "filled.json").exists()


def _place(server: str, name: str) -> Path:
    return home() / f"{'postgresql' if server else 'sqlite'}-{name}"


def _address(server: str, name: str) -> str:
    """Beside the named database; asked with an address that it gave itself it answers that one's sibling."""
    if not server:
        return ""
    parts = urlsplit(server)
    own = re.sub(r"_bench_(lives_)?\d+$", "", parts.path.lstrip("/"))
    return parts._replace(path=f"/{own}_bench_{name}").geturl()


def _name(address: str) -> str:
    return urlsplit(address).path.lstrip("/")


def _on_server(address: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(urlsplit(address)._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(statement)
