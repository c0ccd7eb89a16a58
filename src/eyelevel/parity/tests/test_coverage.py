"""80 % intervals hold the truth in 76 to 84 % of simulated worlds; the full table: python -m evaluation
parity."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from eyelevel.parity import balance_of, direction, felt, share
from eyelevel.parity.interval import Estimate, fold

WORLDS = 1000
LUCK = 0.02
"""What chance may add in so few worlds."""


def in_range(hits: list[bool]) -> bool:
    return 0.76 - LUCK <= float(np.mean(hits)) <= 0.84 + LUCK


@pytest.mark.parametrize("n", [6, 12, 50])
def test_of_skewed_amounts_that_rise_and_fall_together(n: int) -> None:
    rng, lean, spread = np.random.default_rng(n), 0.4, 0.8
    leans, sizes = [], []
    for _ in range(WORLDS):
        both = rng.normal(size=(n, 1)) * math.sqrt(0.6) + rng.normal(size=(n, 2)) * math.sqrt(0.4)
        found = balance_of(np.exp(spread * both) * [math.exp(lean), 1])
        assert found.lean_interval is not None
        assert found.interval is not None
        leans.append(found.lean_interval.holds(lean))
        sizes.append(found.interval.holds(math.exp(-lean)))
    assert in_range(leans)
    assert in_range(sizes)


@pytest.mark.parametrize("n", [4, 6])
def test_of_amounts_that_are_nearly_one_size(n: int) -> None:
    rng, lean = np.random.default_rng(n), 0.4
    hits = []
    for _ in range(WORLDS):
        both = rng.normal(size=(n, 1)) + 0.2 * rng.normal(size=(n, 2))
        found = balance_of(np.exp(both) * [math.exp(lean), 1])
        assert found.lean_interval is not None
        hits.append(found.lean_interval.holds(lean))
    assert in_range(hits)


@pytest.mark.parametrize("total", [6, 8, 14])
def test_of_the_balance_of_few_counts(total: int) -> None:
    truths = np.linspace(0.1, 0.9, 81)
    level = np.minimum(truths, 1 - truths) / np.maximum(truths, 1 - truths)
    held = np.zeros(len(truths))
    for first in range(total + 1):
        found = direction([first, total - first]).interval
        assert found is not None
        held += binom.pmf(first, total, truths) * ((found.low <= level) & (level <= found.high))
    assert 0.78 <= held.mean() <= 0.83


@pytest.mark.parametrize(("here", "there"), [(3, 3), (3, 15), (8, 8)])
def test_of_answers_in_whole_steps(here: int, there: int) -> None:
    rng = np.random.default_rng(here + there)
    kinds = np.repeat(np.arange(10), 2)
    views = np.linspace(-0.9, 1.3, 10)
    truth = mean_answer(views)
    gaps, levels = [], []
    for _ in range(WORLDS // 8):
        sides = [answers(rng, views, people) for people in (here, there)]
        for found, mean in zip(felt(sides, kinds).dimensions, truth, strict=True):
            assert found.gap_interval is not None
            assert found.lean_interval is not None
            gaps.append(found.gap_interval.holds(2 * mean))
            levels.append(found.lean_interval.holds(0))
    assert in_range(gaps)
    assert in_range(levels)


def answers(rng: np.random.Generator, views: np.ndarray, people: int) -> np.ndarray:
    """Both questions of a dimension; half of the variance is the person's."""
    opinion = views[:, None] + 0.5 * (rng.normal(size=(people, 10, 1)) + rng.normal(size=(people, 10, 2)))
    return np.clip(np.rint(opinion), -2, 2).reshape(people, 20)


def mean_answer(views: np.ndarray) -> np.ndarray:
    """Exact: the expected value of a normal with spread sqrt(1/2), rounded and clipped."""
    edges = np.array([-1.5, -0.5, 0.5, 1.5])
    below = [[0.5 * (1 + math.erf(edge - view)) for edge in edges] for view in views]
    return np.asarray(2 - np.sum(below, axis=1))


def test_of_shares() -> None:
    rng = np.random.default_rng(5)
    hits = []
    for truth in rng.uniform(0.1, 0.9, WORLDS):
        interval = share(int(rng.binomial(12, truth)), 12).interval
        assert interval is not None
        hits.append(interval.holds(truth))
    assert in_range(hits)


@pytest.mark.parametrize("truth", [0.0, 0.7, 1.3, 2.5])
def test_of_the_size_of_a_lean(truth: float) -> None:
    """Where the sizes inside the lean's own interval would hold it in 90 %."""
    seen = truth + np.random.default_rng(8).standard_t(5, size=WORLDS)
    assert in_range([fold(Estimate(value, 1, 5), 0.8).holds(truth) for value in seen])
