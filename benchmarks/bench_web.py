"""What a visitor's browser has to fetch, and when the map first shows: real pages in a real Chromium.

Run ``python -m benchmarks.bench_web`` after ``twincitylab setup``. Serves the product on a free port of this
machine, opens each page in a fresh browser profile and counts the bytes that travelled. Exits with 1 above
a bar.
"""

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, sync_playwright

PAGE_BAR_KB = 100  # HTML, styles and scripts
MAP_BAR_KB = 450  # the world map with all its data
PAINT_BAR_S = 2.0
ROUNDS = 5
PAGES = {
    "home": "/",
    "world map": "/map/",
    "search": "/cities/?q=san",
    "city": "/cities/karlsruhe-de/",
    "matches": "/cities/karlsruhe-de/matches/",
    "pair": "/pairs/karlsruhe-de/nottingham-gb/",
    "countries": "/countries/",
    "country": "/countries/de/",
    "about the data": "/about/data/",
}
CHROMIUM_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
QUIET_FLAGS = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
PAGE_TYPES = ("text/html", "text/css", "text/javascript", "application/javascript")


@dataclass(frozen=True)
class Visit:
    """Kilobytes as they travelled, and seconds until something was painted."""

    page_kb: float
    all_kb: float
    paint_s: float


def main() -> int:
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser_path:
        print("Chromium is needed: apt install chromium", file=sys.stderr)
        return 1
    met = True
    print(f"{'page':16} {'page kB':>8} {'all kB':>8} {'first paint s':>14}")
    with _served() as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=[*CHROMIUM_FLAGS, *QUIET_FLAGS]
        )
        for name, address in PAGES.items():
            visits = [_visit(browser, origin + address) for _ in range(ROUNDS)]
            page_kb, all_kb = max(v.page_kb for v in visits), max(v.all_kb for v in visits)
            paint = statistics.median(v.paint_s for v in visits)
            met &= page_kb < PAGE_BAR_KB and (name != "world map" or all_kb < MAP_BAR_KB)
            met &= paint < PAINT_BAR_S
            print(f"{name:16} {page_kb:8.1f} {all_kb:8.1f} {paint:14.2f}")
        browser.close()
    print(f"bars: page < {PAGE_BAR_KB} kB; world map in all < {MAP_BAR_KB} kB; first paint < {PAINT_BAR_S} s")
    return 0 if met else 1


def _visit(browser: Browser, url: str) -> Visit:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    types: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session: CDPSession = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.responseReceived", lambda e: types.update({e["requestId"]: e["response"]["mimeType"]})
    )
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto(url, wait_until="networkidle")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page_kb = sum(size for key, size in sizes.items() if types.get(key, "") in PAGE_TYPES) / 1000
    all_kb = sum(sizes.values()) / 1000
    context.close()
    return Visit(page_kb=page_kb, all_kb=all_kb, paint_s=paint / 1000)


@contextlib.contextmanager
def _served() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "twincitylab.config.settings"}
    server = subprocess.Popen([*gunicorn, "--log-level", "error", "twincitylab.config.wsgi"], env=environment)
    try:
        _wait_until_it_answers(origin)
        yield origin
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_it_answers(origin: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(origin + "/cities/karlsruhe-de/matches/", timeout=30).close()  # noqa: S310 - our own server
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not answer; is the atlas set up? twincitylab setup")


if __name__ == "__main__":
    sys.exit(main())
