"""What the API refuses: the right status, the field named, a way on; never a 500."""

from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twincitylab.atlas.models import AtlasLoad
from twincitylab.base.rate import PerMinute, client_address, per_minute

pytestmark = pytest.mark.usefixtures("atlas")
HUGE = "9" * 30
NUMBERS = [
    "x",
    "NaN",
    "inf",
    "-inf",
    HUGE,
    f"-{HUGE}",
    "-1",
    "1e400",
    "0x10",
    "１２x",
    "",
    " ",
    "null",
    "%00",
]
PARAMETERS = [
    ("cities", "limit"), ("cities", "offset"), ("cities", "population_min"), ("search?q=a", "limit"),
    ("matches/karlsruhe-de", "top"), ("matches/karlsruhe-de", "population_min"),
    ("matches/karlsruhe-de", "population_max"), ("matches/karlsruhe-de", "distance_min_km"),
    ("matches/karlsruhe-de", "distance_max_km"), ("twinnings", "limit"), ("twinnings", "offset"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.API_RATE_PER_MINUTE = 0


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize(("address", "parameter"), PARAMETERS)
def test_bad_number_names_the_field(client: Client, address: str, parameter: str, value: str) -> None:
    mark = "&" if "?" in address else "?"
    response = client.get(f"/api/v1/{address}{mark}{parameter}={value}")
    assert (response.status_code, [one["field"] for one in response.json()["problems"]]) == (422, [parameter])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("preset=best", "preset"), ("weights=size", "weights"), ("weights=size:nan", "weights"),
        ("weights=size:1e999", "weights"), ("weights=colour:1", "weights"), ("weights=size:0", "weights"),
        ("country=ZZ", "country"), ("continent=Mars", "continent"), ("language=xx", "language"),
        ("own_country=maybe", "own_country"), ("population_min=5&population_max=1", "population_min"),
        ("compare=karlsruhe-de", "compare"),
    ],
)  # fmt: skip
def test_bad_question_names_the_field(client: Client, query: str, field: str) -> None:
    response = client.get(f"/api/v1/matches/karlsruhe-de?{query}")
    assert (response.status_code, [one["field"] for one in response.json()["problems"]]) == (422, [field])


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("cities?page=9", "page"), ("cities/karlsruhe-de?top=3", "top"), ("search?q=a&offset=1", "offset"),
        ("matches/karlsruhe-de?min_km=NaN", "min_km"), ("twinnings?iso2=DE", "iso2"), ("status?x", "x"),
        ("?x=1", "x"), ("sources?country=DE", "country"),
    ],
)  # fmt: skip
def test_unknown_parameter_is_named(client: Client, address: str, field: str) -> None:
    response = client.get(f"/api/v1/{address}")
    assert (response.status_code, [one["field"] for one in response.json()["problems"]]) == (422, [field])


@pytest.mark.parametrize(
    "address", ["cities/{}", "matches/{}", "pairs/{}/kyoto-jp", "pairs/kyoto-jp/{}", "twinnings?city={}"]
)
def test_unknown_city_offers_the_nearest_names(client: Client, address: str) -> None:
    response = client.get("/api/v1/" + address.format("Karlsru"))
    answer = response.json()
    assert (response.status_code, answer["choices"][0]["slug"]) == (404, "karlsruhe-de")


@pytest.mark.parametrize("address", ["cities/{}", "matches/{}", "pairs/{}/kyoto-jp"])
def test_ambiguous_city_offers_a_choice(client: Client, address: str) -> None:
    response = client.get("/api/v1/" + address.format("Springfield"))
    assert response.status_code == 409
    assert sorted(choice["slug"] for choice in response.json()["choices"]) == [
        "springfield-il-us", "springfield-ma-us", "springfield-mo-us",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "city", [HUGE, "-1", "0", "%00", "..%2F..", quote("🦄"), quote("‮"), "a" * 5000, "NaN", "%FF"]
)
@pytest.mark.parametrize("address", ["cities/{}", "matches/{}", "pairs/{}/kyoto-jp"])
def test_odd_city_is_refused(client: Client, address: str, city: str) -> None:
    response = client.get("/api/v1/" + address.format(city))
    assert response.status_code in (404, 422)
    assert response.json()["message"]


