"""Learns what *established* knows: block weights, habits of countries and the second stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from evaluation.learn_pull import learn_pull
from evaluation.networks import Ranking, train_member
from evaluation.protocol import Pairs, queries
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.clues import GROUPS, Ground, clues, walks
from twincitylab.matching.engine.encode import CitySpace, encode
from twincitylab.matching.engine.established import (
    BATCH,
    Net,
    base_scores,
    base_terms,
    best_rows,
    leave_out_known,
    stacked,
)
from twincitylab.matching.engine.habits import Habits, adjacency, learn_habits
from twincitylab.matching.engine.learned import Learned
from twincitylab.matching.engine.pull import Pull
from twincitylab.matching.engine.surroundings import Surroundings

Float32 = NDArray[np.float32]

FOLDS = 8
WRONG, ANYWHERE, ALIKE, FAR = 50, 150, 5, 25
"""Cities drawn against each real partner: of the candidates, of all cities, like the partner,
and in the second stage of all cities, so that it is right about pairs that are no candidates too."""
CANDIDATES = 800
MEMBERS = 3
DECIMALS = 4
FIRST_BASE = {
    "degree": 0.8, "usual": 0.8, "affinity": 0.9, "size_step": -1.2, "cosine": 0.6, "three_even": 3.0,
    "shared": 0.8, "by_near": 0.5, "by_peer": 0.3, "near_of_twin": 0.3, "near_of_by_near": 0.8,
}  # fmt: skip
BLOCKS = ("size", "place", "hours", "climate", "sea", "language", "ties", "affinity", "degree", "pull")
FLAT_WEIGHTS = dict.fromkeys(BLOCKS, 1.0)

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class World:
    """The cities as the matcher sees them when it knows some twinnings; habits learned from the same."""

    space: CitySpace
    ground: Ground
    habits: Habits


def world_of(
    table: CityTable, pairs: Pairs, *, weights: Mapping[str, float] = FLAT_WEIGHTS, pull: Pull | None = None
) -> World:
    """Everything is learned from `pairs` alone, the habits of countries too: nothing held out leaks in."""
    habits = learn_habits(table, adjacency(pairs, count=len(table)))
    space = encode(table, table.geonameid[pairs], parameters=Learned(weights, habits, pull=pull))
    return World(space, ground_of(table, pairs), habits)


def ground_of(table: CityTable, pairs: Pairs) -> Ground:
    habits = learn_habits(table, adjacency(pairs, count=len(table)))
    return Ground.of(Surroundings.of(table, pairs, habits=habits))


def fit_line(
    values: Float32, *, offset: Float32, at_least: float | None = None, decay: float = 1e-4
) -> NDArray[np.float64]:
    """Coefficients that rank the first of each line (g, m, f) highest: multinomial logistic regression."""
    mean, scale = values.mean(axis=(0, 1)), values.std(axis=(0, 1)) + 1e-6
    z = ((values - mean) / scale).astype(np.float32)

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        s = z @ theta.astype(np.float32) + offset
        s -= s.max(axis=1, keepdims=True)
        e = np.exp(s)
        total = e.sum(axis=1)
        value = float((np.log(total) - s[:, 0]).mean() + decay * theta @ theta)
        p = e / total[:, None]
        slope = np.einsum("gm,gmf->f", p, z) / len(z) - z[:, 0].mean(axis=0)
        return value, slope + 2 * decay * theta

    start = np.zeros(values.shape[2])
    bounds = None if at_least is None else [(at_least, None)] * len(start)
    answer = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return np.asarray(answer.x / scale, dtype=np.float64)


def learn_second_stage(
    table: CityTable, known: Pairs, *, seed: int, positives: Pairs | None = None, say: Say = lambda _: None
) -> dict[str, Any]:
    """Train the second stage. Clues of a real pair are counted while it is hidden: each fold of the known
    twinnings is predicted from the others, as a new twinning is at run time.

    `positives` are the twinnings to learn to find, by default all that are known.
    """
    wanted = known if positives is None else positives
    rng = np.random.default_rng(seed)
    fold = rng.integers(0, FOLDS, len(wanted))
    codes = known[:, 0].astype(np.int64) * len(table) + known[:, 1]
    base = _learn_base(table, known, wanted[fold == 0], codes=codes, rng=rng)
    lines: list[Float32] = []
    names = tuple(sorted({name for members in GROUPS.values() for name in members}))
    for number in range(FOLDS):
        hidden = wanted[fold == number]
        world = world_of(table, _without(known, hidden, codes=codes, count=len(table)))
        lines += _fold_lines(table, world, known, hidden, base=base, names=names, rng=rng)
        say(f"fold {number + 1} of {FOLDS}: {len(lines)} examples")
    values = np.stack(lines)
    share = [np.ones(1), np.full(ALIKE, 1.0), np.full(WRONG, CANDIDATES / WRONG)]
    share.append(np.full(FAR, len(table) / FAR))
    offset = np.log(np.concatenate(share)).astype(np.float32)
    ranking = Ranking(values, offset)
    members = []
    for number in range(MEMBERS):
        members.append(train_member(ranking, seed=seed * 100 + number))
        say(f"network {number + 1} of {MEMBERS}: loss {members[-1].loss:.3f}")
    content: dict[str, Any] = {
        "clues": list(names),
        "mean": _short(ranking.mean),
        "scale": _short(ranking.scale),
        "members": [member.as_json(DECIMALS) for member in members],
        "base": {name: round(value, DECIMALS) for name, value in base.items()},
        "centre": 0.0,
    }
    content["centre"] = round(float(np.median(Net.read(content)(values[:, 0]))), DECIMALS)
    return content


def _learn_base(
    table: CityTable, known: Pairs, hidden: Pairs, *, codes: NDArray[np.int64], rng: np.random.Generator
) -> dict[str, float]:
    world = world_of(table, _without(known, hidden, codes=codes, count=len(table)))
    graph = adjacency(known, count=len(table))
    asks, partners = queries(hidden)
    lines: list[Float32] = []
    for at in range(0, len(asks), BATCH):
        rows = asks[at : at + BATCH]
        walked = walks(world.ground, rows)
        scores = base_scores(world.ground, rows, walked, weights=FIRST_BASE)
        leave_out_known(scores, graph, rows)
        hard = best_rows(scores, count=2000)
        terms = base_terms(world.ground, rows, walked)
        for line in range(len(rows)):
            wrong = np.concatenate(
                [rng.choice(hard[line], WRONG, replace=False), rng.integers(0, len(table), ANYWHERE)]
            )
            for partner in partners[at + line]:
                who = np.append(partner, wrong)
                lines.append(np.stack([terms[name][line, who] for name in FIRST_BASE], axis=-1))
    share = [np.ones(1), np.full(WRONG, 2000 / WRONG), np.full(ANYWHERE, len(table) / ANYWHERE)]
    found = fit_line(np.stack(lines), offset=np.log(np.concatenate(share)).astype(np.float32), decay=1e-3)
    return {name: float(value) for name, value in zip(FIRST_BASE, found, strict=True)}


def _fold_lines(
    table: CityTable,
    world: World,
    known: Pairs,
    hidden: Pairs,
    *,
    base: Mapping[str, float],
    names: tuple[str, ...],
    rng: np.random.Generator,
) -> list[Float32]:
    """For each hidden twinning that is among the candidates: its clues, and those of wrong candidates."""
    graph = adjacency(known, count=len(table))
    asks, partners = queries(hidden)
    lines: list[Float32] = []
    for at in range(0, len(asks), BATCH):
        rows, wanted = asks[at : at + BATCH], partners[at : at + BATCH]
        walked = walks(world.ground, rows)
        scores = base_scores(world.ground, rows, walked, weights=base)
        leave_out_known(scores, graph, rows)
        candidates = best_rows(scores, count=CANDIDATES)
        wide = max(len(who) for who in wanted)
        real = np.stack([np.resize(who, wide) for who in wanted])
        alike = _alike(table, real, rng=rng)
        wrong = np.stack([rng.choice(line, WRONG, replace=False) for line in candidates])
        anywhere = rng.integers(0, len(table), (len(rows), FAR))
        both = np.hstack([real, alike.reshape(len(rows), -1), wrong, anywhere])
        values = stacked(clues(world.ground, rows, both, walked), names)
        first = wide * (1 + ALIKE)
        lines += [
            np.concatenate(
                [
                    values[line, place : place + 1],
                    values[line, wide + place * ALIKE : wide + (place + 1) * ALIKE],
                    values[line, first:],
                ]
            )
            for line, who in enumerate(wanted)
            for place in range(len(who))
        ]
    return lines


def _alike(table: CityTable, rows: NDArray[np.int64], *, rng: np.random.Generator) -> NDArray[np.int64]:
    """For each city others of its country and about its size, (b, m, ALIKE)."""
    order = np.lexsort((table.population, table.country))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    step = rng.integers(1, 11, (*rows.shape, ALIKE)) * rng.choice([-1, 1], (*rows.shape, ALIKE))
    other = order[np.clip(place[rows][..., None] + step, 0, len(order) - 1)]
    same = table.country[other] == table.country[rows][..., None]
    back = order[np.clip(place[rows][..., None] - step, 0, len(order) - 1)]
    found: NDArray[np.int64] = np.where(same, other, back)
    return found


def _without(known: Pairs, hidden: Pairs, *, codes: NDArray[np.int64], count: int) -> Pairs:
    return known[~np.isin(codes, hidden[:, 0].astype(np.int64) * count + hidden[:, 1])]


def habits_as_json(habits: Habits) -> dict[str, Any]:
    """The habits of countries, three decimals; countries of which nothing is known are left out."""
    signs = np.sign((habits.traits * habits.wishes).sum(axis=0))
    rows = np.column_stack([habits.readiness, habits.traits])
    named = {
        country: [round(float(value), 3) for value in row]
        for country, row in zip(habits.countries, rows, strict=True)
        if np.abs(row).max() >= 0.001
    }
    return {"signs": [int(sign) or 1 for sign in signs], "by_country": named}


def learn_all(table: CityTable, known: Pairs, *, seed: int, say: Say = lambda _: None) -> Learned:
    """Learn everything from `known`."""
    pull, weights = learn_pull(table, known, seed=seed, say=say)
    say(f"block weights {weights}")
    habits = learn_habits(table, adjacency(known, count=len(table)))
    second = learn_second_stage(table, known, seed=seed, say=say)
    return Learned(weights, habits, second_stage=second, pull=pull)


def _short(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]
