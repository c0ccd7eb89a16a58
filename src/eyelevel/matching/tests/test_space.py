"""The space and its query: weights, both directions, rows from elsewhere, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyelevel.matching import Block, Space, clock, sphere


@pytest.fixture
def space() -> Space:
    """Three rows: hours 0, 6, 12; row 0 offers what row 1 needs, row 1 offers half of what row 2 needs."""
    hours = Block.kernel("hours", clock([0.0, 6.0, 12.0]))
    needs = Block.directed("needs", traits=[[1.0, 0.0], [0.0, 0.5], [0.0, 0.0]], wishes=np.eye(3, 2, k=-1))
    return Space.build([hours, needs], weights={"hours": 1, "needs": 3})


def test_default_weights_sum_to_one(space: Space) -> None:
    assert space.weights == {"hours": 0.25, "needs": 0.75}


def test_layout_names_the_columns_of_each_block(space: Space) -> None:
    assert space.bounds == {"hours": slice(0, 3), "needs": slice(3, 7)}
    assert space.rows.shape == (3, 7)


def test_both_directions_by_hand(space: Space) -> None:
    query = space.query(1)
    np.testing.assert_allclose(space.rows @ query.forward, [0.125 + 0.75, 0.25, 0.125], atol=1e-6)
    np.testing.assert_allclose(space.rows @ query.backward, [0.125, 0.25, 0.125 + 0.375], atol=1e-6)


def test_benefit_there_is_the_benefit_here_of_the_other(space: Space) -> None:
    here = np.array([space.rows @ space.query(i).forward for i in range(3)])
    there = np.array([space.rows @ space.query(i).backward for i in range(3)])
    np.testing.assert_allclose(here, there.T, atol=1e-6)


def test_weights_of_the_two_sides_may_differ(space: Space) -> None:
    query = space.query(1, weights={"hours": 5}, back_weights={"needs": 2})
    np.testing.assert_allclose(space.rows @ query.forward, [0.5, 1.0, 0.5], atol=1e-6)
    np.testing.assert_allclose(space.rows @ query.backward, [0.0, 0.0, 0.5], atol=1e-6)


@given(st.floats(1e-300, 1e300))
def test_scaling_all_weights_changes_nothing(scale: float) -> None:
    blocks = [
        Block.kernel("hours", clock([0.0, 6.0])),
        Block.kernel("place", sphere([0.0, 50.0], [0.0, 8.0])),
    ]
    space = Space.build(blocks, weights={"hours": 1, "place": 1})
    one, other = (space.query(0, weights={"hours": x, "place": x}) for x in (1.0, scale))
    np.testing.assert_allclose(one.forward, other.forward, rtol=1e-6)


def test_something_new_is_asked_like_a_row(space: Space) -> None:
    new = [
        Block.directed("needs", traits=[[0, 0.5]], wishes=[[1, 0]]),
        Block.kernel("hours", clock([6.0])),
    ]
    np.testing.assert_array_equal(space.query(new).forward, space.query(1).forward)
    np.testing.assert_array_equal(space.query(new).backward, space.query(1).backward)
    assert (space.query(new).row, space.query(1).row) == (None, 1)


def test_a_block_that_is_left_out_counts_as_unknown(space: Space) -> None:
    np.testing.assert_allclose(
        space.rows @ space.query([Block.kernel("hours", clock([12.0]))]).forward, [0, 0.125, 0.25], atol=1e-6
    )


def test_contributions_sum_to_the_whole(space: Space) -> None:
    query = space.query(1)
    parts = space.contributions(query.forward, rows=np.array([0, 2]))
    np.testing.assert_allclose(parts, [[0.125, 0.75], [0.125, 0.0]], atol=1e-6)


def test_rows_come_back_from_disk_as_a_map(space: Space, tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", space.rows)
    layout = json.loads(json.dumps(space.layout))
    rows = np.load(tmp_path / "rows.npy", mmap_mode="r")
    again = Space.from_rows(rows, layout=layout, weights=space.weights)
    assert np.shares_memory(again.rows, rows)
    assert again.layout == space.layout
    np.testing.assert_array_equal(again.query(1).forward, space.query(1).forward)


def test_rows_cannot_be_changed(space: Space) -> None:
    with pytest.raises(ValueError, match="read-only"):
        space.rows[0, 0] = 1


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"hours": -1.0}, "the weight of 'hours' must be a finite number, at least 0, not -1.0"),
        ({"hours": float("nan")}, "the weight of 'hours' must be a finite number"),
        ({"needs": float("inf")}, "the weight of 'needs' must be a finite number"),
        ({"hours": 0.0}, "at least one weight must be above 0"),
        ({}, "at least one weight must be above 0"),
        ({"hour": 1.0}, "unknown block 'hour'; this space has hours, needs"),
    ],
)
def test_bad_weights_are_refused(space: Space, weights: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        space.query(0, weights=weights)


@pytest.mark.parametrize("row", [-1, 3])
def test_a_row_that_does_not_exist_is_refused(space: Space, row: int) -> None:
    with pytest.raises(IndexError, match=f"row {row} is not one of the 3 rows of this space"):
        space.query(row)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([Block.kernel("size", [[1.0]])], "unknown block 'size'"),
        ([Block.kernel("hours", [[1.0]])], "block 'hours' must be one row of a kernel block, 3 wide"),
        ([Block.kernel("hours", clock([1.0, 2.0]))], "block 'hours' must be one row of a kernel block"),
        ([Block.kernel("hours", clock([1.0]))] * 2, "a block is given twice"),
    ],
)
def test_features_that_do_not_fit_are_refused(space: Space, features: list[Block], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        space.query(features)


def test_blocks_that_do_not_fit_together_are_refused() -> None:
    one, two = Block.kernel("one", clock([1.0])), Block.kernel("two", clock([1.0, 2.0]))
    with pytest.raises(ValueError, match="at least one block"):
        Space.build([], weights={})
    with pytest.raises(ValueError, match=r"blocks have different numbers of rows: \{'one': 1, 'two': 2\}"):
        Space.build([one, two], weights={"one": 1})
    with pytest.raises(ValueError, match="block names must differ"):
        Space.build([one, one], weights={"one": 1})


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.zeros((2, 3)), "rows must be a float32 matrix"),
        (np.zeros((2, 4), dtype=np.float32), "rows have 4 columns, but the layout has 3"),
        (np.zeros((3, 2), dtype=np.float32).T, "rows must be C-contiguous"),
        (np.full((1, 3), np.nan, dtype=np.float32), "rows contain NaN"),
        (np.full((1, 3), 1e20, dtype=np.float32), "absurdly large numbers"),
    ],
)
def test_rows_that_do_not_fit_are_refused(rows: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Space.from_rows(rows, layout=[("hours", 0, 3, False)], weights={"hours": 1})


@pytest.mark.parametrize("layout", [[], [("a", 0, 2, False), ("b", 1, 3, False)], [("a", 0, 3, True)]])
def test_a_layout_with_gaps_is_refused(layout: list[tuple[str, int, int, bool]]) -> None:
    with pytest.raises(ValueError, match=r"does not fit|at least one block"):
        Space.from_rows(np.zeros((1, 3), dtype=np.float32), layout=layout, weights={"a": 1})
