"""Filters: each narrows, an impossible one says which to relax, a wrong one is refused by name."""

import math
from dataclasses import replace
from typing import Any, cast

import pytest

from twincitylab.community.tests.world import make_community
from twincitylab.matching import engine
from twincitylab.matching.engine import Filters, InvalidRequest
from twincitylab.matching.tests.cast import KARLSRUHE

pytestmark = pytest.mark.usefixtures("atlas")


def names(filters: Filters) -> list[str]:
    return sorted(match.city.name for match in engine.matches_for(KARLSRUHE, filters=filters, top=30).matches)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(country="JP"), ["Hiroshima", "Kyoto"]),
        (Filters(continent="OC"), ["Suva"]),
        (Filters(language="ar"), ["Alexandria", "Cairo"]),
        (Filters(population_min=3_000_000), ["Alexandria", "Cairo"]),
        (Filters(population_max=100_000), ["Suva"]),
        (Filters(distance_max_km=100.0), ["Strasbourg"]),
        (Filters(distance_min_km=15_000.0), ["Suva"]),
    ],
)
def test_filter_narrows(filters: Filters, expected: list[str]) -> None:
    assert names(filters) == expected


def test_impossible_filter_says_which_one_to_relax() -> None:
    found = engine.matches_for(KARLSRUHE, filters=Filters(country="JP", population_max=100_000))
    assert (found.matches, found.candidate_count) == ((), 0)
    assert [(hint.field, hint.count) for hint in found.advice] == [("population_max", 2), ("country", 1)]
    assert found.advice_sentence == "Without the filter “People, at most” there would be 2 cities."


def test_each_advice_keeps_its_promise() -> None:
    impossible = Filters(country="JP", population_max=100_000)
    for hint in engine.matches_for(KARLSRUHE, filters=impossible).advice:
        relaxed = engine.matches_for(
            KARLSRUHE, filters=replace(impossible, **cast("Any", {hint.field: None}))
        )
        assert relaxed.candidate_count == hint.count


def test_two_filters_in_the_way_of_each_other() -> None:
    found = engine.matches_for(KARLSRUHE, filters=Filters(country="JP", continent="AF", language="fj"))
    assert (found.advice, found.matches) == ((), ())
    assert found.advice_sentence.startswith("No single filter is in the way")


def test_no_city_has_communities_yet() -> None:
    found = engine.matches_for(KARLSRUHE, filters=Filters(has_communities=True))
    assert [hint.field for hint in found.advice] == ["has_communities"]


def test_only_cities_whose_communities_anybody_may_find() -> None:
    make_community(city="kyoto-jp")
    make_community(city="nairobi-ke", is_hidden=True)
    make_community(city="krakow-pl", visibility="members")
    make_community(city="cairo-eg", pseudonym="The Lanterns", hides_city=True)
    found = engine.matches_for(KARLSRUHE, filters=Filters(has_communities=True))
    assert [match.city.name for match in found.matches] == ["Kyoto"]


def test_far_with_a_country_nearby_advises_another_preset() -> None:
    found = engine.matches_for(KARLSRUHE, preset="far", filters=Filters(country="PL"))
    assert [hint.field for hint in found.advice] == ["country", "preset"]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        (Filters(country="ZZ"), "country"),
        (Filters(country=""), "country"),
        (Filters(continent="XX"), "continent"),
        (Filters(language="klingon"), "language"),
        (Filters(population_min=-1), "population_min"),
        (Filters(population_max=2**63), "population_max"),
        (Filters(distance_max_km=math.nan), "distance_max_km"),
        (Filters(distance_min_km=math.inf), "distance_min_km"),
        (Filters(population_min=10, population_max=5), "population_min"),
        (Filters(distance_min_km=10.0, distance_max_km=5.0), "distance_min_km"),
    ],
)
def test_filter_refused(filters: Filters, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        engine.matches_for(KARLSRUHE, filters=filters)
    assert refused.value.field == field


def test_filter_choices_name_only_what_the_atlas_has() -> None:
    choices = engine.filter_choices()
    assert [choice.label for choice in choices.countries] == sorted(
        choice.label for choice in choices.countries
    )
    assert {choice.value for choice in choices.continents} == {"AF", "AS", "EU", "NA", "OC"}
