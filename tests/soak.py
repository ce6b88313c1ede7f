"""The wall stands for hours: does its memory stay flat? `./dev torture --soak MINUTES`, in a real browser.

Cases keep coming while the screen polls, draws and turns its scenes. Once a minute the browser collects its garbage and
tells, over its own protocol, how much script memory, how many nodes and how many listeners there are. Flat is: what the
last quarter holds is not more than a tenth above what the second quarter held (the first is warming up).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.screenshots import chromium
from tests.e2e.conftest import CHROMIUM_OPTIONS
from tests.e2e.installation import installed
from tests.e2e.people import Person
from tests.e2e.work import new_report

# A county reports some hundred cases a day; here they come by the second.
REPORT_EVERY_S = 2.0
MEASURE_EVERY_S = 60.0
SCENE_S = 10
TOLERATED = 1.10
COUNTED = ("JSHeapUsedSize", "Nodes", "JSEventListeners", "Documents")


@dataclass(frozen=True)
class Sample:
    at_s: float
    counts: dict[str, float]


def soak(minutes: float) -> list[str]:
    """The faults found; each sample is printed as it is taken."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as directory, installed(Path(directory)) as installation:
        county = installation.ask("small_county")
        installation.start_all()
        reporter = Person(installation.address, county["by_role"]["receiver"]).log_in()
        leader = Person(installation.address, county["by_role"]["leader"]).log_in()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
            page = opened(browser, installation.address, leader)
            samples, errors = watched(page, reporter, county, minutes)
            browser.close()
    return errors + growth(samples)


def opened(browser: Any, address: str, person: Person) -> Any:
    context = browser.new_context(base_url=address, viewport={"width": 1920, "height": 1080})
    context.add_cookies([{"name": each.name, "value": each.value, "url": address} for each in person.session.cookies])
    page = context.new_page()
    page.goto("/screen/")
    page.wait_for_selector("screen-wall.is-filled")
    # The scenes turn faster than on a wall, so that an hour has seen what a day sees.
    page.evaluate(f"document.querySelector('screen-wall').scenes.seconds = {SCENE_S}")
    return page


def watched(page: Any, reporter: Person, county: dict[str, Any], minutes: float) -> tuple[list[Sample], list[str]]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"the page failed: {error}"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    began, samples, reports = time.monotonic(), [], 0
    while (spent := time.monotonic() - began) < minutes * 60:
        reports += bool(new_report(reporter, county, f"久测第 {reports + 1} 件"))
        if spent >= len(samples) * MEASURE_EVERY_S:
            samples.append(Sample(spent, measured(devtools)))
            said = ", ".join(f"{name} {count:,.0f}" for name, count in samples[-1].counts.items())
            sys.stdout.write(f"{spent / 60:5.1f} min, {reports} reports: {said}\n")
            sys.stdout.flush()
        page.wait_for_timeout(REPORT_EVERY_S * 1000)
    return samples, errors


def measured(devtools: Any) -> dict[str, float]:
    devtools.send("HeapProfiler.collectGarbage")
    told = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
    return {name: told[name] for name in COUNTED}


def growth(samples: Sequence[Sample]) -> list[str]:
    quarter = len(samples) // 4
    if not quarter:
        return ["too short to tell: four minutes at least"]
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    faults = []
    for name in COUNTED:
        before, after = (statistics.median(each.counts[name] for each in part) for part in (second, last))
        sys.stdout.write(f"{name}: second quarter {before:,.0f}, last quarter {after:,.0f}\n")
        if after > before * TOLERATED:
            faults.append(f"{name} grew from {before:,.0f} to {after:,.0f}")
    return faults
