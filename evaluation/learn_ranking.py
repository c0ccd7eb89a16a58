"""Learns the second stage of *established*: a sum that names candidates, networks that rank them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from evaluation.networks import Member, Ranking, train_member
from evaluation.protocol import Pairs, queries, swapped
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.clues import GROUPS, Ground, clues, walks
from twincitylab.matching.engine.established import (
    BATCH,
    Net,
    base_scores,
    base_terms,
    best_rows,
    leave_out_known,
    spread_terms,
    stacked,
)
from twincitylab.matching.engine.habits import adjacency, learn_habits
from twincitylab.matching.engine.surroundings import Surroundings

Float32 = NDArray[np.float32]
Say = Callable[[str], None]

FOLDS = 8
ALIKE, WRONG, FAR = 4, 50, 20
"""Cities drawn against each real partner: like the partner, of the candidates, and of all cities."""
ANYWHERE = 150
HARD = 800
"""Wrong candidates are drawn from so many of the highest sum."""
SWAPS, SWAPPED = 3, 20
"""How often each real pair is swapped for one of the same countries and sizes, and how many of those
stand against a real pair in the network that is right about pairs rather than about lists."""
PAIR_EPOCHS, PAIR_WEIGHT = 6, 0.35
DECIMALS = 4
FIRST_BASE = {
    "degree": 0.8, "usual": 0.8, "affinity": 0.9, "size_step": -1.2, "cosine": 0.6, "three_even": 3.0,
    "shared": 0.8, "by_near": 0.5, "by_peer": 0.3, "near_of_twin": 0.3, "near_of_by_near": 0.8,
}  # fmt: skip
NAMES = tuple(sorted({name for members in GROUPS.values() for name in members}))


@dataclass(frozen=True, eq=False)
class Examples:
    """Clues of real pairs among wrong ones (g, m, f); which real ones were candidates (g,); clues of
    swapped pairs (s, f)."""

    values: Float32
    named: NDArray[np.bool_]
    swapped: Float32


def ground_of(table: CityTable, pairs: Pairs) -> Ground:
    """The cities as the second stage sees them when it knows some twinnings, and habits from the same."""
    habits = learn_habits(table, adjacency(pairs, count=len(table)))
    return Ground.of(Surroundings.of(table, pairs, habits=habits))


def learn_second_stage(
    table: CityTable, known: Pairs, *, seed: int, say: Say = lambda _: None
) -> dict[str, Any]:
    """Train the second stage. Clues of a real pair are counted while it is hidden: each fold of the known
    twinnings is predicted from the others, as a new twinning is at run time.
    """
    rng = np.random.default_rng(seed)
    fold = rng.integers(0, FOLDS, len(known))
    everything = ground_of(table, known)
    grounds = [ground_of(table, known[fold != number]) for number in range(FOLDS)]
    base = _learn_base(grounds[0], known[fold == 0], everything=everything, rng=rng)
    parts = []
    for number, ground in enumerate(grounds):
        hidden = known[fold == number]
        parts.append(_examples(table, ground, hidden, everything=everything, base=base, known=known, rng=rng))
        say(f"fold {number + 1} of {FOLDS}: {len(parts[-1].values)} examples")
    examples = Examples(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.named for part in parts]),
        np.concatenate([part.swapped for part in parts]),
    )
    return _trained(examples, base=base, seed=seed, rng=rng, say=say)


def _trained(
    examples: Examples, *, base: dict[str, float], seed: int, rng: np.random.Generator, say: Say
) -> dict[str, Any]:
    """Two networks of candidates alone, two of all cities, and one of swapped pairs."""
    everywhere = Ranking.of(examples.values, _offset())
    near = 1 + ALIKE + WRONG
    candidates = everywhere.part(examples.named, near)
    draws = rng.integers(0, len(examples.swapped), (len(examples.values), SWAPPED))
    pairs = everywhere.against(examples.swapped[draws])
    members = []
    for number, ranking in enumerate((candidates, everywhere, candidates, everywhere)):
        members.append(_weighted(train_member(ranking, seed=seed * 100 + number), 1.25))
        say(f"network {number + 1}: loss {members[-1].loss:.3f}")
    members.append(_weighted(train_member(pairs, seed=seed * 100 + 4, epochs=PAIR_EPOCHS), 5 * PAIR_WEIGHT))
    content: dict[str, Any] = {
        "clues": list(NAMES),
        "mean": _short(everywhere.mean),
        "scale": _short(everywhere.scale),
        "members": [member.as_json(DECIMALS) for member in members],
        "base": {name: round(value, DECIMALS) for name, value in base.items()},
        "centre": 0.0,
    }
    content["centre"] = round(float(np.median(Net.read(content)(examples.values[:, 0]))), DECIMALS)
    return content


def _weighted(member: Member, weight: float) -> Member:
    *inner, last, bias, skip = member.parameters
    scaled = [(part * np.float32(weight)).astype(np.float32) for part in (last, bias, skip)]
    return Member([*inner, *scaled], member.loss)


def _offset() -> Float32:
    share = [np.ones(1 + ALIKE), np.full(WRONG, HARD / WRONG), np.full(FAR, 34_000 / FAR)]
    offset: Float32 = np.log(np.concatenate(share)).astype(np.float32)
    return offset


def _learn_base(
    ground: Ground, hidden: Pairs, *, everything: Ground, rng: np.random.Generator
) -> dict[str, float]:
    """Fit the sum of cheap terms: real partners against cities of a high score and any others."""
    asks, partners = queries(hidden)
    count, hard_count = len(ground.s), min(2000, len(ground.s))
    lines: list[Float32] = []
    names: tuple[str, ...] = ()
    for at in range(0, len(asks), BATCH):
        rows = asks[at : at + BATCH]
        walked = walks(ground, rows)
        scores = base_scores(ground, rows, walked, weights=FIRST_BASE)
        leave_out_known(scores, everything, rows)
        hard = best_rows(scores, count=hard_count)
        terms = spread_terms(ground, base_terms(ground, rows, walked))
        names = tuple(terms)
        for line in range(len(rows)):
            wrong = np.concatenate(
                [rng.choice(hard[line], WRONG, replace=False), rng.integers(0, count, ANYWHERE)]
            )
            for partner in partners[at + line]:
                who = np.append(partner, wrong)
                lines.append(np.stack([terms[name][line, who] for name in names], axis=-1))
    share = [np.ones(1), np.full(WRONG, hard_count / WRONG), np.full(ANYWHERE, count / ANYWHERE)]
    found = fit_line(np.stack(lines), offset=np.log(np.concatenate(share)).astype(np.float32), decay=1e-3)
    return {name: float(value) for name, value in zip(names, found, strict=True)}


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


def _examples(
    table: CityTable,
    ground: Ground,
    hidden: Pairs,
    *,
    everything: Ground,
    base: dict[str, float],
    known: Pairs,
    rng: np.random.Generator,
) -> Examples:
    asks, partners = queries(hidden)
    lines: list[Float32] = []
    named: list[bool] = []
    for at in range(0, len(asks), BATCH):
        rows, wanted = asks[at : at + BATCH], partners[at : at + BATCH]
        walked = walks(ground, rows)
        scores = base_scores(ground, rows, walked, weights=base)
        real_scores = [scores[line, who] for line, who in enumerate(wanted)]
        leave_out_known(scores, everything, rows)
        candidates = best_rows(scores, count=min(HARD, len(table)))
        wide = max(len(who) for who in wanted)
        real = np.stack([np.resize(who, wide) for who in wanted])
        alike = _alike(table, real, rng=rng)
        wrong = np.stack([rng.choice(line, WRONG, replace=False) for line in candidates])
        anywhere = rng.integers(0, len(table), (len(rows), FAR))
        both = np.hstack([real, alike.reshape(len(rows), -1), wrong, anywhere])
        values = stacked(clues(ground, rows, both, walked), NAMES)
        first = wide * (1 + ALIKE)
        for line, who in enumerate(wanted):
            worst = scores[line, candidates[line]].min()
            named += (real_scores[line] >= worst).tolist()
            for place in range(len(who)):
                twins = slice(wide + place * ALIKE, wide + (place + 1) * ALIKE)
                own = (values[line, place : place + 1], values[line, twins], values[line, first:])
                lines.append(np.concatenate(own))
    return Examples(np.stack(lines), np.array(named), _swapped(table, ground, hidden, known=known, rng=rng))


def _swapped(
    table: CityTable, ground: Ground, hidden: Pairs, *, known: Pairs, rng: np.random.Generator
) -> Float32:
    """Clues of pairs of the same countries and sizes as the hidden ones, asked from both ends."""
    parts = []
    for _draw in range(SWAPS):
        pairs = swapped(table, hidden, all_links=known, seed=int(rng.integers(2**31))).astype(np.int64)
        ends = np.concatenate([pairs, pairs[:, ::-1]])
        for at in range(0, len(ends), 4 * BATCH):
            rows, others = ends[at : at + 4 * BATCH, 0], ends[at : at + 4 * BATCH, 1:]
            parts.append(stacked(clues(ground, rows, others, walks(ground, rows)), NAMES)[:, 0])
    return np.concatenate(parts)


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


def _short(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]
