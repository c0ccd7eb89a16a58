"""Learns the pull of *established*: low-rank maps from what is known of cities, by a ranking loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from evaluation.protocol import Pairs
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.encode import affinity_factors
from twincitylab.matching.engine.habits import adjacency, learn_habits
from twincitylab.matching.engine.pull import Part, Pull, parse_pull, parts, pull_as_json

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Rows = NDArray[np.int64]

RANK, PLACES, FOLDS, EPOCHS = 32, 192, 4, 14
MEMBERS, SHIPPED_RANK = 3, 40
"""So many fits from other beginnings are averaged, and their sum is shipped in so many dimensions."""
STEP, DECAY, START = 0.012, 2e-3, 0.03
UNTWINNED = 1200
"""Of the cities without twins so many are drawn each time, and count for all."""
DEGREE = 3
"""The column of `numbers` that holds half the logarithm of the twinnings of a city; the next one is usual."""

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class _Fold:
    """What is known of every city while some twinnings are hidden; those ask, from both ends."""

    known: sparse.csr_matrix
    traits: Float64
    wishes: Float64
    asks: Rows
    partners: Rows


@dataclass(eq=False)
class _Theta:
    """All that is learned: maps to traits and wishes (f, d), popularity (f,), what affinity counts (1,)."""

    traits: Float32
    wishes: Float32
    popularity: Float32
    affinity: Float32

    def arrays(self) -> tuple[Float32, ...]:
        return self.traits, self.wishes, self.popularity, self.affinity


class _Adam:
    """Stochastic steps scaled by running moments (D. P. Kingma and J. Ba, ICLR 2015)."""

    def __init__(self, theta: _Theta) -> None:
        self.mean = [np.zeros_like(part) for part in theta.arrays()]
        self.square = [np.zeros_like(part) for part in theta.arrays()]
        self.count = 0

    def move(self, theta: _Theta, slopes: tuple[Float32, ...], *, step: float) -> None:
        self.count += 1
        lines = zip(theta.arrays(), slopes, self.mean, self.square, strict=True)
        for values, slope, mean, square in lines:
            mean += 0.1 * (slope - mean)
            square += 0.01 * (slope * slope - square)
            fair = np.sqrt(square / (1 - 0.99**self.count)) + 1e-8
            values -= step * (mean / (1 - 0.9**self.count)) / fair


def learn_pull(
    table: CityTable, known: Pairs, *, seed: int, say: Say = lambda _: None
) -> tuple[Pull, dict[str, float]]:
    """The pull and the block weights: several fits, averaged. The figures are already rounded as they are
    shipped."""
    rng = np.random.default_rng(seed)
    places = _places(table, known, rng=rng)
    members = [_fit(table, known, places=places, rng=rng, say=say) for _member in range(MEMBERS)]
    found = _known_of_cities(table, known, places=places)
    theta = _average(members, _inputs(found))
    matrix = np.column_stack([theta.traits, theta.wishes, theta.popularity])
    cuts = np.cumsum([part.inputs.shape[1] for part in found.values()])[:-1]
    named = dict(zip(found, np.split(matrix, cuts), strict=True))
    pull = parse_pull(pull_as_json(Pull(table.countries, places, named)))
    return pull, _weights(float(theta.affinity[0]))


def _fit(table: CityTable, known: Pairs, *, places: Float64, rng: np.random.Generator, say: Say) -> _Theta:
    """One fit. Each fold of the known twinnings is learned from the others, so that no city is described by
    the twinning it should find."""
    number = rng.integers(0, FOLDS, len(known))
    graph = adjacency(known, count=len(table))
    folds = [
        _fold(table, known[number != fold], known[number == fold], places=places) for fold in range(FOLDS)
    ]
    theta = _start(_known_of_cities(table, known, places=places), rng=rng)
    adam = _Adam(theta)
    for epoch in range(EPOCHS):
        step = STEP if epoch < 0.6 * EPOCHS else 0.3 * STEP
        loss = 0.0
        for at in rng.permutation(FOLDS):
            pool, offset = _pool(graph, rng=rng)
            for some in np.array_split(rng.permutation(len(folds[at].asks)), 2):
                part, slopes = _slopes(table, folds[at], some, theta, graph=graph, pool=pool, offset=offset)
                adam.move(theta, slopes, step=step)
                loss += part
        say(f"pull, round {epoch + 1} of {EPOCHS}: loss {loss / (2 * len(known)):.4f}")
    return theta


def _average(members: list[_Theta], known: sparse.csr_matrix) -> _Theta:
    """The mean of what the members say of `known` cities (n, f), in `SHIPPED_RANK` dimensions.

    Of all maps of that rank it is the nearest for these cities (C. Eckart and G. Young, 1936).
    """
    traits = np.hstack([member.traits for member in members]).astype(np.float64)
    wishes = np.hstack([member.wishes for member in members]).astype(np.float64) / len(members)
    theirs, mine = np.linalg.qr(known @ traits).R, np.linalg.qr(known @ wishes).R
    left, size, right = np.linalg.svd(mine @ theirs.T)
    root = np.sqrt(size[:SHIPPED_RANK])
    return _Theta(
        (traits @ (np.linalg.pinv(theirs) @ right[:SHIPPED_RANK].T * root)).astype(np.float32),
        (wishes @ (np.linalg.pinv(mine) @ left[:, :SHIPPED_RANK] * root)).astype(np.float32),
        np.mean([member.popularity for member in members], axis=0),
        np.mean([member.affinity for member in members], axis=0),
    )


def _known_of_cities(table: CityTable, seen: Pairs, *, places: Float64) -> dict[str, Part]:
    graph = adjacency(seen, count=len(table))
    return parts(table, graph, countries=table.countries, places=places, habits=learn_habits(table, graph))


def _inputs(found: dict[str, Part]) -> sparse.csr_matrix:
    return sparse.csr_matrix(sparse.hstack([part.table() for part in found.values()]), dtype=np.float32)


def _weights(affinity: float) -> dict[str, float]:
    """Shares of the blocks: pull and degree are learned in the unit of the score itself."""
    total = 2 + affinity
    return {
        "affinity": round(affinity / total, 4),
        "degree": round(1 / total, 4),
        "pull": round(1 / total, 4),
    }


def _fold(table: CityTable, seen: Pairs, hidden: Pairs, *, places: Float64) -> _Fold:
    graph = adjacency(seen, count=len(table))
    known = _inputs(_known_of_cities(table, seen, places=places))
    traits, wishes = affinity_factors(table, graph, habits=learn_habits(table, graph))
    ends = np.concatenate([hidden, hidden[:, ::-1]]).astype(np.int64)
    return _Fold(known, traits, wishes, ends[:, 0], ends[:, 1])


def _start(found: dict[str, Part], *, rng: np.random.Generator) -> _Theta:
    total = sum(part.inputs.shape[1] for part in found.values())
    popularity = np.zeros(total, dtype=np.float32)
    first = 0
    for name, part in found.items():
        if name == "numbers":
            popularity[[first + DEGREE, first + DEGREE + 1]] = 2.0, 1.2
        first += part.inputs.shape[1]
    maps = [(rng.normal(size=(total, RANK)) * START).astype(np.float32) for _ in range(2)]
    return _Theta(maps[0], maps[1], popularity, np.full(1, 0.6, dtype=np.float32))


def _pool(graph: sparse.csr_matrix, *, rng: np.random.Generator) -> tuple[Rows, Float32]:
    """All cities with twins and some without, and the logarithm of how many cities each stands for."""
    degree = np.diff(graph.indptr)
    twinned, others = np.flatnonzero(degree > 0), np.flatnonzero(degree == 0)
    some = rng.choice(others, min(UNTWINNED, len(others)), replace=False)
    offset = np.zeros(len(twinned) + len(some), dtype=np.float32)
    offset[len(twinned) :] = np.log(len(others) / max(len(some), 1))
    return np.concatenate([twinned, some]), offset


def _slopes(
    table: CityTable,
    fold: _Fold,
    some: Rows,
    theta: _Theta,
    *,
    graph: sparse.csr_matrix,
    pool: Rows,
    offset: Float32,
) -> tuple[float, tuple[Float32, ...]]:
    """Loss (summed) and slopes (mean) of some examples: the real partner against the whole pool."""
    asks, partners = fold.asks[some], fold.partners[some]
    mine, theirs = fold.known[asks], fold.known[pool]
    wishes, traits = mine @ theta.wishes, theirs @ theta.traits
    country = table.country.astype(np.int64)
    drawn = (fold.wishes[country[asks]] @ fold.traits[country[pool]].T).astype(np.float32)
    scores = wishes @ traits.T + theta.affinity * drawn
    scores += theirs @ theta.popularity + offset
    place = np.full(len(table), -1)
    place[pool] = np.arange(len(pool))
    line, real = np.arange(len(asks)), place[partners]
    kept = scores[line, real].copy()
    twins = graph[asks][:, pool].tocoo()
    scores[twins.row, twins.col] = -1e9
    scores[line, place[asks]] = -1e9
    scores[line, real] = kept
    scores -= scores.max(axis=1, keepdims=True)
    chance = np.exp(scores)
    chance /= chance.sum(axis=1, keepdims=True)
    loss = -float(np.log(chance[line, real] + 1e-12).sum())
    chance[line, real] -= 1
    chance /= len(asks)
    slopes = (
        theirs.T @ (chance.T @ wishes) + DECAY * theta.traits,
        mine.T @ (chance @ traits) + DECAY * theta.wishes,
        theirs.T @ chance.sum(axis=0) + DECAY * theta.popularity,
        np.array([(chance * drawn).sum()], dtype=np.float32),
    )
    return loss, slopes


def _places(table: CityTable, known: Pairs, *, rng: np.random.Generator) -> Float64:
    """Centres of the world of twinnings, (PLACES, 3) unit vectors: k-means, cities counted by twinnings."""
    weight = np.bincount(known.ravel(), minlength=len(table)) + 0.05
    latitude, longitude = np.radians(table.latitude), np.radians(table.longitude)
    flat = np.cos(latitude)
    at = np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])
    centres = at[rng.choice(len(at), PLACES, replace=False, p=weight / weight.sum())]
    for _round in range(12):
        nearest = cKDTree(centres).query(at)[1]
        sums = [np.bincount(nearest, weight * at[:, axis], PLACES) for axis in range(3)]
        centres = np.column_stack(sums)
        centres /= np.linalg.norm(centres, axis=1, keepdims=True) + 1e-12
    return centres
