"""The coarse copy: no product may be further off than it says."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from eyelevel.matching.coarse import coarsen

numbers = st.floats(-1e6, 1e6, width=32)


@given(arrays(np.float32, (6, 5), elements=numbers), arrays(np.float32, 5, elements=numbers))
def test_products_stay_within_the_slack(rows: NDArray[np.float32], vector: NDArray[np.float32]) -> None:
    coarse = coarsen(rows)
    weighed, slack = coarse.weigh(vector)
    off = coarse.codes.astype(np.float32) @ weighed - rows.astype(np.float64) @ vector.astype(np.float64)
    assert np.abs(off).max() <= slack


def test_a_column_of_zeros_costs_nothing() -> None:
    coarse = coarsen(np.array([[0.0, 2.0]], dtype=np.float32))
    weighed, slack = coarse.weigh(np.array([9.0, 1.0], dtype=np.float32))
    assert weighed[0] < 1e-28
    assert slack < 0.5001 * 2 / 127


def test_no_rows_make_no_codes() -> None:
    assert coarsen(np.empty((0, 4), dtype=np.float32)).codes.shape == (0, 4)
