"""The main job in a browser: from a name to a city, its partners, and the comparison of two."""

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.sample_atlas import CITIES

pytestmark = pytest.mark.journey

# How many colours a canvas holds: sea and land alone are two, and the edges between them.
COLOURS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def test_first_match_with_the_keyboard(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="en")
    page.goto(site)
    search = page.get_by_role("combobox", name="Find a city")
    search.press_sequentially("ميونخ")
    expect(page.get_by_role("option")).to_have_text(["Munich (ميونخ), Germany1,260,391"])
    search.press("ArrowDown")
    expect(search).to_have_attribute("aria-expanded", "true")
    search.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Munich")
    page.get_by_role("link", name="All matches for Munich").press("Enter")
    first = page.get_by_role("listitem").filter(has=page.get_by_role("article")).first
    name = first.get_by_role("heading").get_by_role("link").inner_text()
    first.get_by_role("link", name=f"Compare Munich and {name}").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Munich and {name}")
    expect(page.get_by_role("heading", name="Shared working hours")).to_be_visible()
    page.close()


def test_first_match_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(site)
    page.get_by_role("textbox", name="Find a city").fill("Karlsruhe")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Karlsruhe")
    page.get_by_role("link", name="All matches for Karlsruhe").click()
    page.get_by_label("Continent").select_option("AF")
    page.get_by_role("button", name="Show the list").click()
    expect(page.get_by_role("article").first).to_contain_text("Kenya")
    context.close()


def test_slider_renews_the_list_without_leaving_the_page(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="en")
    page.goto(f"{site}/cities/karlsruhe-de/matches/")
    names, beams = page.locator("#results h3 a"), page.locator("#results .beam figcaption")
    before = (names.all_inner_texts(), beams.all_inner_texts())
    page.get_by_role("slider", name="Language").fill("0")
    page.get_by_role("slider", name="Size").fill("100")
    expect(page).to_have_url(re.compile("w_language=0"))
    expect(page.locator("#results[aria-busy]")).to_have_count(0)
    after = (names.all_inner_texts(), beams.all_inner_texts())
    assert len(after[0]) == len(before[0])
    assert after != before
    page.close()


def test_map_draws_every_city_and_filters_by_country(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="en", viewport={"width": 1440, "height": 900})
    page.goto(f"{site}/map/")
    canvas = page.locator("[data-map] canvas")
    expect(canvas).to_have_attribute("data-dots", str(len(CITIES)))
    assert canvas.evaluate(COLOURS) > 3
    page.get_by_label("Twinnings of").select_option("JP")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#map-list")).to_contain_text("No twinning is known here yet.")
    page.close()


def test_map_is_walked_with_the_keyboard(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="en", viewport={"width": 1440, "height": 900})
    page.goto(f"{site}/map/?country=jp")
    map_itself = page.get_by_role("application")
    map_itself.focus()
    map_itself.press("ArrowRight")
    said = page.locator("[data-map] [role=status]")
    expect(said).to_have_text("Kyoto, Japan · 1,459,640 people")
    for _zoom in range(4):
        map_itself.press("+")
    map_itself.press("ArrowLeft")
    expect(said).to_have_text("Hiroshima, Japan · 1,143,841 people")
    map_itself.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiroshima")
    page.close()


def test_map_without_scripts_shows_the_twinnings_of_a_country(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{site}/map/?country=de")
    arcs = page.locator("img[src*='arcs.svg']")
    assert arcs.evaluate("image => image.complete && image.naturalWidth > 0")
    expect(page.locator("#map-list")).to_contain_text("Karlsruhe – Nancy")
    context.close()
