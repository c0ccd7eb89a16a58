"""The learned pull: it survives rounding, knows cities without twins, and never counts a city as its own."""

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from twincitylab.matching.engine.encode import pairs_of_rows
from twincitylab.matching.engine.habits import Habits, adjacency
from twincitylab.matching.engine.pull import Part, Pull, parse_pull, parts, pull_as_json, pull_rows
from twincitylab.matching.tests.world_of_six import six_cities

PLACES = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
COUNTRIES = ("DE", "JP", "XX")
SOME = np.array([[10, 20], [40, 50], [20, 30]], dtype=np.int64)


def graph(twinnings: NDArray[np.int64] = SOME) -> scipy.sparse.csr_matrix:
    return adjacency(pairs_of_rows(six_cities(), twinnings), count=6)


def known(twinnings: NDArray[np.int64] = SOME) -> dict[str, Part]:
    habits = Habits.none()
    return parts(six_cities(), graph(twinnings), countries=COUNTRIES, places=PLACES, habits=habits)


def some_pull() -> Pull:
    rng = np.random.default_rng(4)
    widths = {name: part.inputs.shape[1] for name, part in known().items()}
    made = {name: rng.normal(size=(width, 5)).astype(np.float32) for name, width in widths.items()}
    return Pull(COUNTRIES, PLACES, made)


def test_pull_survives_json_but_for_rounding_to_one_byte() -> None:
    pull = some_pull()
    again = parse_pull(pull_as_json(pull))
    np.testing.assert_allclose(again.places, PLACES, atol=1e-4)
    for name, matrix in pull.parts.items():
        np.testing.assert_allclose(again.parts[name], matrix, atol=0.02)


def test_pull_rows_are_the_inputs_times_what_was_learned() -> None:
    pull = some_pull()
    expected = sum(part.table() @ pull.parts[name] for name, part in known().items())
    found = pull_rows(six_cities(), graph(), pull=pull, habits=Habits.none())
    np.testing.assert_allclose(np.column_stack(found), expected, rtol=1e-4, atol=1e-5)


def test_pull_gives_cities_without_twins_finite_rows() -> None:
    found = pull_rows(six_cities(), graph(SOME[:0]), pull=some_pull(), habits=Habits.none())
    assert np.isfinite(np.column_stack(found)).all()


def test_parts_lead_to_neighbours_and_never_back_to_the_city_itself() -> None:
    near = known(np.array([[10, 40]]))["near"].table().toarray()
    assert near[0].any().tolist() is False
    assert near[2].any().tolist() is True


def test_parts_leave_out_countries_nothing_was_learned_of() -> None:
    own = known()["own"].inputs.toarray()
    assert own[:, :3].tolist() == [[1, 0, 0], [0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]]
