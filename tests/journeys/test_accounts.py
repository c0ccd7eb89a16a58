"""An account in a real browser: a code, a passkey of the device, and every page of it accessible."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from twincitylab.community.models import Person
from twincitylab.community.tests.accounts import last_code

pytestmark = pytest.mark.journey

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OWN_PAGES = (
    "/me/",
    "/me/settings/",
    "/me/tokens/",
    "/me/export/",
    "/me/erase/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/email/",
    "/accounts/password/set/",
    "/accounts/sessions/",
    "/accounts/logout/",
)
ENTRANCES = ("/accounts/login/", "/accounts/login/code/", "/accounts/signup/", "/accounts/password/reset/")


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "light", "en"), (1440, "dark", "ar")])
def test_from_sign_up_to_a_passkey(
    browser: Browser, site: str, width: int, scheme: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        extra_http_headers={"Accept-Language": language},
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda said: problems.append(said.text) if "Security Policy" in said.text else None)
    _add_authenticator(page)

    for address in ENTRANCES:
        _look(page, site + address, problems, width=width)
    page.goto(f"{site}/accounts/signup/")
    page.fill("[name=name]", "Amina")
    page.fill("[name=email]", "amina@example.org")
    _send(page)
    page.fill("[name=code]", last_code())
    _send(page)
    page.wait_for_url("**/me/")
    for address in OWN_PAGES:
        _look(page, site + address, problems, width=width)

    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{site}/accounts/logout/")
    _send(page)
    page.goto(f"{site}/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/me/")
    context.close()
    assert problems == []
    assert Person.objects.get().language == language


def test_a_passkey_that_fails_is_said_on_the_page(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/accounts/login/")
    assert page.locator("#passkey-problem").is_hidden()
    page.route("**/2fa/webauthn/login/", lambda route: route.abort())
    page.click("#passkey_login")
    page.locator("#passkey-problem").wait_for(state="visible")
    page.close()


def _add_authenticator(page: Page) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def _send(page: Page) -> None:
    page.click("main form button.main")
    page.wait_for_load_state()


def _look(page: Page, address: str, problems: list[str], *, width: int) -> None:
    page.goto(address)
    problems += [
        f"{address} {violation['id']}: {node['html'][:160]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        problems.append(f"{address} is wider than the screen")
