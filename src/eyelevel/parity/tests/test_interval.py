"""Intervals of a lean and of its size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyelevel.parity.interval import Estimate, Interval, fold, simultaneous, widest

ESTIMATES = st.builds(Estimate, st.floats(-50, 50), st.floats(0.01, 10), st.floats(1, 200))


@given(ESTIMATES, st.floats(0.5, 0.99))
def test_the_size_lies_within_the_image_of_the_lean(estimate: Estimate, level: float) -> None:
    lean, size = estimate.interval(level), fold(estimate, level)
    assert lean.least_size - 1e-6 <= size.low <= abs(estimate.value) + 1e-9
    assert abs(estimate.value) - 1e-9 <= size.high <= lean.greatest_size + 1e-6
    assert (size.low == 0) is lean.holds(0)


@given(ESTIMATES)
def test_the_sign_does_not_matter(estimate: Estimate) -> None:
    assert fold(estimate._replace(value=-estimate.value), 0.8) == fold(estimate, 0.8)


def test_without_error_it_is_a_point() -> None:
    assert fold(Estimate(-2.0, 0.0, 5), 0.8) == Interval(2.0, 2.0, 0.8)


def test_the_widest_of_several() -> None:
    pairs = [Interval(-3, -1, 0.9), Interval(-1, 2, 0.9)]
    assert widest(pairs, 0.8) == Interval(1, 3, 0.8)


def test_more_sides_need_surer_pairs() -> None:
    assert simultaneous(0.8, 2) == pytest.approx(0.8)
    assert simultaneous(0.8, 4) == pytest.approx(1 - 0.2 / 6)
