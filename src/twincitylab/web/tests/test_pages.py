"""Every page answers with its heading, few questions to the database, and nothing the policy refuses."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from twincitylab.atlas.models import Source

pytestmark = pytest.mark.usefixtures("atlas")

HEADINGS = {
    "/": "Find the city that fits yours",
    "/map/": "The world of twinnings",
    "/map/?country=de": "The world of twinnings",
    "/cities/": "Find a city",
    "/cities/?q=Springfield": "Which “Springfield”?",
    "/cities/?q=Notingham": "No city called “Notingham”",
    "/cities/karlsruhe-de/": "Karlsruhe",
    "/cities/karlsruhe-de/matches/": "Cities that could meet Karlsruhe at eye level",
    "/pairs/karlsruhe-de/nottingham-gb/": "Karlsruhe and Nottingham",
    "/countries/": "Countries",
    "/countries/de/": "Germany",
    "/about/data/": "About the data",
    "/language/": "Language",
    "/gallery/": "Gallery of components",
}


@pytest.mark.parametrize("address", HEADINGS)
def test_page_has_its_heading_and_few_queries(client: Client, settings: Settings, address: str) -> None:
    settings.GALLERY = True
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200
    assert _heading(response.content.decode()) == HEADINGS[address]
    assert len(queries) <= 12
    assert (
        re.findall(r"<[^>]+ style=|<style|<script(?![^>]* src=)| on[a-z]+=", response.content.decode()) == []
    )


def test_search_for_the_only_city_of_a_name_opens_it(client: Client) -> None:
    response = client.get("/cities/", {"q": "münchen"})
    assert (response.status_code, response["Location"]) == (302, "/cities/munich-de/")


def test_suggestions_find_another_script(client: Client) -> None:
    response = client.get("/cities/suggest.json", {"q": "京"})
    assert response.json() == {
        "hits": [
            {
                "name": "Kyoto (京都)",
                "place": "Japan",
                "people": "1,459,640",
                "slug": "kyoto-jp",
                "url": "/cities/kyoto-jp/",
            }
        ],
        "status": "1 city found",
    }


def test_city_in_another_spelling_leads_to_its_address(client: Client) -> None:
    response = client.get("/cities/Krakau/")
    assert (response.status_code, response["Location"]) == (302, "/cities/krakow-pl/")


def test_matches_as_csv_and_json_are_the_list_of_the_page(client: Client) -> None:
    page = client.get("/cities/karlsruhe-de/matches/")
    names = [match.city.name for match in page.context["found"].matches]
    table = client.get("/cities/karlsruhe-de/matches.csv").content.decode().splitlines()
    content = client.get("/cities/karlsruhe-de/matches.json").json()
    assert [line.split(",")[2] for line in table[1:]] == names
    assert [match["city"]["name"] for match in content["matches"]] == names


def test_compare_with_an_ambiguous_name_offers_a_choice(client: Client) -> None:
    response = client.get("/cities/karlsruhe-de/matches/", {"compare": "Springfield"})
    assert {choice.slug for choice in response.context["compare_choices"]} == {
        "springfield-il-us",
        "springfield-ma-us",
        "springfield-mo-us",
    }
    assert response.status_code == 200


def test_sliders_where_the_preset_puts_them_are_not_personal(client: Client) -> None:
    page = client.get("/cities/karlsruhe-de/matches/")
    values = {slider["name"]: slider["value"] for slider in page.context["sliders"]}
    again = client.get("/cities/karlsruhe-de/matches/", values)
    moved = client.get("/cities/karlsruhe-de/matches/", {**values, "w_size": "3"})
    assert (again.context["found"].is_personal, moved.context["found"].is_personal) == (False, True)


def test_preset_keeps_the_filters_and_drops_the_weights(client: Client) -> None:
    asked = {"continent": "AF", "population_min": "100000", "w_size": "7", "compare": "Kyoto"}
    chips = client.get("/cities/karlsruhe-de/matches/", asked).context["chips"]
    assert chips[1].href == "/cities/karlsruhe-de/matches/?continent=AF&population_min=100000&preset=like-us"


def test_pages_vary_by_the_cookie_of_the_language(client: Client) -> None:
    varies = set(client.get("/countries/")["Vary"].split(", "))
    assert varies == {"Accept-Encoding", "Accept-Language", "Cookie"}
    assert "Cookie" not in client.get("/map/cities.bin")["Vary"]
    assert client.get("/map/place.json?row=0")["Cache-Control"] == "private, max-age=600"


@pytest.mark.parametrize("other", ["kyoto-jp", "nancy-fr", "suva-fj"])
def test_letter_tells_what_is_shared_and_no_difference(client: Client, other: str) -> None:
    response = client.get(f"/pairs/karlsruhe-de/{other}/")
    letter, pair = response.context["letter"], response.context["pair"]
    assert letter.startswith(
        f"Dear colleagues in the town hall of {pair.b.name},\n\nwe write to you from Karlsruhe,"
    )
    assert [reason.text for reason in pair.shared[:4] if reason.text not in letter] == []
    assert [reason.text for reason in pair.differences if reason.text in letter] == []
    assert ("We know little of each other yet" in letter) == (len(pair.shared) < 2)
    assert letter.count("?") == 1


def test_measured_figures_say_with_what(client: Client) -> None:
    page = client.get("/about/data/").content.decode()
    assert "about 9,200 known twinnings" in page
    assert "This installation knows 5 twinnings." in page


def test_licence_of_facts_is_told_in_the_reader_s_language(client: Client) -> None:
    Source.objects.update(licence="facts, no licence claimed; collected under Apache-2.0")
    page = client.get("/about/data/", headers={"accept-language": "de"}).content.decode()
    assert "Tatsachen, keine Lizenz beansprucht" in page
    assert "no licence claimed" not in page.split("<footer")[0]


def test_gallery_is_for_builders_only(client: Client, settings: Settings) -> None:
    settings.GALLERY = False
    assert client.get("/gallery/").status_code == 404


def test_impossible_filter_says_what_to_relax(client: Client) -> None:
    response = client.get("/cities/karlsruhe-de/matches/", {"population_min": "90000000", "continent": "EU"})
    assert [address for address, _sentence in response.context["ways_out"]] == [
        "/cities/karlsruhe-de/matches/?continent=EU"
    ]
    assert response.context["found"].matches == ()
    assert "No city fits all of this" in response.content.decode()


def test_export_holds_every_twinning(client: Client) -> None:
    response = client.get("/export/twinnings.csv")
    assert len(b"".join(response).splitlines()) == 1 + 5


def test_language_of_the_browser_is_spoken(client: Client) -> None:
    page = client.get("/", headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page


def test_language_choice_is_kept_by_a_post_only(client: Client) -> None:
    refused = client.get("/language/choice/", {"language": "de"})
    client.post("/language/choice/", {"language": "de", "next": "/countries/"})
    assert "django_language" not in refused.cookies
    assert client.get("/countries/").headers["Content-Language"] == "de"


def _heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return found.group(1).strip() if found else ""
