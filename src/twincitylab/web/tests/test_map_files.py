"""The files of the map hold every city and twinning, and say when they changed."""

import struct

import pytest
from django.test import Client
from tests.sample_atlas import CITIES, COUNTRIES, TWINNINGS

pytestmark = pytest.mark.usefixtures("atlas")


def test_cities_file_holds_every_city_in_five_bytes(client: Client) -> None:
    data = client.get("/map/cities.bin").content
    count, countries = struct.unpack_from("<II", data, 4)
    assert (data[:4], count, countries) == (b"TCL1", len(CITIES), len(COUNTRIES))
    assert len(data) == 12 + 6 * countries + 5 * count


def test_twinnings_file_points_at_rows(client: Client) -> None:
    data = client.get("/map/twinnings.bin").content
    count, width = struct.unpack_from("<II", data, 4)
    rows = struct.unpack_from(f"<{2 * count}H", data, 12)
    assert (count, width) == (len(TWINNINGS), 2)
    assert max(rows) < len(CITIES)


def test_place_names_the_largest_city_of_the_first_country(client: Client) -> None:
    assert client.get("/map/place.json", {"row": "0"}).json() == {
        "label": "Munich, Germany · 1,260,391 people",
        "url": "/cities/munich-de/",
    }


def test_still_dots_are_the_larger_cities(client: Client) -> None:
    picture = client.get("/map/dots.svg").content.decode()
    assert picture.count("h0") == sum(city[6] >= 300_000 for city in CITIES)


def test_unchanged_map_is_not_sent_again(client: Client) -> None:
    tag = client.get("/map/cities.bin")["ETag"]
    again = client.get("/map/cities.bin", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
