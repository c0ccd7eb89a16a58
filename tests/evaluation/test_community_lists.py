"""The lists of communities, in the order of the page, show nobody too often and nobody never."""

from evaluation.communities import crowd_of, fairness, shown, world_of_cities
from evaluation.community_world import generate

from twincitylab.atlas.sources import city_table_from_sources
from twincitylab.matching.engine.communities import rounds


def test_with_famous_ones_everybody_is_shown_and_the_first_three_are_so_for_both() -> None:
    cities = world_of_cities(city_table_from_sources(15000))
    crowd = crowd_of(generate(cities.table, count=300, seed=1, famous=6), cities=cities)
    partners, scores = shown(crowd, rounds.compute(crowd, apart=()))
    figures = fairness(partners)
    assert figures["gini"] <= 0.15
    assert figures["never shown"] == 0
    assert figures["mutual"] >= 0.9
    first, rest = scores[:, :3], scores[:, 3:]
    for part in (first, rest):
        assert (part[:, :-1] >= part[:, 1:] - 1e-9).all()
