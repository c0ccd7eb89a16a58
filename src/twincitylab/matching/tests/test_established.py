"""The second stage: known twins left out, filters kept, figures explained, parameters with provenance."""

import json
from importlib import resources
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from twincitylab.matching.engine.clues import GROUPS, Ground
from twincitylab.matching.engine.encode import pairs_of_rows
from twincitylab.matching.engine.established import established_scores, shipped_net, surroundings
from twincitylab.matching.engine.surroundings import Surroundings
from twincitylab.matching.tests.world_of_six import six_cities

SOME = np.array([[10, 20], [40, 50], [20, 30]], dtype=np.int64)


def ground(twinnings: NDArray[np.int64] = SOME) -> Ground:
    table = six_cities()
    return Ground.of(surroundings(table, pairs_of_rows(table, twinnings)))


def test_established_leaves_out_the_city_and_its_known_twins() -> None:
    found = established_scores(ground(), np.array([1]), top=6)
    assert sorted(found.index[0].tolist()) == [-1, -1, -1, 3, 4, 5]


def test_established_gives_falling_scores_between_zero_and_one() -> None:
    score = established_scores(ground(), np.arange(6), top=4).score
    assert (np.diff(score, axis=1) <= 0).all()
    assert score.min() >= 0
    assert score.max() <= 1


def test_established_keeps_to_the_allowed_cities() -> None:
    allowed = np.array([False, False, False, True, False, False])
    assert established_scores(ground(), np.array([0]), top=2, allowed=allowed).index.tolist() == [[3, -1]]


@pytest.mark.parametrize("twinnings", [SOME, SOME[:0]])
def test_established_explains_every_score_with_finite_numbers(twinnings: NDArray[np.int64]) -> None:
    found = established_scores(ground(twinnings), np.arange(6), top=3)
    assert found.groups == tuple(GROUPS)
    assert found.contributions.shape == (6, 3, len(GROUPS))
    assert np.isfinite(found.contributions).all()


def test_established_answers_the_same_alone_and_among_others() -> None:
    alone = established_scores(ground(), np.array([2]), top=3)
    among = established_scores(ground(), np.array([4, 2, 0]), top=3)
    assert alone.index[0].tolist() == among.index[1].tolist()


def test_established_of_no_city_is_empty() -> None:
    assert established_scores(ground(), np.empty(0, dtype=np.int64), top=3).index.shape == (0, 3)


def test_established_refuses_a_row_that_does_not_exist() -> None:
    with pytest.raises(IndexError, match="between 0 and 5"):
        established_scores(ground(), np.array([6]))


def test_surroundings_survive_a_round_trip_through_arrays() -> None:
    first = ground().s
    arrays: dict[str, Any] = first.arrays()
    second = Surroundings(**arrays)
    assert established_scores(Ground.of(second), np.array([0]), top=3).index.tolist() == (
        established_scores(Ground.of(first), np.array([0]), top=3).index.tolist()
    )


def test_shipped_weights_say_where_they_come_from() -> None:
    path = resources.files("twincitylab.matching.engine").joinpath("weights.json")
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    assert len(text) < 450_000
    assert set(content) == {"provenance", "weights", "habits", "pull", "second_stage"}
    expected = {"data", "links", "licence", "attribution", "date", "seed", "command", "protocol", "measured"}
    assert set(content["provenance"]) == expected


def test_shipped_net_knows_every_clue_it_weighs() -> None:
    net = shipped_net()
    assert set(net.names) == {name for members in GROUPS.values() for name in members}
    assert np.isfinite(net(np.zeros((1, len(net.names)), dtype=np.float32))).all()
