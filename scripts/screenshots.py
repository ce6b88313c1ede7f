"""Write docs/images/*.png from a running demo county (`./dev demo`), to be looked at and compared with the last.

    python scripts/screenshots.py                        every page in every size
    python scripts/screenshots.py --only desk case       pages whose name begins with one of these
    python scripts/screenshots.py --url http://127.0.0.1:8000 --out docs/images

Needs Playwright and a Chromium (CHENGYUN_CHROMIUM names another than the usual places).
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, sync_playwright

TOKENS = Path(__file__).resolve().parent.parent / "src/chengyun/ui/static/ui/css/tokens.css"
PASSWORD = "chengyun-demo"
DESK, WIDE, WALL, PHONE = (1366, 768), (1920, 1080), (3840, 2160), (390, 844)
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--no-first-run", "--disable-sync"]
SWITCHES += ["--disable-background-networking", "--disable-component-update"]
# The pages ring as they do on a desk where somebody has clicked.
SWITCHES += ["--autoplay-policy=no-user-gesture-required"]
SETTLE_MS = 2500


@dataclass(frozen=True)
class Shot:
    name: str
    account: str  # blank: nobody is logged in
    path: str
    sizes: tuple[tuple[int, int], ...] = (DESK, WIDE, PHONE)
    themes: tuple[str, ...] = ("light",)
    opens: str = ""  # a link to follow first; the first that matches


OPEN_ROW = "a[data-case]"
SHOTS = (
    Shot("login", "", "/login", (DESK, PHONE)),
    Shot("desk-receiver", "shouli", "/cases/", (DESK, WIDE), ("light", "dark"), OPEN_ROW),
    Shot("desk-chief", "zhiban", "/cases/", (DESK,), ("light",), OPEN_ROW),
    Shot("desk-dispatcher", "paiqian", "/cases/", (DESK,), ("light",), OPEN_ROW),
    Shot("desk-department", "zhifa", "/cases/", (DESK,), ("light",), OPEN_ROW),
    Shot("queue", "shouli", "/cases/", (PHONE,)),
    Shot("queue-empty", "shouli", "/cases/?lamp=grey", (DESK, PHONE)),
    Shot("list", "shouli", "/cases/all", (DESK, WIDE, PHONE), ("light", "dark")),
    Shot("list-empty", "shouli", "/cases/all?q=没有这样的词", (DESK,)),
    Shot("case", "paiqian", "/cases/all?stage=handling", (DESK, WIDE, PHONE), ("light",), "td a"),
    Shot("case-closed", "zhiban", "/cases/all?stage=closed", (DESK, PHONE), ("dark",), "td a"),
    Shot("new-case", "shouli", "/report/new"),
    Shot("map", "paiqian", "/map/", (DESK, WIDE, PHONE), ("light", "dark")),
    Shot("screen", "lingdao", "/screen/", (WIDE, WALL)),
    Shot("screen-late", "lingdao", "/screen/#late", (WIDE,)),
    Shot("pocket", "lingdao", "/screen/pocket/", (DESK, PHONE), ("light", "dark")),
    Shot("figures", "lingdao", "/figures/"),
    Shot("statistics", "lingdao", "/statistics/?span=year&rows=department", (DESK, WIDE, PHONE), ("light", "dark")),
    Shot("evaluation", "kaohe", "/evaluation/"),
    Shot("targets", "lingdao", "/targets/"),
    Shot("reports", "lingdao", "/reports/"),
    Shot("notices", "zhiban", "/cases/notices", (DESK, PHONE)),
    Shot("urgent", "zhiban", "/urgent/", (DESK, WIDE, PHONE), ("light",), "tbody a[href^='/urgent/']"),
    Shot("handover", "zhiban", "/handover/", (DESK, WIDE, PHONE), ("light",), ".page-head .button-primary"),
    Shot("campaigns", "ducha", "/campaigns/", (DESK, WIDE, PHONE), ("light", "dark")),
    Shot("campaign", "ducha", "/campaigns/", (DESK, PHONE), ("light",), "tbody a"),
    Shot("registers", "xitong", "/registers/", (DESK, PHONE)),
    Shot("register", "xitong", "/registers/catalogue/", (DESK, WIDE, PHONE), ("light", "dark")),
    Shot("phrases", "zhiban", "/phrases/", (DESK, PHONE)),
    Shot("template", "xitong", "/registers/order-templates/", (DESK,)),
    Shot("help", "shouli", "/help/", (DESK, PHONE)),
    Shot("not-found", "shouli", "/nowhere", (DESK,)),
)


def main() -> None:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in SHOTS if not options.only or shot.name.startswith(tuple(options.only))]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=SWITCHES)
        states = {shot.account: logged_in(browser, options.url, shot.account) for shot in wanted if shot.account}
        for shot in wanted:
            for size, theme in versions(shot):
                take(browser, options.url, shot, size, theme, options.out, states.get(shot.account))
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--only", nargs="*", default=[])
    return parser.parse_args()


def chromium() -> str:
    found = next((each for each in (os.environ.get("CHENGYUN_CHROMIUM", ""), *PLACES) if Path(each).is_file()), "")
    return found or sys.exit("No Chromium: install one, or name it in CHENGYUN_CHROMIUM.")


def versions(shot: Shot) -> Iterator[tuple[tuple[int, int], str]]:
    for theme in shot.themes:
        # The second theme is looked at once, at the first size.
        for size in shot.sizes if theme == shot.themes[0] else shot.sizes[:1]:
            yield size, theme


def logged_in(browser: Browser, url: str, account: str) -> StorageState:
    """Each account logs in once; its pages share what the browser then knows."""
    with browser.new_context() as context:
        log_in(context.new_page(), url, account)
        return context.storage_state()


def take(
    browser: Browser, url: str, shot: Shot, size: tuple[int, int], theme: str, out: Path, state: StorageState | None
) -> None:
    is_phone = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, has_touch=is_phone, is_mobile=is_phone,
        locale="zh-CN", timezone_id="Asia/Shanghai", storage_state=state,
    )  # fmt: skip
    page = context.new_page()
    name = "-".join([shot.name, str(size[0]), *(["dark"] if theme == "dark" else [])])
    page.on("console", lambda message: complain(name, message))
    page.on("pageerror", lambda error: print(f"{name}: {error}", file=sys.stderr))
    page.goto(url + shot.path)
    if shot.opens and page.locator(shot.opens).count():
        page.locator(shot.opens).first.click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE_MS)
    write(page.screenshot(), out / f"{name}.png")
    context.close()


def log_in(page: Page, url: str, account: str) -> None:
    page.goto(f"{url}/login")
    page.fill("[name=username]", account)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.button-primary")
    page.wait_for_load_state()


def complain(name: str, message: ConsoleMessage) -> None:
    # Software drawing warns of its own slowness; everything else is a fault of the page.
    if message.type in ("error", "warning") and "GPU stall" not in message.text:
        print(f"{name}: {message.text}", file=sys.stderr)


def meanings() -> np.ndarray:
    """The product's own colours: a yellow lamp is rare in a picture and must stay yellow."""
    named = sorted(set(re.findall(r"#([0-9a-f]{6})\b", TOKENS.read_text(encoding="utf-8"))))
    return np.array([[int(name[at : at + 2], 16) for at in (0, 2, 4)] for name in named], dtype=np.int32)


def write(png: bytes, path: Path) -> None:
    """256 colours are enough for a page and a third of the size; the commonest are kept exactly, none is forgotten."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int32)
    colours, inverse, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    commonest = colours[np.argsort(-counts)[:128]]
    rare = np.array(Image.fromarray(colours[None].astype(np.uint8)).quantize(64).getpalette(), dtype=np.int32)
    palette = np.concatenate([meanings(), commonest, rare.reshape(-1, 3)])[:256]
    nearest = np.array([np.abs(palette - colour).sum(axis=1).argmin() for colour in colours], dtype=np.uint8)
    picture = Image.fromarray(nearest[inverse.reshape(pixels.shape[:2])], mode="P")
    picture.putpalette(palette.astype(np.uint8).tobytes())
    picture.save(path, optimize=True)
    print(f"{path} {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
