from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.installation import Installation, copied, installed
from tests.e2e.people import Person


@dataclass
class Running:
    """An installation with the small county in it."""

    installation: Installation
    county: dict[str, Any]

    def person(self, who: str) -> Person:
        """By login, or by role."""
        return Person(self.installation.address, self.county["by_role"].get(who, who)).log_in()


@pytest.fixture(scope="session")
def mould(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The small county, built once; what runs is a copy."""
    with installed(tmp_path_factory.mktemp("mould")) as installation:
        yield Running(installation, installation.ask("small_county"))


@pytest.fixture(scope="module")
def running(mould: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    county = deepcopy(mould.county)
    with copied(mould.installation, tmp_path_factory.mktemp("e2e")) as installation:
        installation.start_all()
        yield Running(installation, county)


CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(browser: Any, running: Running) -> Iterator[Callable[[str], Any]]:
    """Opens a page for somebody, logged in; each person has a browser context of their own."""
    contexts = []

    def open_for(who: str) -> Any:
        person = running.person(who)
        context = browser.new_context(base_url=running.installation.address, viewport={"width": 1440, "height": 900})
        cookies = [
            {"name": cookie.name, "value": cookie.value, "url": running.installation.address}
            for cookie in person.session.cookies
        ]
        context.add_cookies(cookies)
        contexts.append(context)
        return context.new_page()

    yield open_for
    for context in contexts:
        for page in context.pages:
            # What a test has put between page and server may still be on its way.
            page.unroute_all(behavior="ignoreErrors")
        context.close()
