"""Every page, narrow and wide, light and dark, in both directions of writing: no violation, no overflow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.fixtures import Settings
from tests.architecture.access_world import make_world

from twincitylab.community.models import Person

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
    "/communities/",
    "/communities/?q=Xyzzy",
    "/map/communities/",
)
# Of each who may open them: the pages of people and their communities.
OWN_PAGES = {
    "visitor": (
        "/communities/",
        "/communities/?topic=trees&direction=need",
        "/map/communities/",
        "/cities/kyoto-jp/",
        "/communities/tree-friends/",
        "/communities/tree-friends/needs/",
        "/join/{token}/",
        "/unsubscribe/{unsubscribe}/",
    ),
    "steward": (
        "/me/",
        "/inbox/",
        "/communities/new/",
        "/communities/tree-friends/",
        "/communities/tree-friends/edit/",
        "/communities/tree-friends/members/",
        "/communities/tree-friends/invitations/",
        "/communities/tree-friends/blocks/",
        "/communities/tree-friends/close/",
        "/communities/tree-friends/leave/",
        "/communities/tree-friends/needs/",
        "/communities/tree-friends/needs/new/?direction=need",
        "/communities/tree-friends/needs/new/?direction=offer",
        "/communities/tree-friends/needs/{need}/edit/",
        "/communities/tree-friends/needs/{need}/delete/",
        "/communities/tree-friends/matches/",
        "/communities/tree-friends/matches/?country=FJ",
        "/communities/tree-friends/matches/elsewhere/",
        "/communities/tree-friends/introduce/elsewhere/",
        "/communities/tree-friends/scouting/",
        "/communities/tree-friends/scouting/graph/",
        "/communities/tree-friends/scouting/paper/",
        "/communities/tree-friends/scouting/file/",
        "/communities/tree-friends/scouting/contacts/new/",
        "/communities/tree-friends/scouting/contacts/{contact}/",
        "/communities/tree-friends/scouting/contacts/{contact}/invitation/",
        "/communities/tree-friends/scouting/contacts/{contact}/removal/",
        "/communities/lanterns/",
        "/communities/former-choir/",
        "/introductions/",
        "/introductions/?show=met",
        "/introductions/{open}/",
        "/introductions/{accepted}/",
        "/introductions/{facilitated}/",
    ),
    "other": (
        "/inbox/",
        "/communities/tree-friends/",
        "/communities/lanterns/",
        "/introductions/{open}/",
        "/communities/tree-friends/edit/",
    ),
    "facilitator": (
        "/facilitate/",
        "/facilitate/?first=elsewhere&second=tree-friends",
        "/communities/tree-friends/verify/",
        "/introductions/{facilitated}/",
    ),
}
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


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "light", "ar"), (1440, "dark", "en")])
@pytest.mark.parametrize("role", OWN_PAGES)
def test_every_page_of_communities_is_accessible(
    browser: Browser, site: str, role: str, width: int, scheme: str, language: str
) -> None:
    world = make_world()
    Person.objects.update(language=language)
    words = {**world.arguments["public"], **world.introductions, "unsubscribe": world.unsubscribe}
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        extra_http_headers={"Accept-Language": language},
    )
    if world.sessions[role]:
        context.add_cookies([{"name": "sessionid", "value": world.sessions[role], "url": site}])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda message: problems.extend(_refusals(message)))
    for address in OWN_PAGES[role]:
        answer = page.goto(site + address.format(**words))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.lang") == language
        assert answer is not None
        if answer.status != (403 if (role, address) == ("other", OWN_PAGES["other"][-1]) else 200):
            problems.append(f"{address} answers {answer.status}")
        problems += [f"{address} {problem}" for problem in _problems(page, width=width)]
    context.close()
    assert problems == []


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
