"""Turns cities and their twinnings into the space the matcher searches: one float32 row of numbers each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from eyelevel.matching import Block, Space, bumps, clock, language_shares, low_rank, sphere, stack, unit_rows
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.habits import (
    Habits,
    adjacency,
    country_affinity,
    country_counts,
    expected_degree,
    signed_factors,
)
from twincitylab.matching.engine.learned import Learned, learned
from twincitylab.matching.engine.pull import pull_rows

Float32 = NDArray[np.float32]

SMALLEST, LARGEST = 3.5, 7.5
"""Logarithms of the populations between which size is told apart."""
CLIMATE_RANK, LANGUAGE_RANK, TIES_RANK, AFFINITY_RANK = 8, 16, 20, 20
SECOND_HAND = 0.4
"""How much the twins of twins count beside the twins themselves."""
UNSEEN = 0.2
"""How much a twinning that is usual for the country and size counts beside one that is known."""
SETTLED = 1.0
"""A city with this many twins is described half by them and half by what its country usually does."""


@dataclass(frozen=True, eq=False)
class CitySpace:
    """The cities, their space, and the known twinnings as pairs of rows (m, 2), smaller row first."""

    table: CityTable
    space: Space
    pairs: NDArray[np.int32]


def encode(table: CityTable, twinnings: NDArray[np.int64], *, parameters: Learned | None = None) -> CitySpace:
    """Describe every city of `table` by its facts and by `twinnings` (m, 2), pairs of GeoNames ids.

    Seven blocks every preset may weigh (size, place, hours, climate, sea, language: kernels of norm 1; ties:
    directed), and three for *established* only: `affinity` of country pairs; `degree`, how many twinnings a
    city has and how many cities of its place and size usually have; `pull`, what cities of such a place with
    such twins were learned to seek. Twinnings with a city the table has not are left out, as are doubles. A
    city without twins wishes for what its country usually twins with, and where nothing is known of that, for
    cities like itself. Deterministic; O(n D + m).

    `parameters` are what was learned from twinnings elsewhere, by default those that are shipped.
    """
    parameters = learned() if parameters is None else parameters
    pairs = pairs_of_rows(table, twinnings)
    graph = adjacency(pairs, count=len(table))
    if not len(table):
        raise ValueError("there is no city to encode")
    blocks = [*_facts(table), *_ties(table, graph, parameters=parameters)]
    return CitySpace(table, Space.build(blocks, weights=parameters.weights), pairs)


def pairs_of_rows(table: CityTable, twinnings: NDArray[np.int64]) -> NDArray[np.int32]:
    """Pairs of rows instead of GeoNames ids: each pair once, smaller row first, unknown cities left out."""
    ids = np.asarray(twinnings, dtype=np.int64).reshape(-1, 2)
    if not len(table):
        return np.empty((0, 2), dtype=np.int32)
    rows = np.minimum(np.searchsorted(table.geonameid, ids), len(table) - 1)
    known = (table.geonameid[rows] == ids).all(axis=1) & (ids[:, 0] != ids[:, 1])
    return np.unique(np.sort(rows[known], axis=1), axis=0).astype(np.int32)


def _facts(table: CityTable) -> list[Block]:
    return [
        Block.kernel("size", _size(table)),
        Block.kernel("place", sphere(table.latitude, table.longitude)),
        Block.kernel("hours", clock(table.utc_offset)),
        Block.kernel("climate", _climate(table)),
        Block.kernel("sea", bumps(np.log10(np.asarray(table.sea_km) + 3.0), low=0.4, high=3.4, count=7)),
        Block.kernel("language", _language(table)),
    ]


def affinity_factors(
    table: CityTable, graph: sparse.csr_matrix, *, habits: Habits
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Traits and wishes of countries (c, rank): countries with many twinnings are met more closely."""
    affinity = country_affinity(table, graph, habits=habits)
    ends = country_counts(table, graph).sum(axis=1)
    return signed_factors(affinity, rank=AFFINITY_RANK, importance=np.sqrt(ends) + 0.3)


def _ties(table: CityTable, graph: sparse.csr_matrix, *, parameters: Learned) -> list[Block]:
    habits = parameters.habits
    affinity = country_affinity(table, graph, habits=habits)
    traits, wishes = affinity_factors(table, graph, habits=habits)
    country = table.country.astype(np.int64)
    content = _content(table, traits[country])
    return [
        Block.directed(
            "ties", traits=content, wishes=_wishes(content, graph, table=table, affinity=affinity)
        ),
        Block.directed("affinity", traits=traits[country], wishes=wishes[country]),
        *_learned(table, graph, parameters=parameters),
    ]


