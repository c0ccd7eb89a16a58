"""The exact list: golden values by hand, both engines beside brute force, certificates, refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from eyelevel.matching import (
    Block,
    Query,
    Space,
    Top,
    both_directions,
    clock,
    harmonic_mean,
    top,
    top_one_way,
    unit_rows,
)
from eyelevel.matching.top import Engine

ENGINES: tuple[Engine, ...] = ("numpy", "numba")
Mask = NDArray[np.bool_] | None
Codes = NDArray[np.int64] | None
Rows = NDArray[np.float64]
engines = pytest.mark.parametrize("engine", ENGINES)
thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def needs(traits: Any, wishes: Any) -> Space:
    return Space.build([Block.directed("needs", traits=traits, wishes=wishes)], weights={"needs": 1})


def brute_force(
    space: Space, query: Query, k: int, allowed: Mask, groups: Codes, cap: int | None
) -> list[int]:
    """Sort everything by score and row number, then take what is allowed one by one."""
    scores = harmonic_mean(*both_directions(space.rows, query))
    chosen: list[int] = []
    taken: Counter[int] = Counter()
    for row in np.lexsort((np.arange(len(space)), -scores)).tolist():
        group = row if groups is None else int(groups[row])
        fits = groups is None or cap is None or taken[group] < cap
        if fits and row != query.row and (allowed is None or allowed[row]) and len(chosen) < k:
            chosen.append(row)
            taken[group] += 1
    return chosen


def random_space(rng: np.random.Generator, *, rows: int, kind: str) -> Space:
    """Spaces that try to fool a bound: ties, opposed directions, wild scales, columns nobody needs."""
    width = int(rng.integers(1, 7))
    draws: dict[str, Callable[[], Rows]] = {
        "normal": lambda: rng.normal(size=(rows, width)),
        "ties": lambda: rng.integers(-1, 3, size=(rows, width)).astype(float),
        "equal": lambda: np.ones((rows, width)),
        "zero": lambda: np.zeros((rows, width)),
        "scales": lambda: rng.normal(size=(rows, width)) * 10.0 ** rng.integers(-9, 6, size=(1, width)),
        "near": lambda: 1 + rng.normal(size=(rows, width)) * 1e-7,
    }
    draw = draws.get(kind, draws["normal"])
    traits, wishes = draw(), draw()
    if kind == "opposed":
        gives = rng.random((rows, 1))
        traits, wishes = np.abs(traits) * gives, np.abs(wishes) * (1 - gives)
    blocks = [
        Block.directed("needs", traits=traits, wishes=wishes),
        Block.kernel("alike", unit_rows(draw())),
    ]
    return Space.build(blocks, weights={"needs": 2, "alike": 1})


@engines
def test_golden_harmonic_mean(engine: Engine) -> None:
    """Row 0 seeks (1, 0) and offers (0, 1): row 1 gives 0.5 and takes 1, row 2 gives 1 and takes nothing."""
    space = needs([[0, 1], [0.5, 0], [1, 0], [0.25, 0]], [[1, 0], [0, 1], [0, 0], [0, 0.25]])
    best = top(space, space.query(0), k=3, engine=engine)
    assert best.index.tolist() == [1, 3, 2]
    np.testing.assert_allclose(best.score, [2 / 3, 0.25, 0.0])
    np.testing.assert_allclose(best.forward, [0.5, 0.25, 1.0])
    np.testing.assert_allclose(best.backward, [1.0, 0.25, 0.0])


@engines
def test_one_way_ranks_by_the_benefit_here_alone(engine: Engine) -> None:
    space = needs([[0, 1], [0.5, 0], [1, 0], [-1, 0]], [[1, 0], [0, 1], [0, 0], [0, 0]])
    best = top_one_way(space, space.query(0), k=3, engine=engine)
    assert best.index.tolist() == [2, 1, 3]
    assert best.score.tolist() == [1.0, 0.5, -1.0]


@engines
def test_reasons_sum_to_the_benefits(engine: Engine) -> None:
    rng = np.random.default_rng(1)
    space = random_space(rng, rows=50, kind="normal")
    best = top(space, space.query(3), k=5, engine=engine)
    assert best.contributions.shape == (5, 2)
    np.testing.assert_allclose(best.contributions.sum(axis=1), best.forward)
    np.testing.assert_allclose(best.back_contributions.sum(axis=1), best.backward)


@thorough
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(0, 700),
    kind=st.sampled_from(["normal", "ties", "equal", "zero", "scales", "near", "opposed"]),
    k=st.integers(1, 40),
    masked=st.booleans(),
    cap=st.one_of(st.none(), st.integers(1, 3)),
    inside=st.booleans(),
)
def test_both_engines_equal_brute_force_to_the_bit(
    *, seed: int, rows: int, kind: str, k: int, masked: bool, cap: int | None, inside: bool
) -> None:
    rng = np.random.default_rng(seed)
    space = random_space(rng, rows=rows, kind=kind)
    vectors = rng.normal(size=(2, space.rows.shape[1])).astype(np.float32)
    query = space.query(int(rng.integers(rows))) if inside and rows else Query(vectors[0], vectors[1])
    allowed = rng.random(rows) < rng.random() if masked else None
    groups = None if cap is None else rng.integers(0, max(1, rows // 10), size=rows)
    expected = brute_force(space, query, k, allowed, groups, cap)
    scores = harmonic_mean(*both_directions(space.rows[expected], query))
    for engine in ENGINES:
        best = top(space, query, k=k, allowed=allowed, groups=groups, per_group=cap, engine=engine)
        assert best.index.tolist() == expected
        assert best.score.tolist() == scores.tolist()
        assert_proven(best, space=space, query=query, allowed=allowed, k=k)


def assert_proven(best: Top, *, space: Space, query: Query, allowed: Mask, k: int) -> None:
    """Check what the certificate claims against every score."""
    proof = best.certificate
    assert proof.exact
    assert proof.threshold == (best.score[-1] if len(best) == k else -np.inf)
    pool = np.ones(len(space), dtype=bool) if allowed is None else allowed.copy()
    if query.row is not None:
        pool[query.row] = False
    scores = harmonic_mean(*both_directions(space.rows[pool], query))
    assert (scores > proof.bound).sum() <= proof.examined <= len(scores)
    assert (proof.bound == -np.inf) >= (proof.threshold == -np.inf)


@thorough
@given(seed=st.integers(0, 2**32 - 1), engine=st.sampled_from(ENGINES))
def test_order_of_rows_does_not_matter(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(seed)
    space = random_space(rng, rows=300, kind="normal")
    order = rng.permutation(300)
    moved = Space.from_rows(space.rows[order], layout=space.layout, weights=space.weights)
    one = top(space, space.query(int(order[0])), k=7, engine=engine)
    other = top(moved, moved.query(0), k=7, engine=engine)
    assert order[other.index].tolist() == one.index.tolist()
    assert other.score.tolist() == one.score.tolist()


@thorough
@given(seed=st.integers(0, 2**32 - 1), engine=st.sampled_from(ENGINES))
def test_directions_can_be_swapped(seed: int, engine: Engine) -> None:
    space = random_space(np.random.default_rng(seed), rows=200, kind="normal")
    query = space.query(5)
    one = top(space, query, k=6, engine=engine)
    other = top(space, Query(query.backward, query.forward, query.row), k=6, engine=engine)
    assert one.index.tolist() == other.index.tolist()
    assert one.forward.tolist() == other.backward.tolist()


@engines
def test_names_of_groups_do_not_matter(engine: Engine) -> None:
    rng = np.random.default_rng(4)
    space, groups = random_space(rng, rows=300, kind="normal"), rng.integers(0, 9, size=300)
    names = np.array([2**62, -(2**62), 7, 0, -1, 5, 6, 2**40, 3])
    one, other = (
        top(space, space.query(0), k=9, groups=g, per_group=1, engine=engine) for g in (groups, names[groups])
    )
    assert one.index.tolist() == other.index.tolist()
    assert len(set(groups[one.index].tolist())) == 9


@engines
def test_a_duplicated_row_stands_behind_its_original(engine: Engine) -> None:
    rng = np.random.default_rng(5)
    space = random_space(rng, rows=60, kind="normal")
    twice = Space.from_rows(np.vstack([space.rows, space.rows]), layout=space.layout, weights=space.weights)
    one = top(space, Query(space.query(0).forward, space.query(0).backward), k=4, engine=engine)
    both = top(twice, Query(space.query(0).forward, space.query(0).backward), k=8, engine=engine)
    assert both.index.tolist() == [row + copy for row in one.index.tolist() for copy in (0, 60)]


@engines
def test_equal_rows_come_by_number(engine: Engine) -> None:
    space = Space.build([Block.kernel("hours", clock(np.zeros(600)))], weights={"hours": 1})
    assert top(space, space.query(1), k=4, engine=engine).index.tolist() == [0, 2, 3, 4]


@engines
def test_nobody_matches_in_an_empty_space_or_alone(engine: Engine) -> None:
    empty = Space.build([Block.kernel("hours", clock([]))], weights={"hours": 1})
    alone = Space.build([Block.kernel("hours", clock([3.0]))], weights={"hours": 1})
    new = [Block.kernel("hours", clock([3.0]))]
    assert top(empty, empty.query(new), k=3, engine=engine).index.tolist() == []
    assert top(alone, alone.query(0), k=3, engine=engine).index.tolist() == []
    assert top(alone, alone.query(new), k=3, engine=engine).index.tolist() == [0]


@engines
def test_a_clear_winner_needs_few_examinations(engine: Engine) -> None:
    rng = np.random.default_rng(6)
    space = Space.build([Block.kernel("alike", unit_rows(rng.normal(size=(5000, 24))))], weights={"alike": 1})
    proof = top(space, space.query(0), k=10, engine=engine).certificate
    assert proof.bound < proof.threshold
    assert proof.examined < 500


def test_groups_of_the_numpy_engine_widen_until_the_list_is_full() -> None:
    hours = np.repeat([0.0, 12.0], [900, 3])
    space = Space.build([Block.kernel("hours", clock(hours + np.arange(903) * 1e-4))], weights={"hours": 1})
    groups = np.array([0] * 900 + [1, 2, 3])
    best = top(space, space.query(0), k=4, groups=groups, per_group=1, engine="numpy")
    assert best.index.tolist() == [1, 902, 901, 900]
    assert best.certificate.passes > 1


def test_auto_is_one_of_the_engines() -> None:
    space = random_space(np.random.default_rng(7), rows=100, kind="normal")
    one, other = (top(space, space.query(0), k=5, engine=engine) for engine in ("auto", "numpy"))
    assert one.index.tolist() == other.index.tolist()


def test_a_list_longer_than_the_compiled_engine_likes_is_still_exact() -> None:
    space = random_space(np.random.default_rng(8), rows=1500, kind="normal")
    query = space.query(0)
    assert top(space, query, k=1200).index.tolist() == brute_force(space, query, 1200, None, None, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "k must be at least 1, not 0"),
        ({"k": 1, "allowed": [True]}, "allowed must be 3 booleans"),
        ({"k": 1, "allowed": [0, 1, 1]}, "allowed must be 3 booleans"),
        ({"k": 1, "groups": [0, 1, 1]}, "groups and per_group go together"),
        ({"k": 1, "per_group": 2}, "groups and per_group go together"),
        ({"k": 1, "groups": [0, 1], "per_group": 1}, "groups must be 3 integers"),
        ({"k": 1, "groups": [0.5, 1, 1], "per_group": 1}, "groups must be 3 integers"),
        ({"k": 1, "groups": [0, 1, 1], "per_group": 0}, "per_group must be at least 1, not 0"),
        ({"k": 1, "engine": "gpu"}, "engine must be auto, numpy or numba, not 'gpu'"),
    ],
)
def test_bad_questions_are_refused(options: dict[str, Any], message: str) -> None:
    space = Space.build([Block.kernel("hours", clock([1.0, 2.0, 3.0]))], weights={"hours": 1})
    with pytest.raises(ValueError, match=message):
        top(space, space.query(0), **options)


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        (np.full(3, np.nan, dtype=np.float32), "the query contains NaN"),
        (np.full(3, 1e30, dtype=np.float32), "absurdly large numbers"),
        (np.zeros(2, dtype=np.float32), "two float32 vectors of 3 numbers"),
        (np.zeros(3), "two float32 vectors of 3 numbers"),
    ],
)
def test_bad_query_vectors_are_refused(vector: Any, message: str) -> None:
    space = Space.build([Block.kernel("hours", clock([1.0, 2.0, 3.0]))], weights={"hours": 1})
    with pytest.raises(ValueError, match=message):
        top(space, Query(vector, vector), k=1)
