"""Tests of candidates: the best partners of many rows at once, compared with looking at every pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eyelevel.matching import Block, Space, harmonic_mean, unit_rows
from eyelevel.matching.candidates import candidates
from eyelevel.matching.meeting import Rules


def random_space(seed: int, *, count: int = 40) -> Space:
    rng = np.random.default_rng(seed)
    blocks = [
        Block.kernel("facts", unit_rows(rng.random((count, 4)))),
        Block.directed("needs", traits=rng.random((count, 3)), wishes=rng.random((count, 3))),
    ]
    return Space.build(blocks, weights={"facts": 2, "needs": 1})


def scores_of(space: Space) -> np.ndarray:
    queries = [space.query(row) for row in range(len(space))]
    return np.stack([harmonic_mean(space.rows @ q.forward, space.rows @ q.backward) for q in queries])


def test_candidates_are_those_of_a_full_search() -> None:
    space = random_space(1)
    scores = scores_of(space)
    np.fill_diagonal(scores, -1)
    found = candidates(space, count=5, threads=2)
    assert found.index.tolist() == np.argsort(-scores, axis=1)[:, :5].tolist()
    assert np.abs(np.take_along_axis(scores, found.index, axis=1) - found.score).max() < 1e-6


def test_scores_are_the_same_from_both_sides() -> None:
    found = candidates(random_space(2), count=39)
    matrix = np.zeros((40, 40), dtype=np.float32)
    np.put_along_axis(matrix, found.index, found.score, axis=1)
    assert (matrix == matrix.T).all()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    group_count=st.integers(1, 5),
    per_group=st.integers(1, 3),
    own=st.booleans(),
)
def test_lists_obey_the_rules(*, seed: int, group_count: int, per_group: int, own: bool) -> None:
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, group_count, 40)
    excluded = rng.integers(0, 40, (20, 2))
    rules = Rules(groups, per_group, own, None, excluded)
    found = candidates(random_space(seed), count=8, rules=rules)
    barred = {tuple(pair) for pair in np.concatenate([excluded, excluded[:, ::-1]]).tolist()}
    for row, line in enumerate(found.index.tolist()):
        partners = [partner for partner in line if partner >= 0]
        assert row not in partners
        assert len(set(partners)) == len(partners)
        assert not barred & {(row, partner) for partner in partners}
        assert own or groups[row] not in groups[partners]
        assert np.bincount(groups[partners], minlength=1).max() <= per_group


def test_rows_apart_never_meet_although_their_groups_differ() -> None:
    rules = Rules(np.arange(40), 1, apart=np.arange(40) % 2)
    found = candidates(random_space(3), count=30, rules=rules)
    assert (found.index >= 0).sum(axis=1).tolist() == [20] * 40
    assert ((found.index[:, :20] % 2) != (np.arange(40) % 2)[:, None]).all()


def test_some_rows_are_asked_for_in_their_order() -> None:
    space = random_space(4)
    everyone, some = candidates(space, count=3), candidates(space, count=3, rows=[7, 2])
    assert some.index.tolist() == everyone.index[[7, 2]].tolist()


def test_equal_scores_come_in_the_order_of_rows() -> None:
    space = Space.build([Block.kernel("same", np.ones((4, 1)))], weights={"same": 1})
    assert candidates(space, count=2).index.tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]


def test_the_number_of_threads_changes_nothing() -> None:
    one, two = (candidates(random_space(5), count=6, threads=threads) for threads in (1, 2))
    assert (one.index == two.index).all()
    assert (one.score == two.score).all()


def test_no_rows_give_no_lists() -> None:
    space = random_space(6, count=0)
    assert candidates(space, count=3).index.shape == (0, 3)


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    candidates(random_space(7), count=3, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (Rules([0, 1]), "groups must be 40 integers"),
        (Rules(np.linspace(0, 1, 40)), "groups must be 40 integers"),
        (Rules(per_group=2), "per_group needs groups"),
        (Rules(np.zeros(40, int), 0), "per_group must be at least 1"),
        (Rules(excluded=[[0, 40]]), "excluded rows must be between 0 and 39"),
        (Rules(excluded=[0, 1]), "excluded must be pairs"),
    ],
)
def test_rules_that_do_not_fit_are_refused(rules: Rules, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        candidates(random_space(8), rules=rules)


def test_questions_that_make_no_sense_are_refused() -> None:
    space = random_space(9)
    with pytest.raises(ValueError, match="count must be at least 1"):
        candidates(space, count=0)
    with pytest.raises(ValueError, match="rows must be between 0 and 39"):
        candidates(space, rows=[40])
    with pytest.raises(ValueError, match="threads must be at least 1"):
        candidates(space, threads=0)
    with pytest.raises(ValueError, match="unknown block"):
        candidates(space, weights={"nonsense": 1.0})
