"""Shared exposure: hand-computed cases, the promised shares, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyelevel.matching.exposure import gini, mutual, share_exposure, tempered


def test_gini_of_known_distributions() -> None:
    assert gini([1, 1, 1, 1]) == 0
    assert gini([0, 0, 0, 4]) == pytest.approx(0.75)
    assert gini([1, 3]) == pytest.approx(0.25)
    assert gini([0, 0]) == 0


@given(st.lists(st.floats(0.1, 1e3), min_size=2, max_size=30), st.floats(1, 50))
def test_gini_does_not_depend_on_the_unit(values: list[float], factor: float) -> None:
    assert gini(np.array(values) * factor) == pytest.approx(gini(values), abs=1e-9)


def test_tempered_fame_that_is_even_enough_stays() -> None:
    assert tempered([2.0, 3.0], inequality=0.5).tolist() == pytest.approx([0.4, 0.6])


def test_tempered_to_nothing_is_equal() -> None:
    assert tempered([1.0, 100.0], inequality=0.0).tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("fame", [[], [0.0, 1.0], [float("nan")], [[1.0]]])
def test_tempered_refuses_what_is_no_fame(fame: list[float]) -> None:
    with pytest.raises(ValueError, match="fame"):
        tempered(fame, inequality=0.3)


def test_mutual_takes_the_last_score_where_the_other_list_does_not_hold_the_row() -> None:
    both = mutual([[1, 2], [2, -1], [1, 0]], [[4.0, 2.0], [3.0, 0.0], [1.0, 0.0]])
    # 0 is not in the list of 1, whose last score is 3; 2 holds 0 with score 0
    assert both.tolist() == [[3.5, 1.0], [2.0, -np.inf], [2.0, 1.0]]


def famous(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Everybody's candidates are everybody else, and the first rows are liked by all."""
    rng = np.random.default_rng(seed)
    score = rng.normal(size=(rows, rows)) + np.linspace(6, 0, rows)
    index = np.tile(np.arange(rows), (rows, 1))
    index[np.arange(rows), np.arange(rows)] = -1
    return index, score


def test_equal_shares_make_exposure_nearly_equal() -> None:
    index, score = famous(120)
    plain = share_exposure(index, score, k=5, wanted=np.full(120, 1e-9) + (np.arange(120) < 5))
    shared = share_exposure(index, score, k=5, wanted=np.ones(120))
    assert gini(plain.exposure) > 0.5
    assert gini(shared.exposure) < 0.06
    assert shared.exposure.sum() == 600


def test_lists_are_sorted_and_never_hold_a_row_itself_or_one_twice() -> None:
    index, score = famous(40)
    shared = share_exposure(index, score, k=6, wanted=np.ones(40))
    assert (np.diff(shared.score, axis=1) <= 0).all()
    assert all(row not in line and len(set(line)) == 6 for row, line in enumerate(shared.index.tolist()))


def test_fewer_candidates_than_places_make_a_shorter_list() -> None:
    shared = share_exposure([[1, -1, -1]], [[2.0, 0.0, 0.0]], k=2, wanted=[1, 1])
    assert shared.index.tolist() == [[1, -1]]
    assert shared.exposure.tolist() == [0, 1]


def test_no_lists_at_all() -> None:
    shared = share_exposure(np.empty((0, 4)), np.empty((0, 4)), k=2, wanted=[1.0])
    assert shared.index.shape == (0, 2)


@pytest.mark.parametrize(
    ("k", "wanted", "words"),
    [(0, [1.0, 1.0], "k must"), (1, [1.0, 0.0], "wanted"), (1, [1.0], "no wanted share")],
)
def test_share_exposure_refuses(k: int, wanted: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        share_exposure([[1]], [[1.0]], k=k, wanted=wanted)
