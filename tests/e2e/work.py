"""What people do all day, over HTTP: report, and take the steps of a case. An answer means that the server said so."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Any

from tests.e2e.people import Person

VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
# The main path: who takes which step with what. `dispatch` and `file` are filled in from the county.
LIFE = (
    ("receiver", "accept"),
    ("duty_chief", "file"),
    ("dispatcher", "dispatch"),
    ("handler", "receive"),
    ("handler", "feed_back"),
    ("receiver", "send_check"),
    ("collector", "check_pass"),
    ("duty_chief", "close"),
)


def new_report(person: Person, county: dict[str, Any], words: str) -> str:
    """The number of the new case; a blank when the server did not say that it has it."""
    lon, lat = county["point"]
    place = {"location": f"{lon},{lat}", "address": "迎宾路1号"}
    answer = person.post(
        "/report/new", key=secrets.token_hex(16), source="public", title=words[:40], words=words, **place
    )
    return answer.headers["Location"].rstrip("/").rsplit("/", 1)[-1] if answer.status_code in (302, 303) else ""


def brought(verb: str, county: dict[str, Any]) -> dict[str, Any]:
    kind = county["classes"][0]
    return {
        "accept": {"minor_class": kind["minor"]},
        "file": {"condition": kind["condition"]},
        "dispatch": {"department": county["departments"]["ZF"]},
        "feed_back": {"note": "已处理完毕"},
        "close": {"closing_met": "on"},
    }.get(verb, {})


def version_seen(person: Person, number: str, verb: str) -> int:
    """The version that the form of the step carries; 0 when the step is not offered."""
    answer = person.get(f"/cases/{number}/{verb}")
    found = VERSION.search(answer.text) if answer.status_code == 200 else None
    return int(found.group(1)) if found else 0


def take(person: Person, county: dict[str, Any], number: str, verb: str, version: int) -> int:
    """The status of the answer: 302 or 200 when the step was taken."""
    files = {"photos": ("现场.png", PICTURE, "image/png")} if verb == "check_pass" else None
    return person.post(f"/cases/{number}/{verb}", files=files, version=version, **brought(verb, county)).status_code
