"""Two people who have never met: each signs up and adds a community, one seeks what the other brings, and
both end with the address of the other. Every page on the way is accessible."""

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.guest import Guest

from twincitylab.community.tests.accounts import last_code

pytestmark = pytest.mark.journey

NEED = "How do you run a repair café that older neighbours come to?"
OFFER = "We teach neighbours how to run a repair café."
MOST_CLICKS = 17
"""From the first page to a proposal that is sent, choices on forms included."""


def sign_up(guest: Guest, *, name: str, email: str) -> None:
    guest.follow("Sign in")
    guest.follow("Make an account")
    guest.page.fill("[name=name]", name)
    guest.page.fill("[name=email]", email)
    guest.press("Make the account")
    guest.page.fill("[name=code]", last_code())
    guest.press("Go on")


def add_community(guest: Guest, *, name: str, city: str) -> None:
    page = guest.page
    guest.follow("Add your community")
    page.get_by_label("Name", exact=True).fill(name)
    page.locator("#city").press_sequentially(city)
    guest.clicks += 2
    page.get_by_role("listbox", name="Cities").get_by_role("option").first.click()
    page.get_by_label("What kind of community?").select_option("initiative")
    page.get_by_label("What are you there for?").fill("We mend what is broken, together.")
    guest.tick("Repair, reuse and circular business")
    guest.press("Add the community")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def publish(guest: Guest, *, way: str, text: str, button: str) -> None:
    guest.follow(way)
    guest.page.get_by_label("In your own words").press_sequentially(text)
    expect(guest.page.get_by_role("radio", name="Repair, reuse and circular business")).to_be_checked()
    guest.tick("knowledge")
    guest.press(button)


def test_two_communities_meet(browser: Browser, site: str) -> None:
    bo = Guest(browser, site, width=1440, scheme="dark")
    sign_up(bo, name="Bo", email="bo@example.org")
    add_community(bo, name="Fixers of Nottingham", city="Notting")
    publish(bo, way="Write what you bring", text=OFFER, button="Publish the offer")

    ada = Guest(browser, site, width=390, scheme="light")
    sign_up(ada, name="Ada", email="ada@example.org")
    add_community(ada, name="Repair Café Karlsruhe", city="Karlsruh")
    publish(ada, way="Write what you seek", text=NEED, button="Publish the need")
    ada.follow("Open your matches")
    first = ada.page.get_by_role("article").first
    expect(first).to_contain_text("Fixers of Nottingham")
    expect(first).to_contain_text(OFFER)
    ada.follow("See both sides")
    expect(ada.page.locator("main")).not_to_contain_text("bo@example.org")
    ada.follow("Propose to meet")
    ada.press("Use these words")
    expect(ada.page.locator("[name=message]")).to_have_value(re.compile("Fixers of Nottingham|Repair Café"))
    ada.press("Send the proposal")
    expect(ada.page.locator("main")).to_contain_text("Now it is up to Fixers of Nottingham")
    expect(ada.page.locator("body")).not_to_contain_text("bo@example.org")
    assert ada.clicks <= MOST_CLICKS

    before = bo.clicks
    bo.page.reload()
    bo.follow("Inbox: 1")
    bo.follow("Read and answer")
    expect(bo.page.locator("body")).not_to_contain_text("ada@example.org")
    bo.press("Yes, we would like to meet")
    assert bo.clicks - before == 3
    expect(bo.page.get_by_role("link", name="ada@example.org")).to_be_visible()

    ada.page.reload()
    expect(ada.page.get_by_role("heading", name="Both sides have said yes")).to_be_visible()
    expect(ada.page.get_by_role("link", name="bo@example.org")).to_be_visible()
    ada.look()
    ada.context.close()
    bo.context.close()
    assert ada.problems + bo.problems == []
