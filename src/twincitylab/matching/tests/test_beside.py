"""Places beside a much larger city: who they are, and that they meet their like."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twincitylab.atlas.models import City
from twincitylab.matching import engine
from twincitylab.matching.engine import fair, store
from twincitylab.matching.engine.beside import beside
from twincitylab.matching.engine.presets import find_preset
from twincitylab.matching.tests.cast import KARLSRUHE, LEEDS, NOTTINGHAM, SUVA
from twincitylab.matching.tests.world_of_six import six_cities

NO_PAIRS = np.empty((0, 2), dtype=np.int32)
HALF_RADIUS_OF_TOKYO = 0.5 * (2_000_000 / (np.pi * 3000)) ** 0.5


def beside_tokyo(*, km: float, population: int = 90_000, country: int = 2) -> int:
    """Where Osaka is said to lie when it is moved to the north of Tokyo."""
    table = six_cities()
    latitude, longitude = table.latitude.copy(), table.longitude.copy()
    latitude[4], longitude[4] = latitude[3] + km / 111.19, longitude[3]
    size, countries = table.population.copy(), table.country.copy()
    size[4], countries[4] = population, country
    moved = replace(table, latitude=latitude, longitude=longitude, population=size, country=countries)
    return int(beside(moved, NO_PAIRS)[4])


@pytest.mark.parametrize(
    ("place", "row"),
    [
        ({"km": 0.0}, 3),
        ({"km": HALF_RADIUS_OF_TOKYO - 0.1}, 3),
        ({"km": HALF_RADIUS_OF_TOKYO + 0.1}, -1),
        ({"km": 1.0, "population": 400_000}, 3),
        ({"km": 1.0, "population": 400_001}, -1),
        ({"km": 1.0, "country": 1}, -1),
    ],
)
def test_beside_needs_a_much_larger_city_of_the_country_nearby(place: dict[str, Any], row: int) -> None:
    assert beside_tokyo(**place) == row


def test_city_with_a_twinning_stands_for_itself() -> None:
    table = six_cities()
    latitude, longitude = table.latitude.copy(), table.longitude.copy()
    latitude[4], longitude[4] = latitude[3], longitude[3]
    moved = replace(table, latitude=latitude, longitude=longitude)
    pairs = np.array([[0, 4]], dtype=np.int32)
    assert (beside(moved, NO_PAIRS).tolist(), beside(moved, pairs).tolist()) == (
        [-1, -1, -1, -1, 3, -1],
        [-1] * 6,
    )


@pytest.fixture
def leeds_beside_nottingham(atlas: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    store.forget()
    nottingham = City.objects.get(pk=NOTTINGHAM)
    where = {"latitude": nottingham.latitude, "longitude": nottingham.longitude}
    City.objects.filter(pk=LEEDS).update(population=20_000, **where)
    yield
    store.forget()


@pytest.mark.usefixtures("leeds_beside_nottingham")
@pytest.mark.parametrize("preset", ["balanced", "like-us", "easy", "beyond"])
def test_list_keeps_to_the_setting_of_the_city(preset: str) -> None:
    found = engine.matches_for(KARLSRUHE, preset=preset, top=100)
    assert LEEDS not in {match.city.geonameid for match in found.matches}
    assert engine.matches_for(LEEDS, preset=preset).matches == ()


@pytest.mark.usefixtures("leeds_beside_nottingham")
def test_established_and_comparing_ask_for_no_setting() -> None:
    found = engine.matches_for(KARLSRUHE, preset="established", top=100)
    assert LEEDS in {match.city.geonameid for match in found.matches}
    assert engine.compare(KARLSRUHE, LEEDS).city.beside_name == "Nottingham"


@pytest.mark.usefixtures("leeds_beside_nottingham")
def test_rounds_of_the_two_settings_do_not_touch() -> None:
    world, heard = store.world(), list[float]()
    suva = world.row(SUVA)
    is_beside = np.arange(len(world.table)) == world.row(LEEDS)
    is_beside[suva] = True
    two = replace(world, beside=np.where(is_beside, 0, -1).astype(np.int32))
    lists = fair.compute(find_preset("balanced"), world=two, progress=heard.append)
    assert lists.partners[is_beside, 0].tolist() == np.flatnonzero(is_beside)[::-1].tolist()
    assert not np.isin(lists.partners[~is_beside], np.flatnonzero(is_beside)).any()
    assert heard == sorted(heard)
