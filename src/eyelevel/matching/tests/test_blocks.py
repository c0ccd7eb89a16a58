"""The feature maps: what their inner products say, by hand and by their formulas, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import ArrayLike, NDArray

from eyelevel.matching import (
    Block,
    bump_width,
    bumps,
    classes,
    clock,
    language_shares,
    low_rank,
    sphere,
    stack,
    unit_rows,
)

finite = st.floats(-1e6, 1e6, width=32)


def products(features: NDArray[np.float32]) -> NDArray[np.float64]:
    wide = features.astype(np.float64)
    return np.asarray(wide @ wide.T)


def test_bumps_draw_a_gaussian_within_the_promised_error() -> None:
    sizes = np.linspace(np.log10(500), np.log10(4e7), 601)
    width = bump_width(low=sizes[0], high=sizes[-1])
    gaussian = np.exp(-((sizes[:, None] - sizes) ** 2) / (2 * width**2))
    rows = bumps(sizes, low=sizes[0], high=sizes[-1])
    assert rows.shape == (601, 12)
    assert np.abs(products(rows) - gaussian).max() < 0.009


@pytest.mark.parametrize("count", [4, 6, 12, 24])
@pytest.mark.parametrize("times", [1.0, 1.2, 2.0, 5.0])
def test_bumps_of_any_number_and_width_keep_the_error(count: int, times: float) -> None:
    values = np.linspace(-3.0, 8.0, 201)
    width = times * bump_width(low=-3.0, high=8.0, count=count)
    gaussian = np.exp(-((values[:, None] - values) ** 2) / (2 * width**2))
    rows = bumps(values, low=-3.0, high=8.0, count=count, width=width)
    assert np.abs(products(rows) - gaussian).max() < 0.009


def test_bumps_take_what_is_outside_to_the_nearest_end_and_know_the_unknown() -> None:
    rows = bumps([-9.0, 0.0, np.nan], low=0.0, high=1.0)
    assert rows[0].tolist() == rows[1].tolist()
    assert not rows[2].any()


def test_sphere_of_the_poles_and_the_equator() -> None:
    rows = sphere([90.0, -90.0, 0.0, 0.0], [0.0, 0.0, 0.0, 60.0])
    expected = [[1.0, 0.0, 0.5, 0.5], [0.0, 1.0, 0.5, 0.5], [0.5, 0.5, 1.0, 0.75], [0.5, 0.5, 0.75, 1.0]]
    np.testing.assert_allclose(products(rows), expected, atol=1e-6)


def test_clock_of_a_quarter_of_the_day() -> None:
    np.testing.assert_allclose(products(clock([22.0, 4.0, -2.0]))[0], [1.0, 0.5, 1.0], atol=1e-6)


def test_clock_has_the_period_it_is_given() -> None:
    np.testing.assert_allclose(products(clock([1.0, 4.0, 7.0], period=12))[0], [1.0, 0.5, 0.0], atol=1e-6)


def test_classes_are_as_similar_as_their_matrix_says() -> None:
    similarity = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.3], [0.0, 0.3, 1.0]])
    labels = [2, 0, 1, 1]
    rows = classes(labels, similarity=similarity)
    np.testing.assert_allclose(products(rows), similarity[np.ix_(labels, labels)], atol=1e-6)


def test_classes_refuse_a_similarity_no_feature_map_has() -> None:
    impossible = [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]
    with pytest.raises(
        ValueError, match=r"not positive semidefinite: the nearest feature map is off by 0\.2"
    ):
        classes([0], similarity=impossible)


def test_low_rank_reports_what_it_loses() -> None:
    factor = low_rank([[2.0, 0.0], [0.0, 1.0]], rank=1)
    np.testing.assert_allclose(np.abs(factor.features), [[np.sqrt(2)], [0.0]], atol=1e-6)
    assert factor.max_error == pytest.approx(1.0)


@given(arrays(np.float64, (5, 3), elements=st.floats(-1, 1)))
def test_low_rank_of_a_gram_matrix_is_exact_at_its_rank(factor: NDArray[np.float64]) -> None:
    assert low_rank(factor @ factor.T, rank=3).max_error < 1e-5


def test_language_shares_of_two_bilingual_places() -> None:
    rows = language_shares([[0.6, 0.8], [0.8, 0.6], [0.0, 0.0]])
    np.testing.assert_allclose(
        products(rows), [[1.0, 0.96, 0.0], [0.96, 1.0, 0.0], [0.0, 0.0, 0.0]], atol=1e-6
    )


def test_stack_is_the_weighted_mean_of_its_parts() -> None:
    near, hours = sphere([0.0, 90.0], [0.0, 0.0]), clock([0.0, 12.0])
    rows = stack([near, hours], weights=[6, 2])
    np.testing.assert_allclose(products(rows), [[1.0, 0.375], [0.375, 1.0]], atol=1e-6)


@given(arrays(np.float32, (4, 3), elements=finite), st.floats(0.001, 1000))
def test_unit_rows_have_norm_one_whatever_their_scale(features: NDArray[np.float32], scale: float) -> None:
    known = np.abs(features).max(axis=1) > 0
    rows = unit_rows(features.astype(np.float64) * scale)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), known.astype(float), atol=1e-6)
    np.testing.assert_allclose(rows, unit_rows(features), atol=1e-6)


@given(st.lists(st.floats(-90, 90), min_size=2, max_size=6), st.floats(-1000, 1000))
def test_sphere_and_clock_only_see_differences(values: list[float], turn: float) -> None:
    latitude, longitude = np.array(values), np.arange(len(values)) * 10.0
    here, turned = sphere(latitude, longitude), sphere(latitude, longitude + turn)
    np.testing.assert_allclose(products(here), products(turned), atol=1e-5)
    np.testing.assert_allclose(products(clock(latitude)), products(clock(latitude + turn)), atol=1e-5)


@pytest.mark.parametrize("features", [[[0.5]], [[2.0]], [[1.0], [1.1]]])
def test_kernel_block_refuses_rows_that_are_not_of_norm_one(features: ArrayLike) -> None:
    with pytest.raises(
        ValueError, match=r"block 'size': row \d has norm .*, but in a kernel block it must be 1"
    ):
        Block.kernel("size", features)


def test_directed_block_refuses_different_shapes() -> None:
    with pytest.raises(ValueError, match=r"block 'needs': traits are \(1, 2\), but wishes are \(1, 1\)"):
        Block.directed("needs", traits=[[1.0, 2.0]], wishes=[[1.0]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bumps([1.0], low=2.0, high=1.0), "low must be below high"),
        (lambda: bumps([1.0], low=0.0, high=1.0, count=3), "count must be at least 4"),
        (
            lambda: bumps([1.0], low=0.0, high=1.0, width=0.01),
            "12 bumps between 0.0 and 1.0 can draw a width",
        ),
        (lambda: bumps([np.inf], low=0.0, high=1.0), "values contains infinite numbers"),
        (lambda: sphere([91.0], [0.0]), "latitude must lie between -90 and 90"),
        (lambda: sphere([1.0, 2.0], [0.0]), "there are 2 latitudes, but 1 longitudes"),
        (lambda: sphere([[1.0]], [[0.0]]), "latitude must be a list of numbers"),
        (lambda: clock([np.nan]), "hours contains NaN"),
        (lambda: clock([1.0], period=0), "period must be a positive number"),
        (lambda: classes([2], similarity=np.eye(2)), "labels must lie between 0 and 1, or be -1"),
        (lambda: classes([0.5], similarity=np.eye(2)), "labels must be a list of integers"),
        (lambda: low_rank([[1.0, 0.5]]), "similarity must be a square matrix"),
        (lambda: low_rank([[1.0, 0.5], [0.2, 1.0]]), "similarity must be symmetric"),
        (lambda: low_rank(np.eye(2), rank=3), "rank must lie between 1 and 2, not 3"),
        (lambda: language_shares([[1.2]]), "shares must lie between 0 and 1"),
        (lambda: stack([]), "there is no part to stack"),
        (lambda: stack([clock([1.0]), clock([1.0, 2.0])]), "parts have different numbers of rows"),
        (lambda: stack([clock([1.0])], weights=[0.0]), "weights must be one number per part"),
        (lambda: unit_rows([[np.nan]]), "features must be a matrix of finite numbers"),
        (lambda: Block.kernel("size", [1.0]), "'size' must be a matrix with one row per city"),
    ],
)
def test_bad_input_is_refused_with_its_reason(call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=message):
        call()
