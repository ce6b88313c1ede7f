"""How smoothly the map pans with 6,000 points: `python -m benchmarks.map_pan ADDRESS LOGIN PASSWORD`.

Asks a running demo county; moves the map in a headless Chromium at several zooms and prints, as rows of
a Markdown table, what a frame costs: processor time of the whole browser, and the time between frames
(requestAnimationFrame), without cases and with them. Without a graphics card the browser draws in software, which is
the slowest that anybody has; the time between frames swings with whatever else the machine does.
"""

from __future__ import annotations

import itertools
import sys
from typing import Any

from conftest import chromium_program

from tests.e2e.conftest import CHROMIUM_OPTIONS

FRAMES = 40
ZOOMS = (11, 13, 16)
PAN = """
async ([count, zoom, shown]) => {
  const { map } = document.querySelector("map-desk");
  for (const id of ["clusters", "cluster-counts", "cases"]) {
    map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
  }
  map.jumpTo({ center: [117.1, 37.25], zoom });
  await new Promise((done) => map.once("idle", done));
  const frames = [];
  let last = performance.now();
  await new Promise((done) => requestAnimationFrame(function next(at) {
    frames.push(at - last);
    last = at;
    map.panBy([frames.length % 24 < 12 ? 9 : -9, frames.length % 16 < 8 ? 5 : -5], { animate: false });
    if (frames.length < count) requestAnimationFrame(next); else done();
  }));
  const sorted = frames.sort((a, b) => a - b);
  return [0.5, 0.95].map((share) => Math.round(sorted[Math.floor(sorted.length * share)]));
}
"""


def main(address: str, login: str, password: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=CHROMIUM_OPTIONS)
        page = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
        log_in(page, login, password)
        page.goto("/map/?scope=all")
        page.wait_for_selector("map-desk.is-drawn")
        page.wait_for_function("document.querySelector('map-desk').cases.data.features.length > 0")
        count = page.evaluate("document.querySelector('map-desk').cases.data.features.length")
        print(f"{count} points\n\n| zoom | cases | processor a frame | median frame | 95 % |\n{'| --- ' * 5}|")
        for zoom, shown in itertools.product(ZOOMS, (False, True)):
            before = processor_seconds(browser)
            median, late = page.evaluate(PAN, [FRAMES, zoom, shown])
            each = round((processor_seconds(browser) - before) * 1000 / FRAMES)
            print(f"| {zoom} | {count if shown else 'none'} | {each} ms | {median} ms | {late} ms |")
        browser.close()


def processor_seconds(browser: Any) -> float:
    """What all processes of the browser have used, drawing in software included."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    return float(sum(each["cpuTime"] for each in found["processInfo"]))


def log_in(page: Any, login: str, password: str) -> None:
    page.goto("/login")
    page.fill("[name=username]", login)
    page.fill("[name=password]", password)
    page.locator("form button").first.click()
    page.wait_for_url(lambda url: "/login" not in url)


if __name__ == "__main__":
    main(*sys.argv[1:4])
