"""Tests of rounds: lists that are stable, mutual, within the rules, and complete where that is possible."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eyelevel.matching import Block, Space, low_rank
from eyelevel.matching.rounds import Rounds, Stage, successive_rounds
from eyelevel.matching.tests.test_candidates import random_space, scores_of


def space_of(scores: list[list[float]]) -> Space:
    """A space in which row i and row j score ``scores[i][j]``; the diagonal must be 1."""
    return Space.build(
        [Block.kernel("given", low_rank(np.asarray(scores), rank=len(FOUR)).features)], weights={"given": 1}
    )


FOUR = [[1.0, 0.9, 0.8, 0.1], [0.9, 1.0, 0.7, 0.2], [0.8, 0.7, 1.0, 0.3], [0.1, 0.2, 0.3, 1.0]]


def may_meet(rounds: Rounds, i: int, j: int, groups: np.ndarray, *, rank: int, per_group: int) -> bool:
    mine, theirs = rounds.partners[i, :rank], rounds.partners[j, :rank]
    full = (groups[mine[mine >= 0]] == groups[j]).sum() >= per_group
    full |= (groups[theirs[theirs >= 0]] == groups[i]).sum() >= per_group
    return groups[i] != groups[j] and j not in mine and not full


def test_each_rank_takes_the_best_free_pairs_first() -> None:
    rounds = successive_rounds(space_of(FOUR), ranks=3, floor=0)
    assert rounds.partners.tolist() == [[1, 2, 3], [0, 3, 2], [3, 0, 1], [2, 1, 0]]
    expected = [[0.9, 0.8, 0.1], [0.9, 0.2, 0.7], [0.3, 0.8, 0.7], [0.3, 0.2, 0.1]]
    assert np.abs(rounds.scores - np.array(expected)).max() < 1e-6


def test_a_swap_serves_two_who_could_only_meet_others() -> None:
    """Rows 2 and 3 are of one group: greedy joins 0 with 1 and leaves them, one swap serves all four."""
    rounds = successive_rounds(space_of(FOUR), ranks=1, groups=[0, 1, 2, 2], floor=0)
    assert rounds.partners.tolist() == [[2], [3], [0], [1]]
    assert rounds.stage.tolist() == [[Stage.SWAP]] * 4
    assert rounds.blocking.tolist() == [1]


def test_a_pair_far_below_what_both_could_have_is_no_match() -> None:
    rounds = successive_rounds(space_of(FOUR), ranks=1, floor=0.9)
    assert rounds.partners.tolist() == [[1], [0], [3], [2]]
    assert successive_rounds(space_of(FOUR), ranks=3, floor=0.9).partners.tolist() == [
        [1, 2, -1], [0, 3, 2], [3, 0, 1], [2, 1, -1]
    ]  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12))
def test_what_no_swap_touched_has_no_blocking_pair(seed: int, group_count: int) -> None:
    space = random_space(seed)
    scores, groups = scores_of(space), np.random.default_rng(seed).integers(0, group_count, 40)
    rounds = successive_rounds(space, ranks=4, groups=groups, floor=0)
    for rank in range(4):
        blocking = [
            (i, j)
            for i in range(40)
            for j in range(i)
            if scores[i, j] > max(rounds.scores[i, rank], rounds.scores[j, rank]) + 1e-6
            and may_meet(rounds, i, j, groups, rank=rank, per_group=2)
        ]
        assert len(blocking) == rounds.blocking[rank]
        assert not blocking or (rounds.stage[:, rank] == Stage.SWAP).any()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    group_count=st.integers(1, 8),
    per_group=st.integers(1, 3),
    own=st.booleans(),
    floor=st.sampled_from([0, 0.8]),
)
def test_rules_hold_whatever_the_stage(
    *, seed: int, group_count: int, per_group: int, own: bool, floor: float
) -> None:
    rng = np.random.default_rng(seed)
    groups, excluded = rng.integers(0, group_count, 40), rng.integers(0, 40, (30, 2))
    rounds = successive_rounds(
        random_space(seed), ranks=6, groups=groups, per_group=per_group,
        own_group_allowed=own, excluded=excluded, floor=floor,
    )  # fmt: skip
    rows, ranks = np.nonzero(rounds.partners >= 0)
    partners = rounds.partners[rows, ranks]
    pairs = {tuple(pair) for pair in np.column_stack([rows, partners]).tolist()}
    assert (rounds.partners[partners, ranks] == rows).all()
    assert (rounds.scores[partners, ranks] == rounds.scores[rows, ranks]).all()
    assert len(pairs) == len(rows)
    assert not pairs & {tuple(pair) for pair in [*excluded.tolist(), *excluded[:, ::-1].tolist()]}
    assert own or (groups[rows] != groups[partners]).all()
    assert np.bincount(rows * 8 + groups[partners], minlength=1).max(initial=0) <= per_group
    assert (rounds.scores[rows, ranks] >= np.minimum(rounds.floor[rows], rounds.floor[partners])).all()
    assert ((rounds.stage > 0) == (rounds.partners >= 0)).all()
    assert (rounds.scores[rounds.partners < 0] == 0).all()


def test_everybody_is_served_at_every_rank_where_nothing_forbids_it() -> None:
    rounds = successive_rounds(random_space(1), ranks=10, groups=np.arange(40) % 10, floor=0)
    assert rounds.lengths.tolist() == [10] * 40


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, order = rng.integers(0, 6, 40), rng.permutation(40)
    space = random_space(seed)
    moved = Space.from_rows(space.rows[order].copy(), layout=space.layout, weights=space.weights)
    plain = successive_rounds(space, ranks=3, groups=groups)
    other = successive_rounds(moved, ranks=3, groups=groups[order])
    named = np.where(other.partners >= 0, order[other.partners], -1)
    assert (plain.partners[order] == named).all()


def test_all_in_one_group_have_no_partners_abroad_but_at_home() -> None:
    groups = np.zeros(40, dtype=int)
    assert successive_rounds(random_space(2), groups=groups).lengths.sum() == 0
    home = successive_rounds(random_space(2), groups=groups, own_group_allowed=True, per_group=2, floor=0)
    assert home.lengths.tolist() == [2] * 40


@pytest.mark.parametrize("count", [0, 1])
def test_without_anybody_to_meet_lists_are_empty(count: int) -> None:
    rounds = successive_rounds(random_space(3, count=count), ranks=4)
    assert rounds.partners.shape == (count, 4)
    assert (rounds.partners == -1).all()


def test_fewer_rows_than_ranks_fill_what_they_can() -> None:
    rounds = successive_rounds(random_space(4, count=4), ranks=10, floor=0)
    assert rounds.lengths.tolist() == [3] * 4


def test_runs_are_equal_bit_by_bit_whatever_the_threads() -> None:
    one, two = (successive_rounds(random_space(5), ranks=5, threads=threads) for threads in (1, 2))
    assert (one.partners == two.partners).all()
    assert (one.scores == two.scores).all()


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    successive_rounds(random_space(6), ranks=3, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_an_error_in_progress_stops_the_run() -> None:
    def stop(share: float) -> None:
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        successive_rounds(random_space(7), progress=stop)


def test_questions_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="ranks must be at least 1"):
        successive_rounds(random_space(8), ranks=0)
    with pytest.raises(ValueError, match="floor must be between 0 and 1"):
        successive_rounds(random_space(8), floor=float("nan"))
    with pytest.raises(ValueError, match="per_group must be at least 1"):
        successive_rounds(random_space(8), groups=np.zeros(40, int), per_group=0)
