"""Write docs/images/handbook/*.webp, the pictures of the handbooks, from a running demo county (`./dev demo`).

    python scripts/handbook.py                           every picture
    python scripts/handbook.py --only queue map          pictures whose name begins with one of these
    python scripts/handbook.py --url http://127.0.0.1:8000 --out docs/images/handbook

No picture takes a step or saves a form: the county is afterwards as it was before.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.screenshots import OPEN_ROW, SWITCHES, chromium, log_in

SIZE = {"width": 1280, "height": 760}
QUALITY = 72
SETTLE_MS = 2500


@dataclass(frozen=True)
class Picture:
    name: str
    account: str  # blank: nobody is logged in
    path: str
    # What is done on the page first: (what, where, with what); `click` without such a thing on the page does nothing.
    doing: tuple[tuple[str, str, str], ...] = ()


def click(where: str) -> tuple[str, str, str]:
    return ("click", where, "")


def press(key: str) -> tuple[str, str, str]:
    return ("press", "", key)


def write(where: str, words: str) -> tuple[str, str, str]:
    return ("write", where, words)


def wait(where: str) -> tuple[str, str, str]:
    return ("wait", where, "")


FIRST = (click(OPEN_ROW), wait("#case .case"))
LISTED = (("follow", "td a", ""), wait(".case"))
PHRASES = (wait("button.phrase-open"), click("button.phrase-open"))
DRAWN = wait("city-map canvas, map-desk.is-drawn canvas")
TYPED = (write("[name=title]", "凤凰街 12 号垃圾堆积"), write("[name=words]", "生活垃圾堆在人行道上，两天没有清理。"))
ROW = click(".register-table td a")
PICTURES = (
    Picture("login", "", "/login"),
    Picture("factor", "paiqian", "/second-factor"),
    Picture("queue", "shouli", "/cases/", FIRST),
    Picture("register", "shouli", "/report/new", (*TYPED, DRAWN)),
    Picture("accept", "shouli", "/cases/all?stage=reported", LISTED),
    Picture("file", "zhiban", "/cases/all?stage=accepted", LISTED),
    Picture("dispatch", "paiqian", "/cases/", FIRST),
    Picture("bulk", "paiqian", "/cases/", (press("j"), press("x"), press("j"), press("x"), press("B"))),
    Picture(
        "phrases",
        "shouli",
        "/cases/all?stage=reported",
        (*LISTED, *PHRASES),
    ),
    Picture("notes", "zhiban", "/cases/all?stage=handling", (*LISTED, ("see", ".notes", ""))),
    Picture("map", "paiqian", "/map/", (DRAWN,)),
    Picture("urgent", "zhiban", "/urgent/"),
    Picture("handover", "zhiban", "/handover/", (click(".page-head .button-primary"),)),
    Picture("campaigns", "ducha", "/campaigns/"),
    Picture("keys", "shouli", "/cases/", (*FIRST, press("?"))),
    Picture("registers", "xitong", "/registers/"),
    Picture("users", "xitong", "/registers/users/"),
    Picture("row", "xitong", "/registers/users/", (ROW,)),
    Picture("upload", "xitong", "/registers/duties/upload"),
    Picture("regions", "xitong", "/regions/"),
    Picture("assets", "xitong", "/assets/new", (DRAWN,)),
    Picture("settings", "xitong", "/people/settings/"),
    Picture("roster", "zhiban", "/people/roster/"),
)


def main() -> None:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = [each for each in PICTURES if not options.only or each.name.startswith(tuple(options.only))]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=SWITCHES)
        for page, picture in pages(browser, options.url, wanted):
            page.goto(options.url + picture.path)
            for what, where, words in picture.doing:
                act(page, what, where, words)
            page.wait_for_timeout(SETTLE_MS)
            save(page.screenshot(), options.out / f"{picture.name}.webp")
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("docs/images/handbook"))
    parser.add_argument("--only", nargs="*", default=[])
    return parser.parse_args()


def pages(browser: Browser, url: str, wanted: list[Picture]) -> Iterator[tuple[Page, Picture]]:
    """Each account logs in once."""
    opened: dict[str, Page] = {}
    for picture in wanted:
        if picture.account not in opened:
            context = browser.new_context(
                viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai", color_scheme="light"
            )  # fmt: skip
            opened[picture.account] = context.new_page()
            if picture.account:
                log_in(opened[picture.account], url, picture.account)
        yield opened[picture.account], picture


def act(page: Page, what: str, where: str, words: str) -> None:
    doing: dict[str, Any] = {
        "click": lambda: page.locator(where).first.click(),
        "follow": lambda: page.goto(page.locator(where).first.evaluate("(link) => link.href")),
        "write": lambda: page.fill(where, words),
        "press": lambda: page.keyboard.press(words),
        "see": lambda: page.locator(where).first.scroll_into_view_if_needed(),
    }
    if what == "wait":
        page.wait_for_selector(where, timeout=60_000)
        return
    if where and not page.locator(where).count():
        print(f"{page.url}: nothing at {where}", file=sys.stderr)
        return
    doing[what]()
    page.wait_for_timeout(SETTLE_MS // 3)


def save(png: bytes, path: Path) -> None:
    Image.open(io.BytesIO(png)).convert("RGB").save(path, quality=QUALITY, method=6)
    print(f"{path} {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
