"""What countries usually do: which of them twin with each other, and how many twinnings a city has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from twincitylab.atlas.queries import CityTable

Float64 = NDArray[np.float64]

TRUST = 1.0
"""Expected twinnings of a country pair at which what is counted weighs as much as what was learned before."""
SILENCE = 0.4
"""Two countries without any known twinning are taken to have so many of those expected."""
CONTINENT_TRUST = 20.0
DEGREE_TRUST = 6.0
SIZE_STEPS = np.array([3.0, 3.8, 4.2, 4.4, 4.6, 4.8, 5.0, 5.25, 5.5, 5.75, 6.0, 6.4, 7.0])
USUAL_DEGREE = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.9, 1.5, 2.5, 4.0, 7.0, 10.0, 12.0])
"""Twinnings of a city in the atlas by size, the middle of the world; used until enough are known."""


@dataclass(frozen=True, eq=False)
class Habits:
    """Learned from real twinnings: per country the readiness to twin, and factors of the affinity of pairs.

    ``affinity = traits @ wishes.T`` is the logarithm of how many more twinnings two countries have than
    their readiness alone would give. Countries that are not named have no habit (0).
    """

    countries: tuple[str, ...]
    readiness: Float64
    traits: Float64
    wishes: Float64

    @classmethod
    def none(cls) -> Habits:
        return cls((), np.zeros(0), np.zeros((0, 1)), np.zeros((0, 1)))

    def readiness_of(self, table: CityTable) -> Float64:
        return _aligned(self.readiness[:, None], self.countries, table.countries)[:, 0]

    def affinity_of(self, table: CityTable) -> Float64:
        traits = _aligned(self.traits, self.countries, table.countries)
        wishes = _aligned(self.wishes, self.countries, table.countries)
        affinity = traits @ wishes.T
        return (affinity + affinity.T) / 2


def learn_habits(table: CityTable, graph: scipy.sparse.csr_matrix, *, rank: int = 12) -> Habits:
    """Count the habits of the countries of `table` from its twinnings."""
    degree = np.asarray(graph.sum(axis=1)).ravel()
    affinity = country_affinity(table, graph, habits=Habits.none())
    traits, wishes = signed_factors(affinity, rank=rank)
    return Habits(table.countries, country_readiness(table, degree, habits=Habits.none()), traits, wishes)


def country_affinity(table: CityTable, graph: scipy.sparse.csr_matrix, *, habits: Habits) -> Float64:
    """Logarithm of twinnings counted over expected for each pair of countries (c, c), shrunk to `habits`.

    Expected from how many ends of twinnings each country has. Pairs of which little is known are taken to
    the habits, and those to what their continents do.
    """
    counts = country_counts(table, graph)
    ends = counts.sum(axis=1)
    expected = np.outer(ends, ends) / max(ends.sum(), 1.0)
    names = sorted(set(table.continents))
    member = np.equal.outer(np.array(table.continents), np.array(names)).astype(np.float64)
    seen, usual = member.T @ counts @ member, member.T @ expected @ member
    continents = member @ np.log((seen + CONTINENT_TRUST) / (usual + CONTINENT_TRUST)) @ member.T
    before = np.where(habits.affinity_of(table) != 0, habits.affinity_of(table), continents)
    return np.asarray(np.log((counts + TRUST * SILENCE * np.exp(before)) / (expected + TRUST)))


def adjacency(pairs: NDArray[np.int32], *, count: int) -> scipy.sparse.csr_matrix:
    """The symmetric matrix of twinnings, ones where two rows are twinned."""
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    ones = np.ones(len(ends), dtype=np.float32)
    return scipy.sparse.csr_matrix((ones, (ends[:, 0], ends[:, 1])), shape=(count, count))


def country_counts(table: CityTable, graph: scipy.sparse.csr_matrix) -> Float64:
    """Ends of twinnings between countries, (c, c); one inside a country counts twice."""
    member = membership(table)
    return np.asarray((member.T @ graph @ member).toarray(), dtype=np.float64)


def membership(table: CityTable) -> scipy.sparse.csr_matrix:
    rows = np.arange(len(table))
    ones = np.ones(len(table), dtype=np.float32)
    return scipy.sparse.csr_matrix(
        (ones, (rows, table.country.astype(np.int64))), (len(rows), len(table.countries))
    )


def expected_degree(table: CityTable, degree: NDArray[np.number], *, habits: Habits) -> Float64:
    """How many twinnings a city of this country and size usually has, (n,)."""
    return np.asarray(_usual(table) * np.exp(country_readiness(table, degree, habits=habits)[table.country]))


def country_readiness(table: CityTable, degree: NDArray[np.number], *, habits: Habits) -> Float64:
    """Logarithm of twinnings over what cities of those sizes usually have, by country, shrunk to `habits`."""
    count = len(table.countries)
    country = table.country.astype(np.int64)
    seen = np.bincount(country, weights=degree, minlength=count)
    usual = np.bincount(country, weights=_usual(table), minlength=count)
    # An installation with few twinnings knows little: its own total decides how much is expected at all.
    known = min(seen.sum() / max(usual.sum(), 1e-9), 1.0)
    before = np.exp(habits.readiness_of(table))
    return np.asarray(np.log((seen + DEGREE_TRUST * before) / (usual * known + DEGREE_TRUST)))


def signed_factors(
    symmetric: Float64, *, rank: int, importance: Float64 | None = None
) -> tuple[Float64, Float64]:
    """Traits and wishes (c, rank) whose product comes near to a symmetric matrix.

    Lines of greater `importance` (c,), above 0, are met more closely.
    """
    weight = np.ones(len(symmetric)) if importance is None else np.sqrt(importance)
    target = symmetric * np.outer(weight, weight)
    values, vectors = np.linalg.eigh((target + target.T) / 2)
    kept = np.argsort(-np.abs(values), kind="stable")[:rank]
    axes = vectors[:, kept] * np.sqrt(np.abs(values[kept])) / weight[:, None]
    peaks = axes[np.abs(axes).argmax(axis=0), np.arange(len(kept))]
    padded = np.zeros((len(axes), rank))
    padded[:, : len(kept)] = axes * np.where(peaks < 0, -1.0, 1.0)
    signs = np.zeros(rank)
    signs[: len(kept)] = np.sign(values[kept])
    return padded, padded * signs


def _usual(table: CityTable) -> Float64:
    size = np.log10(np.maximum(table.population, 1))
    return np.asarray(np.interp(size, [2.0, *SIZE_STEPS], USUAL_DEGREE), dtype=np.float64)


def _aligned(values: Float64, have: tuple[str, ...], want: tuple[str, ...]) -> Float64:
    place = {name: row for row, name in enumerate(have)}
    padded = np.vstack([values, np.zeros((1, values.shape[1]))])
    rows: Float64 = padded[[place.get(name, -1) for name in want]]
    return rows
