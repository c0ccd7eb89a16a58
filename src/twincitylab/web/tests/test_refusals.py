"""Bad input gets the right status, the name of the field and a way on; never a 500."""

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from twincitylab.base.rate import per_minute
from twincitylab.community.tests.world import make_community, make_person, sign_in
from twincitylab.community.views import directory
from twincitylab.web import refusals

MATCHES = "/cities/karlsruhe-de/matches/"
UNPROCESSABLE = (
    (MATCHES, "population_min", "abc"),
    (MATCHES, "population_min", "-1"),
    (MATCHES, "population_min", "1" + "0" * 30),
    (MATCHES, "distance_max_km", "NaN"),
    (MATCHES, "distance_max_km", "inf"),
    (MATCHES, "w_size", "-3"),
    (MATCHES, "w_size", "1e400"),
    (MATCHES, "preset", "unheard-of"),
    (MATCHES, "country", "XX"),
    (MATCHES, "top", "0"),
    (MATCHES, "top", "9" * 40),
    ("/map/", "page", "two"),
    ("/map/", "country", "Germany"),
    ("/countries/de/", "page", "-1"),
    ("/cities/", "q", "x" * 500),
    ("/cities/", "q", "\x00"),
)
NOT_FOUND = (
    "/nowhere/",
    "/cities/karlsruhee-xx/",
    "/cities/99999999999999999999999999/",
    "/cities/%00/",
    "/cities/Springfield/",
    "/countries/zz/",
    "/countries/%C3%9F%C3%9F/",
    "/map/?country=zz",
    "/map/place.json?row=99999999999999999999",
    "/map/place.json?row=-1",
    "/map/place.json?row=%C2%B2",
    "/export/twinnings.exe",
    "/pairs/karlsruhe-de/atlantis-xx/",
)


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize(("address", "field", "value"), UNPROCESSABLE)
def test_impossible_value_names_its_field(client: Client, address: str, field: str, value: str) -> None:
    response = client.get(address, {field: value})
    assert response.status_code == 422
    assert f"<code>{field}</code>" in response.content.decode()


@pytest.mark.usefixtures("atlas")
def test_impossible_value_is_named_as_on_the_form_and_kept(client: Client) -> None:
    page = client.get(MATCHES, {"population_min": "abc", "top": "nan"}).content.decode()
    assert "<dt>People, at least <code>population_min</code></dt>" in page
    assert 'name="top" value="nan"' in page


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize(
    "address",
    [f"{MATCHES}?w_size=3", f"{MATCHES[:-1]}.csv", f"{MATCHES[:-1]}.json"],
)
def test_lists_for_one_visitor_alone_are_limited(client: Client, settings: Settings, address: str) -> None:
    settings.API_RATE_PER_MINUTE = 1
    per_minute.forget()
    answers = [client.get(address) for _ in range(2)]
    per_minute.forget()
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 1 <= int(answers[1]["Retry-After"]) <= 60
    assert client.get(MATCHES).status_code == 200


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize("address", NOT_FOUND)
def test_unknown_thing_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("atlas")
def test_unknown_city_shows_the_nearest_names(client: Client) -> None:
    response = client.get("/cities/karlsrue-de/")
    assert [hit.slug for hit in response.context["nearest"]] == ["karlsruhe-de"]


@pytest.mark.usefixtures("atlas")
def test_city_compared_with_itself_is_refused(client: Client) -> None:
    response = client.get("/pairs/karlsruhe-de/karlsruhe-de/")
    assert response.status_code == 422
    assert "A city cannot be compared with itself." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/map/", "/map/cities.bin", "/cities/x-de/", MATCHES, "/countries/"]
)
def test_without_an_atlas_the_command_is_named(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 503
    assert "<code>twincitylab setup</code>" in response.content.decode()


@pytest.mark.django_db
def test_about_the_data_works_without_an_atlas(client: Client) -> None:
    assert client.get("/about/data/").status_code == 200


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize("is_old", [True, False])
def test_a_database_of_an_earlier_version_is_said_by_pages_of_every_app(
    client: Client, monkeypatch: pytest.MonkeyPatch, *, is_old: bool
) -> None:
    def without_table(*_args: object, **_more: object) -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr(refusals, "_is_of_an_earlier_version", lambda: is_old)
    monkeypatch.setattr(directory, "find", without_table)
    if is_old:
        page = client.get("/communities/")
        assert (page.status_code, "of an earlier version" in page.content.decode()) == (503, True)
    else:
        with pytest.raises(OperationalError):
            client.get("/communities/")


@pytest.mark.django_db
def test_this_database_is_not_of_an_earlier_version() -> None:
    assert refusals._is_of_an_earlier_version() is False


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize(
    ("address", "above"),
    [("scouting/districts/", "scouting/"), ("scouting/export/", "scouting/"), ("needs/7/take/", "needs/")],
)
def test_an_address_that_takes_a_form_leads_to_its_page(client: Client, address: str, above: str) -> None:
    ada = make_person()
    community = make_community(steward=ada)
    sign_in(client, ada)
    root = f"/communities/{community.slug}/"
    response = client.get(root + address)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert f'href="{root}{above}"' in response.content.decode()


@pytest.mark.usefixtures("atlas")
def test_a_page_says_whose_it_is(client: Client) -> None:
    community = make_community()
    sign_in(client, make_person("Zoe"))
    for address, sentence in (
        (f"/communities/{community.slug}/edit/", "Only stewards of this community can see this page"),
        (f"/communities/{community.slug}/members/", "Only members of this community can see this page"),
        ("/facilitate/", "Only facilitators can see this page"),
    ):
        response = client.get(address)
        text = response.content.decode()
        assert (response.status_code, sentence in text) == (403, True)
        assert "open for too long" not in text


@pytest.mark.usefixtures("atlas")
def test_a_form_without_its_sign_says_how_to_send_it_again() -> None:
    client = Client(enforce_csrf_checks=True)
    ada = make_person()
    sign_in(client, ada)
    response = client.post("/me/settings/", {"name": "Ada"})
    assert response.status_code == 403
    assert "The form was perhaps open for too long" in response.content.decode()
