"""Measured balance: hand-computed cases, what never changes it, and what cannot be said."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyelevel.parity import Balance, Missing, balance, balance_of, direction
from eyelevel.parity.balance import LEAST_RECORDS, jeffreys

NAN = float("nan")
AMOUNT = st.floats(0.01, 1e6)
SIDES = st.lists(AMOUNT, min_size=2, max_size=5)
RECORDS = st.integers(LEAST_RECORDS, 12).flatmap(
    lambda n: st.lists(st.tuples(AMOUNT, AMOUNT), min_size=n, max_size=n)
)


@pytest.mark.parametrize(
    ("amounts", "capacities", "value"),
    [
        ([30, 20], None, 2 / 3),
        ([7, 7], None, 1),
        ([0, 5], None, 0),
        ([30, 20], [3, 2], 1),
        ([30, 20], [1, 2], 1 / 3),
        ([4, 2, 1], None, 1 / 4),
        ([4, 2, 1], [4, 2, 1], 1),
    ],
)
def test_smallest_over_largest_per_head(
    amounts: list[float], capacities: list[float] | None, value: float
) -> None:
    found = balance(amounts, capacities)
    assert found.value == pytest.approx(value, abs=1e-15)
    assert found.is_per_head is (capacities is not None)
    assert found.missing is None


def test_the_lean_is_towards_the_first() -> None:
    assert balance([20, 10]).lean == pytest.approx(math.log(2))
    assert balance([0, 10]).lean == -math.inf
    assert balance([10, 0]).lean == math.inf
    assert balance([4, 2, 1]).lean is None


@pytest.mark.parametrize(
    ("amounts", "capacities", "missing"),
    [
        ([0, 0], None, Missing.ALL_ZERO),
        ([0, 0], [3, 1], Missing.ALL_ZERO),
        ([NAN, NAN], None, Missing.NO_RECORDS),
        ([NAN, 3], None, Missing.ONE_SIDE_UNKNOWN),
        ([3, 3], [1, NAN], Missing.NO_CAPACITY),
        ([3, 3], [1, 0], Missing.NO_CAPACITY),
    ],
)
def test_it_says_what_it_cannot_say(
    amounts: list[float], capacities: list[float] | None, missing: Missing
) -> None:
    found = balance(amounts, capacities)
    assert (found.value, found.lean, found.missing) == (None, None, missing)


@pytest.mark.parametrize("amounts", [[1], [[1, 2]], [1, -1], [1, math.inf], []])
def test_it_refuses_what_are_no_amounts(amounts: list[float]) -> None:
    with pytest.raises(ValueError, match="amounts must be"):
        balance(amounts)


def test_it_refuses_capacities_of_other_sides() -> None:
    with pytest.raises(ValueError, match="capacities must be"):
        balance([1, 2], [1, 2, 3])


@given(SIDES, st.randoms(use_true_random=False))
def test_the_order_of_sides_does_not_matter(amounts: list[float], random: object) -> None:
    assert balance(amounts[::-1]).value == balance(amounts).value
    if len(amounts) == 2:
        assert balance(amounts[::-1]).lean == -(balance(amounts).lean or 0.0)


@given(SIDES, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_do_not_matter(amounts: list[float], unit: float, head: float) -> None:
    heads = np.arange(1, len(amounts) + 1)
    other = balance(np.array(amounts) * unit, heads * head)
    assert other.value == pytest.approx(balance(amounts, heads).value)


@given(SIDES, st.floats(0, 1))
def test_adding_to_the_weaker_side_never_lowers_it(amounts: list[float], part: float) -> None:
    weaker, sides = int(np.argmin(amounts)), np.array(amounts)
    more = sides.copy()
    more[weaker] += part * (sides.max() - sides.min())
    assert (balance(np.minimum(more, sides.max())).value or 0) >= (balance(sides).value or 0)


def test_the_jackknife_by_hand() -> None:
    rows = np.array([[2.0, 1], [3, 4], [2, 1], [4, 2]])  # sums 11 and 8
    without = np.log(np.array([9 / 7, 8 / 4, 9 / 7, 7 / 6]))
    error = math.sqrt(3 / 4 * ((without - without.mean()) ** 2).sum())
    found = balance_of(rows)
    assert found.value == pytest.approx(8 / 11)
    assert found.lean_interval is not None
    middle = (found.lean_interval.low + found.lean_interval.high) / 2
    assert middle == pytest.approx(math.log(11 / 8))
    half = (found.lean_interval.high - found.lean_interval.low) / 2
    assert 1.44 * error < half < 3.08 * error  # Student's 90 % point with 1 to 6 degrees of freedom


def test_where_little_was_given_it_is_linearisation() -> None:
    rows = np.array([[2.0, 0], [3, 4], [0, 1], [4, 2]])  # sums 9 and 7; two of eight are nothing
    parts = rows / [9, 7]
    error = math.sqrt(4 / 3 * ((parts[:, 0] - parts[:, 1]) ** 2).sum())
    found = balance_of(rows)
    assert found.lean_interval is not None
    half = (found.lean_interval.high - found.lean_interval.low) / 2
    assert 1.44 * error < half <= 1.64 * error  # Student's 90 % point with 3 to 6 degrees of freedom


@given(RECORDS)
def test_swapping_sides_mirrors_lean_and_interval(records: list[tuple[float, float]]) -> None:
    rows = np.array(records)
    here, there = balance_of(rows), balance_of(rows[:, ::-1])
    assert here.value == there.value
    assert here.no_interval == there.no_interval
    if here.interval and there.interval and here.lean_interval and there.lean_interval:
        assert tuple(here.interval) == pytest.approx(tuple(there.interval))
        assert here.lean_interval.low == pytest.approx(-there.lean_interval.high)


@given(RECORDS, st.floats(1e-3, 1e3))
def test_units_do_not_move_the_interval(records: list[tuple[float, float]], unit: float) -> None:
    rows = np.array(records)
    here, there = balance_of(rows, [2, 3]), balance_of(rows * unit, [20, 30])
    assert there.value == pytest.approx(here.value)
    if here.interval and there.interval:
        assert tuple(there.interval) == pytest.approx(tuple(here.interval), abs=1e-6)


@given(RECORDS)
def test_capacities_move_figure_and_interval_alike(records: list[tuple[float, float]]) -> None:
    plain, per_head = balance_of(records), balance_of(records, [2, 3])
    if plain.lean_interval and per_head.lean_interval:
        moved = [end + math.log(3 / 2) for end in plain.lean_interval[:2]]
        assert list(per_head.lean_interval[:2]) == pytest.approx(moved, abs=1e-6)


@given(RECORDS)
def test_the_figure_lies_in_its_interval(records: list[tuple[float, float]]) -> None:
    found = balance_of(records)
    if found.interval and found.lean_interval and found.value is not None:
        assert 0 <= found.interval.low <= found.value + 1e-9
        assert found.value - 1e-9 <= found.interval.high <= 1
        assert (found.interval.high == 1) is found.lean_interval.holds(0)


def test_rows_with_an_unknown_side_are_left_out_and_counted() -> None:
    rows = np.array([[2, 1], [NAN, 100], [2, 3], [NAN, NAN]])
    found = balance_of(rows)
    assert (found.value, found.records, found.left_out) == (1.0, 2, 2)
    assert (found.interval, found.no_interval) == (None, Missing.TOO_FEW)


@pytest.mark.parametrize(
    ("records", "missing"),
    [
        ([], Missing.NO_RECORDS),
        (np.empty((0, 2)), Missing.NO_RECORDS),
        ([[NAN, NAN]], Missing.NO_RECORDS),
        ([[NAN, 2], [1, NAN]], Missing.ONE_SIDE_UNKNOWN),
        ([[0, 0]] * 5, Missing.ALL_ZERO),
    ],
)
def test_records_that_say_nothing(records: list[list[float]], missing: Missing) -> None:
    found = balance_of(records)
    assert (found.value, found.missing, found.interval) == (None, missing, None)


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ([[1, 2], [2, 1], [1, 1]], Missing.TOO_FEW),
        ([[0, 2], [0, 1], [0, 1], [0, 3]], Missing.ONE_SIDE_ZERO),
        ([[9, 2], [0, 1], [0, 1], [0, 3]], Missing.ONE_RECORD_DECIDES),
        ([[2, 2], [1, 1], [3, 3], [5, 5]], Missing.NO_SPREAD),
    ],
)
def test_a_figure_without_an_interval_says_why(records: list[list[float]], why: Missing) -> None:
    found = balance_of(records)
    assert found.value is not None
    assert (found.interval, found.lean_interval, found.no_interval) == (None, None, why)


def test_three_sides_have_an_interval_of_the_balance() -> None:
    rows = np.exp(0.5 * np.random.default_rng(3).normal(size=(30, 3))) * [3, 2, 1]
    found = balance_of(rows)
    assert found.lean is None
    assert found.lean_interval is None
    assert found.value is not None
    assert found.interval is not None
    assert found.interval.low < found.value < found.interval.high < 0.6


def test_direction_by_hand() -> None:
    assert direction([6, 3]).value == 0.5
    assert direction([0, 0]).missing is Missing.NO_RECORDS
    one = direction([1, 0])
    assert one.value == 0
    assert one.interval is not None
    assert tuple(one.interval)[:2] == (0, 1)  # one record says nothing
    assert direction([0, 90]).interval == direction([90, 0]).interval
    assert direction([20, 19, 1]).interval is not None


@pytest.mark.parametrize("total", [3, 6, 8, 14, 60, 61])
def test_counts_lie_in_their_interval(total: int) -> None:
    for first in range(total + 1):
        found = direction([first, total - first])
        assert found.interval is not None
        assert found.lean_interval is not None
        assert found.interval.holds(found.value or 0.0)
        assert (found.interval.high == 1) is found.lean_interval.holds(0)


def test_direction_takes_whole_numbers_only() -> None:
    for counts in ([1.5, 2], [NAN, 1]):
        with pytest.raises(ValueError, match="whole"):
            direction(counts)


def test_jeffreys_against_published_values() -> None:
    """Brown, Cai and DasGupta 2001, table 5: 95 % of n = 7."""
    for yes, low, high in [(1, 0.016, 0.501), (2, 0.065, 0.648), (3, 0.139, 0.766)]:
        assert tuple(jeffreys(yes, 7, 0.95))[:2] == pytest.approx((low, high), abs=6e-4)


def test_a_level_is_between_0_and_1() -> None:
    for level in (0, 1, 80):
        with pytest.raises(ValueError, match="level"):
            balance_of([[1, 2]], level=level)


def test_an_empty_result_has_no_numbers() -> None:
    assert balance([0, NAN]) == Balance(None, Missing.ONE_SIDE_UNKNOWN)
