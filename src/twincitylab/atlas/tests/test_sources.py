"""What the sources say, against facts known from elsewhere."""

import numpy as np
import pytest

from twincitylab.atlas.queries import standard_offset
from twincitylab.atlas.sources import LEVELS, assign_slugs, lowest_level_that_knows
from twincitylab.atlas.sources.cldr import parse_languages, read_languages
from twincitylab.atlas.sources.climate import OCEAN, ZONES, ClimateMap, parse_raster, read_raster
from twincitylab.atlas.sources.geonames import (
    parse_cities,
    parse_countries,
    parse_states,
    read_countries,
    read_states,
)


@pytest.fixture(scope="module")
def world() -> ClimateMap:
    return parse_raster(read_raster())


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "expected"),
    [
        ("Karlsruhe", 49.009, 8.404, "Cfb"),
        ("Cairo", 30.063, 31.250, "BWh"),
        ("Singapore", 1.290, 103.850, "Af"),
        ("Moscow", 55.752, 37.616, "Dfb"),
        ("Honolulu, on a sea cell", 21.307, -157.858, "As"),
    ],
)
def test_climate_of_known_places(
    world: ClimateMap, place: str, latitude: float, longitude: float, expected: str
) -> None:
    assert world.climate([latitude], [longitude]) == [expected], place


def test_climate_is_known_everywhere(world: ClimateMap) -> None:
    latitude, longitude = np.meshgrid(np.linspace(-90, 90, 19), np.linspace(-180, 180, 37))
    assert set(world.climate(latitude.ravel(), longitude.ravel())) <= set(ZONES[1:])


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "least", "most"),
    [
        ("Barcelona", 41.389, 2.159, 0, 9),
        ("Honolulu", 21.307, -157.858, 0, 3),
        ("Mariupol, Sea of Azov", 47.097, 37.541, 0, 9),
        ("Odesa, Black Sea", 46.477, 30.733, 0, 9),
        ("Nottingham", 52.954, -1.150, 80, 120),
        ("Karlsruhe", 49.009, 8.404, 420, 480),
        ("Baku, on the Caspian", 40.377, 49.892, 500, 800),
        ("Chicago, on a lake", 41.850, -87.650, 900, 1200),
        ("Kampala, on a lake", 0.316, 32.582, 800, 1000),
        ("Urumqi", 43.801, 87.601, 2000, 2500),
    ],
)  # fmt: skip
def test_sea_is_as_far_as_on_a_map(
    world: ClimateMap, place: str, latitude: float, longitude: float, least: float, most: float
) -> None:
    assert least <= world.sea_km([latitude], [longitude])[0] <= most, place


def test_sea_is_measured_over_the_date_line() -> None:
    zones = np.full((180, 360), ZONES.index("Af"), dtype=np.uint8)
    zones[90, 0] = OCEAN
    distance = ClimateMap(zones).sea_km([-0.5], [179.5])[0]
    assert distance == pytest.approx(0.5 * 111.195, abs=0.1)


def test_sea_of_a_dry_planet_is_half_a_world_away() -> None:
    zones = np.full((18, 36), ZONES.index("BWh"), dtype=np.uint8)
    assert ClimateMap(zones).sea_km([0.0], [0.0])[0] == pytest.approx(20015, abs=1)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Europe/Berlin", 1.0), ("America/New_York", -5.0), ("Australia/Sydney", 10.0),
        ("Asia/Kathmandu", 5.75),
        ("Pacific/Kiritimati", 14.0), ("Europe/Dublin", 0.0), ("Nowhere/Atlantis", 0.0), ("", 0.0),
        ("../x", 0.0),
    ],
)  # fmt: skip
def test_standard_time_leaves_summer_time_out(zone: str, hours: float) -> None:
    assert standard_offset(zone) == hours


def test_languages_are_shares_and_official_ones_are_marked() -> None:
    rows = {row.language: row for row in parse_languages(read_languages()) if row.country == "CH"}
    assert (rows["de"].is_official, rows["en"].is_official, rows["rm"].is_official) == (True, False, False)
    assert all(0 <= row.share <= 1 for row in parse_languages(read_languages()))


def test_parse_languages_takes_more_than_everybody_as_everybody() -> None:
    facts = {"XX": {"xx": {"population_percent": 140.0, "official_status": None}}}
    assert parse_languages(facts)[0].share == 1.0


def test_parse_cities_orders_by_id_and_drops_empty_names() -> None:
    row = (
        b'{"geonameid": %d, "name": "A", "countrycode": "DE", "admin1code": "IL", "latitude": 1,'
        b' "longitude": 2,'
        b' "population": 3, "timezone": "Europe/Berlin", "alternatenames": ["", "B"]}'
    )
    content = b'{"9": ' + row % 9 + b', "7": ' + row % 7 + b"}"
    rows = parse_cities(content, regions={("US", "IL"): "Illinois"})
    found = [(place.geonameid, place.alternates, place.region) for place in rows]
    assert found == [(7, ("B",), ""), (9, ("B",), "")]


def test_states_of_the_united_states_have_names() -> None:
    states = parse_states(read_states())
    assert (len(states), states["US", "IL"], states["US", "DC"]) == (51, "Illinois", "District of Columbia")


def test_countries_all_have_a_continent() -> None:
    continents = {row.continent for row in parse_countries(read_countries())}
    assert continents == {"AF", "AN", "AS", "EU", "NA", "OC", "SA"}


def test_slugs_are_plain_stable_and_unlike() -> None:
    cities = [
        (1, "Springfield", "US", 100, ()),
        (2, "Springfield", "US", 200, ()),
        (3, "São Paulo", "BR", 1, ()),
        (4, "北京", "CN", 9, ("Beijing",)),
        (5, "東京", "JP", 9, ()),
    ]
    expected = {
        1: "springfield-us-1",
        2: "springfield-us",
        3: "sao-paulo-br",
        4: "beijing-cn",
        5: "city-jp-5",
    }
    assert assign_slugs(cities) == expected
    assert assign_slugs(reversed(cities)) == expected


def test_no_lower_level_is_named_for_ids_nobody_knows() -> None:
    assert lowest_level_that_knows([1, 2**70], above=LEVELS[-1]) == {}
