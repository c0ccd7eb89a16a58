"""Every page, narrow and wide, light and dark, in both directions of writing: no violation, no overflow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.journey

PAGES = (
    "/",
    "/map/",
    "/map/?country=de",
    "/cities/?q=Springfield",
    "/cities/?q=Xyzzy",
    "/cities/karlsruhe-de/",
    "/cities/karlsruhe-de/matches/",
    "/cities/karlsruhe-de/matches/?compare=Springfield",
    "/cities/karlsruhe-de/matches/?population_min=90000000",
    "/cities/karlsruhe-de/matches/?population_min=abc",
    "/pairs/karlsruhe-de/nottingham-gb/",
    "/pairs/karlsruhe-de/kyoto-jp/",
    "/countries/",
    "/countries/de/",
    "/countries/eg/",
    "/about/data/",
    "/language/",
    "/gallery/",
    "/nowhere/",
)
VARIANTS = ((360, "light", "en"), (360, "dark", "ar"), (1440, "light", "ar"), (1440, "dark", "de"))


@pytest.mark.parametrize(("width", "scheme", "language"), VARIANTS)
def test_every_page_is_accessible(
    browser: Browser, site: str, settings: Settings, width: int, scheme: str, language: str
) -> None:
    settings.GALLERY = True
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        extra_http_headers={"Accept-Language": language},
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda message: problems.extend(_refusals(message)))
    for address in PAGES:
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        problems += [f"{address} {problem}" for problem in _problems(page, width=width)]
    direction = page.evaluate("document.documentElement.dir")
    context.close()
    assert problems == []
    assert direction == ("rtl" if language == "ar" else "ltr")


def _refusals(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def _problems(page: Page, *, width: int) -> list[str]:
    found = [
        f"{violation['id']}: {node['target']} {node['html'][:160]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("is wider than the screen")
    return found
