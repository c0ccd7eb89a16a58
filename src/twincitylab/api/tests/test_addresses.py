"""Every address of the API: what it answers, with how many questions to the database."""

from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from tests.sample_atlas import CITIES

from twincitylab.atlas.models import City, Source, Twinning

pytestmark = pytest.mark.usefixtures("atlas")
MOST_QUERIES = 12
ADDRESSES = [
    "cities", "cities/karlsruhe-de", "search?q=Mun", "matches/karlsruhe-de",
    "matches/karlsruhe-de?compare=kyoto-jp", "pairs/karlsruhe-de/nottingham-gb", "twinnings",
    "twinnings?city=karlsruhe-de", "countries", "presets", "sources", "status", "", "openapi.json", "docs",
]  # fmt: skip


def get(client: Client, address: str) -> dict[str, Any]:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("address", ADDRESSES)
def test_query_count_does_not_grow(client: Client, address: str, django_assert_max_num_queries: Any) -> None:
    client.get(f"/api/v1/{address}")
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        client.get(f"/api/v1/{address}")
    _thirty_twinnings()
    client.get(f"/api/v1/{address}")
    with django_assert_max_num_queries(MOST_QUERIES) as many:
        client.get(f"/api/v1/{address}")
    assert len(many) == len(few)


def _thirty_twinnings() -> None:
    source = Source.objects.get()
    others = [geonameid for geonameid, *_rest in CITIES if geonameid not in (2892794, 2990999, 2641170)]
    pairs = [tuple(sorted((2892794, other))) for other in others] + [
        tuple(sorted((2990999, other))) for other in others[:10]
    ]
    for a, b in pairs:
        Twinning.objects.get_or_create(
            a_id=a, b_id=b, defaults={"source": source, "imported_at": timezone.now()}
        )


def test_cities_come_in_pages_largest_first(client: Client) -> None:
    page = get(client, "cities?country=gb&limit=2&offset=1")
    assert (page["count"], [city["name"] for city in page["items"]]) == (3, ["Cardiff", "Nottingham"])
    assert page["sources"][0]["licence"] == "CC BY 4.0"


@pytest.mark.parametrize("name", ["karlsruhe-de", "2892794", "Karlsruhe", "karlsruhe, germany"])
def test_city_by_slug_id_or_name(client: Client, name: str) -> None:
    found = get(client, f"cities/{name}")
    assert found["city"]["geonameid"] == 2892794
    assert [(twin["city"]["name"], twin["since"]) for twin in found["twinnings"]] == [
        ("Nancy", 1955), ("Nottingham", 1969),
    ]  # fmt: skip


def test_answers_name_the_sources_of_what_they_show(client: Client) -> None:
    for number in range(20):
        Source.objects.create(
            key=f"other-{number}", title=f"Other {number}", licence="", loaded_at=timezone.now()
        )
    found = get(client, "search?q=Mun&limit=1")
    assert (len(found["sources"]), found["all_sources"]) == (1, "/api/v1/sources")
    assert get(client, "sources?limit=2")["count"] == 21


def test_index_names_every_address(client: Client) -> None:
    found = get(client, "")
    assert {line["address"]: line["summary"] for line in found["addresses"]}["/api/v1/search"] == (
        "Find a city by name"
    )
    described = get(client, "openapi.json")["paths"]
    assert sorted((line["method"].lower(), line["address"]) for line in found["addresses"]) == sorted(
        (method, address) for address, methods in described.items() for method in methods
    )


def test_search_in_any_script(client: Client) -> None:
    assert [
        get(client, f"search?q={text}")["items"][0]["slug"] for text in ("Munchen", "ميونخ", "munich")
    ] == ["munich-de"] * 3


def test_matches_of_a_city(client: Client) -> None:
    found = get(client, "matches/karlsruhe-de?top=3&preset=like-us")
    assert (found["origin"], found["preset"]["key"], len(found["matches"])) == ("live", "like-us", 3)
    assert found["certificate"]["exact"] is True
    assert all(2 <= len(match["reasons"]) <= 3 for match in found["matches"])


def test_matches_with_weights_and_filters(client: Client) -> None:
    found = get(client, "matches/karlsruhe-de?weights=size:3,language:1&country=US&population_min=200000")
    assert (found["weights"], found["is_personal"]) == ({"size": 0.75, "language": 0.25}, True)
    assert [match["city"]["name"] for match in found["matches"]] == ["San Francisco"]


def test_matches_with_an_impossible_filter_advise(client: Client) -> None:
    found = get(client, "matches/karlsruhe-de?country=JP&population_max=100000")
    assert (found["matches"], [hint["filter"] for hint in found["advice"]]) == (
        [],
        ["population_max", "country"],
    )


def test_pair_knows_the_twinning(client: Client) -> None:
    found = get(client, "pairs/nottingham-gb/karlsruhe-de")
    assert (found["twinning"]["since"], found["hours"]["shared_hours"]) == (1969, 7.0)


def test_twinnings_of_a_country(client: Client) -> None:
    found = get(client, "twinnings?country=PL")
    assert [(row["a"]["name"], row["b"]["name"], row["since"]) for row in found["items"]] == [
        ("Nancy", "Kraków", 1991)
    ]


def test_status_names_every_preset(client: Client) -> None:
    found = get(client, "status")
    assert (found["city_count"], found["fair_lists"]["balanced"]["state"]) == (len(CITIES), "absent")


def test_answers_are_in_the_readers_language(client: Client) -> None:
    response = client.get("/api/v1/matches/karlsruhe-de?top=1", headers={"Accept-Language": "de"})
    assert response.json()["city"]["country_name"] == "Deutschland"


def test_unchanged_answer_is_not_sent_again(client: Client) -> None:
    first = client.get("/api/v1/matches/karlsruhe-de")
    second = client.get("/api/v1/matches/karlsruhe-de", headers={"If-None-Match": first["ETag"]})
    City.objects.filter(slug="kyoto-jp").update(population=5)
    assert (second.status_code, second.content) == (304, b"")


@pytest.mark.parametrize("address", ADDRESSES[:-2])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: Client, method: str, address: str) -> None:
    assert getattr(client, method)(f"/api/v1/{address}").status_code in (404, 405)


def test_docs_need_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()
    assert "://" not in page
    assert [finders.find(f"ninja/swagger-ui-{name}") is None for name in ("bundle.js", "init.js")] == [
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("query", "field"), [("kind=foo", "kind"), ("status=foo", "status"), ("country=XX", "country")]
)
def test_twinnings_of_no_such_kind_name_the_field(client: Client, query: str, field: str) -> None:
    response = client.get(f"/api/v1/twinnings?{query}")
    assert (response.status_code, [one["field"] for one in response.json()["problems"]]) == (422, [field])
