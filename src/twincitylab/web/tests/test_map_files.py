"""The files of the map hold every city and twinning, and say when they changed."""

import re
import struct

import numpy as np
import pytest
from django.test import Client
from tests.sample_atlas import CITIES, COUNTRIES, TWINNINGS

from twincitylab.web.still_map import arc_path

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


@pytest.mark.parametrize(
    ("country", "lines"),
    [("", len(TWINNINGS) + 1), ("DE", 3), ("fj", 2), ("JP", 0)],  # that of Suva leaves the map and returns
)
def test_still_arcs_are_the_twinnings_of_the_country(client: Client, country: str, lines: int) -> None:
    picture = client.get("/map/arcs.svg", {"country": country}).content.decode()
    path = re.search(r' d="([^"]*)"', picture)
    assert (path.group(1).count("M") if path else None) == lines


def test_still_arcs_of_no_country_are_not_found(client: Client) -> None:
    assert client.get("/map/arcs.svg", {"country": "XX"}).status_code == 404


def test_still_arc_leaves_the_map_and_comes_in_again() -> None:
    tokyo, san_francisco = (35.7, 139.7), (37.8, -122.4)
    path = arc_path(*np.array([tokyo, san_francisco]).T)
    out, back = ([float(place.split()[0]) for place in line.split("L")] for line in path[1:].split("M"))
    assert (out == sorted(out), back == sorted(back)) == (True, True)
    assert out[-1] == -back[0] > 350


def test_page_without_scripts_shows_the_arcs_of_the_country_asked_for(client: Client) -> None:
    page = client.get("/map/", {"country": "de"}).content.decode()
    assert re.search(r'<noscript><img src="/map/arcs.svg\?v=[^"]+&amp;country=DE"', page)


def test_unchanged_map_is_not_sent_again(client: Client) -> None:
    tag = client.get("/map/cities.bin")["ETag"]
    again = client.get("/map/cities.bin", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
