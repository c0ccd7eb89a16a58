"""Somebody who travels through the product with a browser of their own."""

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from twincitylab.community.models import Person
from twincitylab.community.tests.world import sign_in


class Guest:
    """Somebody with a browser of their own, who counts what has to be clicked, and looks at every page."""

    def __init__(self, browser: Browser, site: str, *, width: int, scheme: str) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="en",
        )
        self.page: Page = self.context.new_page()
        self.site, self.width, self.clicks = site, width, 0
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", lambda said: self._listen(said.text))
        self.page.goto(site)

    def enter_as(self, person: Person) -> None:
        """Be somebody who has signed in; how one does is a journey of its own."""
        cookie = sign_in(Client(), person).cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.site}])

    def follow(self, name: str) -> None:
        self._click("link", name)

    def press(self, name: str) -> None:
        self._click("button", name)

    def tick(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_label(name).check()

    def look(self) -> None:
        """Note what is wrong with the page for whoever sees, hears or touches it."""
        self.page.wait_for_load_state("networkidle")
        self.problems += [
            f"{self.page.url} {violation['id']}: {node['html'][:160]}"
            for violation in Axe().run(self.page).response["violations"]
            for node in violation["nodes"]
        ]
        if self.page.evaluate("document.documentElement.scrollWidth") > self.width:
            self.problems.append(f"{self.page.url} is wider than the screen")

    def _click(self, role: str, name: str) -> None:
        self.clicks += 1
        there = self.page.get_by_role("link" if role == "link" else "button", name=name)
        there.first.click()
        self.page.wait_for_load_state()
        self.look()

    def _listen(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.problems.append(text)
