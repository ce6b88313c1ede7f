"""Somebody at a desk, over plain HTTP: logs in, reads pages, sends forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.e2e.questions import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass
class Person:
    address: str
    login: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        # A proxy of the machine has no business between the test and its own server.
        self.session.trust_env = False

    def log_in(self) -> Person:
        answer = self.post("/login", username=self.login, password=PASSWORD)
        assert answer.status_code == 302, f"{self.login} cannot log in: {answer.status_code} {answer.text[:500]}"
        return self

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(self.address + path, params=query, timeout=30, allow_redirects=False)

    def post(self, path: str, *, files: Any = None, **values: Any) -> requests.Response:
        if "csrftoken" not in self.session.cookies:
            self.get("/login")
        return self.session.post(
            self.address + path,
            data=values,
            files=files,
            headers={"X-CSRFToken": self.session.cookies.get("csrftoken", ""), "Referer": self.address},
            timeout=30,
            allow_redirects=False,
        )