@pytest.mark.parametrize(
    "address",
    [
        "cities",
        "cities/karlsruhe-de",
        "search?q=a",
        "matches/karlsruhe-de",
        "pairs/a/b",
        "twinnings",
        "countries",
        "status",
    ],
)
def test_without_atlas_says_setup(client: Client, address: str) -> None:
    AtlasLoad.objects.all().delete()
    response = client.get(f"/api/v1/{address}")
    assert (response.status_code, "twincitylab setup" in response.json()["message"]) == (503, True)


def test_address_that_is_not_there_answers_in_json(client: Client) -> None:
    response = client.get("/api/v1/nothing/here")
    assert (response.status_code, response.json()["message"]) == (404, "There is nothing at this address.")


@pytest.mark.parametrize("address", ["cities?", "twinnings?", "matches/karlsruhe-de?", "search?q=san&"])
def test_country_that_is_not_there_is_named(client: Client, address: str) -> None:
    response = client.get(f"/api/v1/{address}country=ZZ")
    assert (response.status_code, [one["field"] for one in response.json()["problems"]]) == (422, ["country"])


@pytest.mark.parametrize("address", ["cities", "cities/Karlsru", "openapi.json", "nothing/here", "inbox"])
def test_head_is_answered_as_get_without_the_body(client: Client, address: str) -> None:
    head, get = client.head(f"/api/v1/{address}"), client.get(f"/api/v1/{address}")
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert [head.get(name) for name in ("Content-Type", "ETag")] == [
        get.get(name) for name in ("Content-Type", "ETag")
    ]


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
def test_method_that_is_not_taken_is_refused_in_json(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/cities")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response.json()["message"] == (
        f"This address does not answer {method.upper()}. It takes GET, HEAD."
    )


def test_too_many_requests_are_told_when_to_come_back(client: Client, settings: Any) -> None:
    settings.API_RATE_PER_MINUTE = 3
    per_minute.forget()
    answers = [client.get("/api/v1/presets") for _turn in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    other = client.get("/api/v1/presets", REMOTE_ADDR="192.0.2.7")
    per_minute.forget()
    assert other.status_code == 200


def test_rate_counts_a_household_once_and_trusts_no_header(rf: Any) -> None:
    first = rf.get("/", REMOTE_ADDR="2001:db8::1", headers={"X-Forwarded-For": "203.0.113.9"})
    second = rf.get("/", REMOTE_ADDR="2001:db8::2")
    assert (client_address(first), client_address(second)) == ("2001:db8::/64", "2001:db8::/64")


def test_rate_is_exact_among_threads(rf: Any, settings: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    settings.API_RATE_PER_MINUTE = 50
    throttle, request = PerMinute(), rf.get("/")
    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(lambda _turn: throttle.allow_request(request), range(200)))
    assert sum(allowed) == 50


TEXT = st.text(max_size=30) | st.sampled_from(
    [*NUMBERS, "karlsruhe-de", "DE", "Springfield", "true", "size:1"]
)
NAMES = st.sampled_from(
    [
        "q", "limit", "offset", "country", "preset", "weights", "top", "compare", "continent", "language",
        "kind", "status", "city", "population_min", "population_max", "distance_min_km", "distance_max_km",
        "has_communities", "own_country",
    ]
)  # fmt: skip
PLACES = st.sampled_from(
    [
        "cities",
        "cities/{}",
        "search",
        "matches/{}",
        "matches/kyoto-jp",
        "pairs/{}/{}",
        "twinnings",
        "countries",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=PLACES, texts=st.tuples(TEXT, TEXT), query=st.dictionaries(NAMES, TEXT, max_size=4))
def test_nothing_asked_ends_in_a_500(
    client: Client, place: str, texts: tuple[str, str], query: dict[str, str]
) -> None:
    path = place.format(*(quote(text.encode("utf-8", "replace"), safe="") for text in texts))
    response = client.get(
        f"/api/v1/{path}", {name: text.encode("utf-8", "replace") for name, text in query.items()}
    )
    assert response.status_code in (200, 404, 409, 422)
    assert django_settings.DEBUG is False