def _learned(table: CityTable, graph: sparse.csr_matrix, *, parameters: Learned) -> list[Block]:
    """Without a learned pull, popularity is what is known and usual, and nobody is drawn to anyone."""
    habits = parameters.habits
    if parameters.pull is None:
        degree = np.asarray(graph.sum(axis=1)).ravel()
        usual = expected_degree(table, degree, habits=habits)
        popularity = np.log1p(degree + UNSEEN * np.minimum(usual, 5.0)) / np.log1p(50.0)
        traits = wishes = np.zeros((len(table), 1), dtype=np.float32)
    else:
        traits, wishes, popularity = pull_rows(table, graph, pull=parameters.pull, habits=habits)
    ones = np.ones((len(table), 1), dtype=np.float32)
    return [
        Block.directed("degree", traits=popularity[:, None], wishes=ones),
        Block.directed("pull", traits=traits, wishes=wishes),
    ]


def _wishes(
    content: Float32, graph: sparse.csr_matrix, *, table: CityTable, affinity: NDArray[np.float64]
) -> Float32:
    """The averaged content of a city's twins and of their twins, of norm 1; without twins, what is usual."""
    degree = np.asarray(graph.sum(axis=1)).ravel()
    step = sparse.diags(1.0 / np.maximum(degree, 1.0)) @ graph
    first = step @ content.astype(np.float64)
    second = step @ (step @ first)
    own = unit_rows(content + _usual_partners(content, table=table, affinity=affinity))
    known = unit_rows(first + SECOND_HAND * second)
    share = (degree / (degree + SETTLED))[:, None]
    return unit_rows(share * known + (1 - share) * own)


def _usual_partners(content: Float32, *, table: CityTable, affinity: NDArray[np.float64]) -> Float32:
    """For each city the mean content of the countries its country is drawn to."""
    country = table.country.astype(np.int64)
    count = len(table.countries)
    sums = np.zeros((count, content.shape[1]))
    np.add.at(sums, country, content)
    drawn = np.maximum(affinity, 0.0)
    return unit_rows(drawn @ unit_rows(sums))[country]


def _size(table: CityTable) -> Float32:
    return bumps(np.log10(np.maximum(table.population, 1)), low=SMALLEST, high=LARGEST, count=12)


def _climate(table: CityTable) -> Float32:
    """Köppen classes that share letters are alike; beside them how far a city is from the equator."""
    codes = table.climates
    alike = np.array([[_shared_letters(a, b) for b in codes] for a in codes]).reshape(len(codes), len(codes))
    classes = unit_rows(low_rank(alike, rank=min(CLIMATE_RANK, len(codes))).features)
    padded = np.zeros((len(codes), CLIMATE_RANK), dtype=np.float32)
    padded[:, : classes.shape[1]] = classes
    latitude = bumps(np.abs(table.latitude), low=0.0, high=66.0, count=6)
    return stack([padded[table.climate.astype(np.int64)], latitude], weights=[2, 1])


def _shared_letters(a: str, b: str) -> float:
    """0 to 1: the main class counts half, rain and warmth a quarter each.

    >>> _shared_letters("Cfb", "Cfa"), _shared_letters("Cfb", "BWh")
    (0.75, 0.0)
    """
    if a[:1] != b[:1]:
        return 0.0
    rest = [0.25 * (a[place : place + 1] == b[place : place + 1]) for place in (1, 2)]
    return 0.5 + sum(rest)


def _language(table: CityTable) -> Float32:
    shares = language_shares(np.minimum(table.language_share, 1.0))
    count = len(table.countries)
    factor = low_rank(shares @ shares.T, rank=min(LANGUAGE_RANK, count)).features
    rows = np.zeros((count, LANGUAGE_RANK), dtype=np.float32)
    rows[:, : factor.shape[1]] = unit_rows(factor)
    return rows[table.country.astype(np.int64)]


def _content(table: CityTable, nations: NDArray[np.float64]) -> Float32:
    """What is known of a city in few numbers, centred, so that unlike cities are below 0; norm 1."""
    parts = [_size(table), sphere(table.latitude, table.longitude), clock(table.utc_offset)]
    parts += [_climate(table), _language(table), unit_rows(nations)]
    rows = stack(parts, weights=[2, 4, 1, 1, 2, 4])
    wide = rows.astype(np.float64) - rows.mean(axis=0)
    values, vectors = np.linalg.eigh(wide.T @ wide / len(wide))
    axes = vectors[:, np.argsort(-values, kind="stable")[:TIES_RANK]]
    peaks = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return unit_rows(wide @ (axes * np.where(peaks < 0, -1.0, 1.0)))
