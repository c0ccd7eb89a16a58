"""The space: finite, repeatable, with or without twinnings."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from twincitylab.matching.engine.encode import encode, pairs_of_rows
from twincitylab.matching.engine.habits import Habits
from twincitylab.matching.engine.learned import Learned
from twincitylab.matching.tests.world_of_six import six_cities

NONE = np.empty((0, 2), dtype=np.int64)
SOME = np.array([[10, 20], [40, 50], [20, 30]], dtype=np.int64)
KERNELS = ("size", "place", "hours", "climate", "sea", "language")


def test_encode_names_the_blocks_every_preset_weighs() -> None:
    assert encode(six_cities(), NONE).space.names == (*KERNELS, "ties", "affinity", "degree", "pull")


@pytest.mark.parametrize("twinnings", [NONE, SOME])
def test_encode_gives_finite_rows(twinnings: NDArray[np.int64]) -> None:
    assert np.isfinite(encode(six_cities(), twinnings).space.rows).all()


@pytest.mark.parametrize("name", KERNELS)
def test_encode_gives_fact_blocks_of_norm_one(name: str) -> None:
    space = encode(six_cities(), SOME).space
    norms = np.linalg.norm(space.rows[:, space.bounds[name]], axis=1)
    np.testing.assert_allclose(norms, 1.0, atol=1e-3)


def test_encode_is_repeatable_and_does_not_mind_order_or_direction() -> None:
    first, second = encode(six_cities(), SOME), encode(six_cities(), SOME[::-1, ::-1])
    np.testing.assert_array_equal(first.space.rows, second.space.rows)


def test_encode_leaves_out_doubles_selves_and_unknown_cities() -> None:
    twinnings = np.array([[10, 20], [20, 10], [10, 10], [10, 999], [5, 20]])
    assert pairs_of_rows(six_cities(), twinnings).tolist() == [[0, 1]]


def test_encode_without_twinnings_gives_every_city_a_wish() -> None:
    space = encode(six_cities(), NONE).space
    span = space.layout[space.names.index("ties")]
    norms = np.linalg.norm(space.rows[:, span.middle : span.stop], axis=1)
    np.testing.assert_allclose(norms, 1.0, atol=1e-3)


def test_encode_moves_the_wish_of_a_city_towards_its_twin() -> None:
    def benefit(twinnings: NDArray[np.int64]) -> float:
        space = encode(six_cities(), twinnings).space
        return float(space.rows[3] @ space.query(0, weights={"ties": 1}).forward)

    assert benefit(np.array([[10, 40]])) > benefit(NONE)


def test_encode_keeps_facts_when_twinnings_change() -> None:
    first, second = encode(six_cities(), NONE).space, encode(six_cities(), SOME).space
    stop = first.bounds["language"].stop
    np.testing.assert_array_equal(first.rows[:, :stop], second.rows[:, :stop])


def test_encode_gives_finite_rows_without_a_learned_pull() -> None:
    nothing = Learned({"degree": 1.0}, Habits.none())
    space = encode(six_cities(), SOME, parameters=nothing).space
    assert not space.rows[:, space.bounds["pull"]].any()
    assert np.isfinite(space.rows).all()


def test_encode_refuses_an_empty_atlas() -> None:
    table = six_cities()
    empty = replace(table, geonameid=table.geonameid[:0])
    with pytest.raises(ValueError, match="no city"):
        encode(empty, NONE)
