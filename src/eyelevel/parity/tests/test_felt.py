"""The eye-level check: hand-computed cases, symmetry, and what it keeps to itself."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyelevel.parity import Missing, felt, talk_first
from eyelevel.parity.felt import FeltDimension

NAN = float("nan")
STEPS = st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0, NAN])
SIDE = st.lists(st.lists(STEPS, min_size=4, max_size=4), min_size=3, max_size=7)
KINDS = [0, 0, 1, 1]


def test_two_sides_by_hand() -> None:
    ours = np.array([[2, 1], [1, NAN], [NAN, 2]])  # views 1.5, 1, 2: mean 1.5
    theirs = np.array([[0, 0], [1, 1], [-1, 0]])  # views 0, 1, -0.5: mean 1/6
    found = felt([ours, theirs], [7, 7])[7]
    assert found.people == (3, 3)
    assert found.means == pytest.approx((1.5, 1 / 6))
    assert found.lean == pytest.approx((1.5 - 1 / 6) / 2)
    assert found.balance == pytest.approx(1 - (1.5 - 1 / 6) / 4)
    assert found.gap == pytest.approx(1.5 + 1 / 6)


def test_the_interval_by_hand() -> None:
    """One dimension: the spread over all dimensions is that of the dimension itself."""
    found = felt([[[1], [0], [2]], [[0], [0], [0]]], [0])[0]
    first, second = (1 / 3) * (1 * 1 + 2) / 3, (1 / 3) * (1 / 24) / 3
    error = math.sqrt(first + second)
    freedom = (first + second) ** 2 / (first**2 / 3 + second**2 / 3)
    assert 3 < freedom < 3.1
    assert found.gap_interval is not None
    half = (found.gap_interval.high - found.gap_interval.low) / 2
    assert half == pytest.approx(1.63 * error, rel=0.01)  # Student's 90 % point: 1.638 with 3, 1.533 with 4


def test_all_agree_that_it_is_level() -> None:
    found = felt([np.zeros((5, 2)), np.zeros((4, 2))], [0, 0])[0]
    assert (found.lean, found.balance, found.gap) == (0, 1, 0)
    assert found.balance_interval is not None
    assert found.balance_interval.low < 1  # five equal answers are no certainty


def test_one_side_carries_all_and_both_say_so() -> None:
    found = felt([np.full((3, 2), 2.0), np.full((3, 2), -2.0)], [0, 0])[0]
    assert (found.lean, found.balance, found.gap) == (2, 0, 0)


def test_three_sides() -> None:
    found = felt([np.full((3, 1), view) for view in (2.0, 0.0, 1.0)], [0])[0]
    assert found.lean is None
    assert found.lean_interval is None
    assert found.balance == pytest.approx(0.5)
    assert found.gap == pytest.approx(2 / 3 * 3)
    assert found.balance_interval is not None
    assert found.balance_interval.holds(0.5)


@given(SIDE, SIDE)
def test_swapping_sides_turns_the_lean_and_nothing_else(
    here: list[list[float]], there: list[list[float]]
) -> None:
    one, other = felt([here, there], KINDS), felt([there, here], KINDS)
    assert talk_first(one) == talk_first(other)
    for a, b in zip(one.dimensions, other.dimensions, strict=True):
        assert (a.balance, a.gap, a.missing) == (b.balance, b.gap, b.missing)
        assert a.people == b.people[::-1]
        if a.lean is not None and b.lean is not None:
            assert a.lean == -b.lean
        if a.balance is not None and a.balance_interval:
            assert a.balance_interval.low - 1e-9 <= a.balance <= a.balance_interval.high + 1e-9


@given(SIDE, SIDE)
def test_a_stronger_view_of_carrying_it_never_lowers_the_lean(
    here: list[list[float]], there: list[list[float]]
) -> None:
    more = np.minimum(np.array(here) + 1, 2)
    for a, b in zip(
        felt([here, there], KINDS).dimensions, felt([more, there], KINDS).dimensions, strict=True
    ):
        if a.lean is not None and b.lean is not None:
            assert b.lean >= a.lean - 1e-12


@pytest.mark.parametrize(
    ("here", "there", "missing"),
    [
        ([[1], [1], [1]], [[1], [1]], Missing.TOO_FEW),
        ([[1], [1], [1]], [[NAN], [NAN], [NAN]], Missing.ONE_SIDE_UNKNOWN),
        ([[1], [1], [1]], [], Missing.ONE_SIDE_UNKNOWN),
        ([], [], Missing.NO_RECORDS),
    ],
)
def test_too_few_answers_show_nothing(
    here: list[list[float]], there: list[list[float]], missing: Missing
) -> None:
    found = felt([here, there], [0])[0]
    assert found == FeltDimension(0, found.people, missing)
    assert talk_first(felt([here, there], [0])) == []


def test_each_dimension_needs_its_own_people() -> None:
    here = [[1, 1, 0, 0]] * 2 + [[1, 1, NAN, NAN]]
    found = felt([here, np.zeros((3, 4))], KINDS)
    assert found[0].missing is None
    assert found[1].missing is Missing.TOO_FEW
    with pytest.raises(KeyError):
        found[2]


def test_first_what_the_views_surely_differ_in_then_what_leans() -> None:
    first = np.column_stack([np.zeros(6), np.full(6, 2), np.full(6, 1), [2, 1, 2, 1, 2, 1]])
    second = np.column_stack([np.zeros(6), np.full(6, -2), np.full(6, 1), [2, 2, 1, 2, 1, 1]])
    assert talk_first(felt([first, second], [0, 1, 2, 3])) == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("answers", "kinds", "message"),
    [
        ([[[3]], [[0]]], [0], "between -2 and 2"),
        ([[[1, 1]], [[0]]], [0], "answers of a side"),
        ([[[1]]], [0], "two sides"),
        ([[[1]], [[1]]], [0.5], "whole"),
    ],
)
def test_it_refuses_what_are_no_answers(
    answers: list[list[list[float]]], kinds: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        felt(answers, kinds)


def test_one_person_is_never_shown() -> None:
    with pytest.raises(ValueError, match="least"):
        felt([[[1]], [[1]]], [0], least=1)
