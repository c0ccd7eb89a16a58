"""A steward adds a community in the browser: with suggestions for the city, and without any script."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from twincitylab.community.models import Community
from twincitylab.community.tests.world import make_person, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def signed_in(browser: Browser, site: str, *, with_scripts: bool) -> BrowserContext:
    client = sign_in(Client(), make_person())
    context = browser.new_context(
        java_script_enabled=with_scripts, viewport={"width": 390, "height": 900}, locale="en"
    )
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return context


def say_who_we_are(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Repair Café")
    page.get_by_label("What kind of community?").select_option("initiative")
    page.get_by_label("What are you there for?").fill("We mend what is broken, together.")


def choose_a_topic(page: Page) -> None:
    page.get_by_text("Water, energy, food and things").click()
    page.get_by_label("Repair, reuse and circular business").check()


def test_the_city_is_chosen_from_suggestions_and_stays_readable(browser: Browser, site: str) -> None:
    context = signed_in(browser, site, with_scripts=True)
    page = context.new_page()
    page.goto(f"{site}/communities/new/")
    say_who_we_are(page)
    suggested = page.locator("[data-suggested]").get_by_label("Repair, reuse and circular business")
    expect(suggested).to_be_visible()
    suggested.check()
    city = page.locator("#city")
    city.press_sequentially("springf")
    suggestions = page.get_by_role("listbox", name="Cities").get_by_role("option")
    expect(suggestions.first).to_be_visible()
    suggestions.last.click()
    assert city.input_value().startswith("Springfield, ")
    assert page.locator("#city_choice").input_value().startswith("springfield")
    chosen = page.locator("#city_choice").input_value()
    page.get_by_role("button", name="Add the community").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Repair Café")
    assert Community.objects.get().city.slug == chosen
    context.close()


def test_without_scripts_the_city_is_found_in_a_step_of_its_own(browser: Browser, site: str) -> None:
    context = signed_in(browser, site, with_scripts=False)
    page = context.new_page()
    page.goto(f"{site}/communities/new/")
    say_who_we_are(page)
    choose_a_topic(page)
    page.locator("#city").fill("Springfield")
    page.get_by_role("main").get_by_role("button", name="Find").click()
    expect(page.get_by_label("What are you there for?")).to_have_value("We mend what is broken, together.")
    page.get_by_role("radio").first.check()
    chosen = page.get_by_role("radio").first.get_attribute("value")
    page.get_by_role("button", name="Add the community").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Repair Café")
    assert Community.objects.get().city.slug == chosen
    context.close()
