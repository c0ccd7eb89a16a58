"""The clues of the second stage: one city asks as many do, sums are sums, sections are told from cities."""

import numpy as np
from numpy.typing import NDArray

from twincitylab.matching.engine.clues import GROUPS, Ground, clues, walks
from twincitylab.matching.engine.encode import pairs_of_rows
from twincitylab.matching.engine.established import base_scores, base_terms, spread_terms, surroundings
from twincitylab.matching.tests.world_of_six import six_cities

SOME = np.array([[10, 20], [40, 50], [20, 30]], dtype=np.int64)
EVERYONE = np.arange(6)


def ground(twinnings: NDArray[np.int64] = SOME) -> Ground:
    table = six_cities()
    return Ground.of(surroundings(table, pairs_of_rows(table, twinnings)))


def test_walks_of_one_city_are_those_it_has_among_many() -> None:
    many = walks(ground(), EVERYONE)
    for row in EVERYONE:
        alone = walks(ground(), np.array([row]))
        for name, values in alone.items():
            assert np.allclose(values[:, 0], many[name][:, row], atol=1e-6), name


def test_the_first_step_of_a_walk_leads_to_the_twins() -> None:
    some = ground()
    assert some.everywhere(walks(some, np.array([1]))["twin"])[:, 0].tolist() == [1, 0, 1, 0, 0, 0]


def test_what_is_around_a_city_is_the_same_for_one_and_for_many() -> None:
    some = ground()
    x = np.arange(2.0 * len(some.start), dtype=np.float32).reshape(-1, 2)
    assert np.allclose(some.around(x)[:, :1], some.around(x[:, :1].copy()))


def test_base_scores_are_the_weighted_sum_of_all_terms() -> None:
    some = ground()
    walked = walks(some, EVERYONE)
    terms = spread_terms(some, base_terms(some, EVERYONE, walked))
    weights = {name: 0.1 * place for place, name in enumerate(terms)}
    total = sum(weights[name] * term for name, term in terms.items())
    assert np.allclose(base_scores(some, EVERYONE, walked, weights=weights), total, atol=1e-3)


def test_every_group_names_clues_that_are_counted() -> None:
    some = ground()
    found = clues(some, EVERYONE, np.tile(EVERYONE, (6, 1)), walks(some, EVERYONE))
    named = [name for members in GROUPS.values() for name in members]
    assert len(named) == len(set(named))
    assert set(named) <= set(found)
    assert all(np.isfinite(found[name]).all() for name in named)


def test_a_small_city_beside_a_large_one_stands_in_its_shade() -> None:
    table = six_cities()
    s = ground().s
    largest = int(np.argmax(table.population))
    assert s.shade[largest] == 0
    assert (s.shade >= 0).all()
    assert s.standing[largest] == 0


def test_without_twinnings_every_clue_is_finite() -> None:
    none = ground(SOME[:0])
    found = clues(none, EVERYONE, np.tile(EVERYONE, (6, 1)), walks(none, EVERYONE))
    assert all(np.isfinite(values).all() for values in found.values())
