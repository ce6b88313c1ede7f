"""Somebody asks for an address, and the answer in the words of the tables.

ok   he gets it (or is told what is wrong with what he sent)
no   refused: not his work (403)
404  not there for him: it lies outside what he may see
in   told to sign in first; without a token that counts, at the API
none it answers, but without what lies outside what he may see
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, ClientHandler, encode_multipart

from chengyun.core.chained import ChainedRow
from chengyun.core.models import Event
from tests.roles.addresses import Address
from tests.roles.world import World

TABLES = Path(__file__).with_name("tables")
SIGN_IN = ("/login", "/login/code")
# A refusal in short; who may sees the page in either case.
SCRIPT = {"accept": "application/json"}
REFUSED = ("no", "404", "in", "-")
# Not ready is an answer, too.
VERDICTS = {401: "in", 403: "no", 404: "404", 405: "-", 503: "ok"}
Table = dict[tuple[str, str], dict[str, str]]


class Visitor(RequestFactory):
    """A person's browser; its session does not end with what it asks, and what it does is taken back."""

    def __init__(self, world: World, username: str = "", *, token: str = "") -> None:
        super().__init__()
        self.heads = SCRIPT | ({"authorization": f"Bearer {token}"} if token else {})
        self.handler, self.left = ClientHandler(enforce_csrf_checks=False), traces()
        client = Client()
        if username:
            user = world.county.users[username]
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies = client.cookies

    def request(self, **request: Any) -> HttpResponseBase:
        answer: HttpResponseBase = self.handler(self._base_environ(**request))
        return answer

    def ask(self, address: Address, method: str) -> tuple[str, bool]:
        """The verdict, and whether a refused request left anything behind."""
        with transaction.atomic():
            verdict = said(self.answer(address, method), address.shows)
            changed = verdict in REFUSED and traces() != self.left
            transaction.set_rollback(True)
        return verdict, changed

    def answer(self, address: Address, method: str) -> HttpResponseBase:
        if method == "GET":
            return self.get(address.url, dict(address.query), headers=self.heads)
        sent: Any = json.dumps(address.sent) if address.is_json else encode_multipart(BOUNDARY, address.sent)
        kind = "application/json" if address.is_json else MULTIPART_CONTENT
        return self.generic(method, address.url, sent, kind, query_params=address.query, headers=self.heads)


def said(answer: HttpResponseBase, shows: str = "") -> str:
    """The answer in the words of the table; `-`: there is no such request."""
    # Reading a file to its end closes it.
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if answer.status_code in (301, 302) and answer.headers["Location"].split("?")[0] in SIGN_IN:
        return "in"
    verdict = VERDICTS.get(answer.status_code, "ok" if answer.status_code < 500 else str(answer.status_code))
    return "none" if verdict == "ok" and shows and not re.search(shows, text_of(content)) else verdict


def text_of(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


CHAINED = [model for model in apps.get_models() if issubclass(model, ChainedRow)]


def traces() -> tuple[Any, ...]:
    """How far events and histories have come, in one statement."""
    tables = [model._meta.db_table for model in (Event, *CHAINED)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT max(id) FROM {table})" for table in tables))
        return tuple(cursor.fetchone())


# --- tables -----------------------------------------------------------------------------------------------------------


def table(name: str) -> Table:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        heads, *lines = [[cell.strip() for cell in line] for line in csv.reader(file)]
    return {(line[0], line[1]): dict(zip(heads[2:], line[2:], strict=True)) for line in lines}


def differences(wanted: Table, found: Table) -> list[str]:
    """One line for each row that does not fit, ready to be compared with the table."""
    return [
        f"{'not in the table' if key not in wanted else 'not as in the table'}: {line(key, row)}"
        for key, row in found.items()
        if wanted.get(key) != row
    ] + [f"no such address: {' '.join(key)}" for key in wanted if key not in found]


def line(key: tuple[str, str], row: dict[str, str]) -> str:
    cells = [f"{verdict:>{len(column)}}" for column, verdict in row.items()]
    return ", ".join([f"{key[0]:<34}", f"{key[1]:<6}", *cells])
