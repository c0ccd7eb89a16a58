"""How strongly cities draw each other: learned projections of where a city lies and of whom it knows."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from eyelevel.matching import bumps
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.globe import EARTH_KM, compass
from twincitylab.matching.engine.habits import Habits, expected_degree

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

NEIGHBOURS = 24
"""How many twinned cities of the same country are looked at around each city."""
NEAR_KM = 60.0
PEER_KM, PEER_SIZE = 500.0, 0.15
"""Peers are cities of the same country and about the same size; the country may be crossed."""
PLACES_EACH, PLACE_KM = 3, 150.0
"""A city lies at the nearest few of the learned places, which are told apart no finer than this."""
EVEN = 0.7
"""Between 0, where many twins speak louder than few, and 1, where only their mean is heard."""


@dataclass(frozen=True, eq=False)
class Pull:
    """Learned from real twinnings: per part a matrix (inputs, 2 d + 1) from what is known of a city to its
    traits, its wishes and its popularity. `places` (p, 3) are unit vectors."""

    countries: tuple[str, ...]
    places: Float64
    parts: Mapping[str, Float32]


class Part(NamedTuple):
    """Inputs (n, f), and by `lead` (n, n) from each city to those whose inputs are meant; None is itself."""

    inputs: scipy.sparse.csr_matrix
    lead: scipy.sparse.csr_matrix | None

    def table(self) -> scipy.sparse.csr_matrix:
        return self.inputs if self.lead is None else scipy.sparse.csr_matrix(self.lead @ self.inputs)


def pull_rows(
    table: CityTable, graph: scipy.sparse.csr_matrix, *, pull: Pull, habits: Habits
) -> tuple[Float32, Float32, Float32]:
    """Traits (n, d), wishes (n, d) and popularity (n,) of every city. O(n d), and sorting cities in space."""
    known = parts(table, graph, countries=pull.countries, places=pull.places, habits=habits)
    width = next(iter(pull.parts.values())).shape[1]
    total = np.zeros((len(table), width), dtype=np.float32)
    for name, part in known.items():
        rows = np.asarray(part.inputs @ pull.parts[name])
        total += rows if part.lead is None else part.lead @ rows
    half = width // 2
    return total[:, :half], total[:, half : 2 * half], total[:, -1]


def parts(
    table: CityTable,
    graph: scipy.sparse.csr_matrix,
    *,
    countries: tuple[str, ...],
    places: Float64,
    habits: Habits,
) -> dict[str, Part]:
    """What is known of each city itself, of its twins, of those of cities nearby and alike, and of theirs."""
    member, place, size = _member(table, countries), _place(table, places), _log_size(table)
    where = _csr(scipy.sparse.hstack([member, place]))
    whole = _csr(scipy.sparse.hstack([where, _csr(bumps(size, low=3.5, high=7.5, count=12))]))
    degree = np.asarray(graph.sum(axis=1)).ravel()
    at = compass(table.latitude, table.longitude) * EARTH_KM
    near = _around(table, degree, at=at, scale=NEAR_KM)
    peer = _around(table, degree, at=np.column_stack([at, size * (PEER_KM / PEER_SIZE)]), scale=PEER_KM)
    heard = _csr(graph @ scipy.sparse.diags(1 / np.log(degree + 2.7)))
    mean = graph @ scipy.sparse.diags(1 / np.maximum(degree, 1.0))
    numbers = _numbers(table, degree, near=near, habits=habits)
    return {
        "own": Part(whole, None),
        "numbers": Part(_csr(numbers), None),
        "country_size": Part(_csr(scipy.sparse.diags(numbers[:, 1]) @ member), None),
        "twins": Part(whole, _evened(heard, calm=0.5)),
        "near": Part(where, _evened(near @ heard, calm=0.3)),
        "peers": Part(where, _evened(peer @ heard, calm=0.3)),
        "two_steps": Part(where, _evened(mean @ heard, calm=0.5)),
    }


def parse_pull(content: Mapping[str, Any]) -> Pull:
    """Read a pull from the content of weights.json: whole numbers of one byte, a scale for each column."""
    places = np.array(content["places"], dtype=np.float64)
    matrices = {}
    for name, part in content["parts"].items():
        scale = np.array(part["scale"], dtype=np.float32)
        numbers = np.frombuffer(base64.b64decode(part["numbers"]), dtype=np.int8)
        matrices[name] = numbers.reshape(-1, len(scale)).astype(np.float32) * scale
    return Pull(tuple(content["countries"]), compass(places[:, 0], places[:, 1]), matrices)


def pull_as_json(pull: Pull) -> dict[str, Any]:
    """What `parse_pull` reads: places in degrees of two decimals."""
    latitude = np.degrees(np.arcsin(np.clip(pull.places[:, 2], -1, 1)))
    longitude = np.degrees(np.arctan2(pull.places[:, 1], pull.places[:, 0]))
    content = {}
    for name, matrix in pull.parts.items():
        scale = np.array([float(f"{value:.3g}") for value in np.abs(matrix).max(axis=0) / 127 + 1e-9])
        numbers = np.clip(np.round(matrix / scale), -127, 127).astype(np.int8)
        content[name] = {"scale": scale.tolist(), "numbers": base64.b64encode(numbers.tobytes()).decode()}
    degrees = np.column_stack([latitude, longitude]).round(2)
    return {"countries": list(pull.countries), "places": degrees.tolist(), "parts": content}


def _member(table: CityTable, countries: tuple[str, ...]) -> scipy.sparse.csr_matrix:
    number = {name: column for column, name in enumerate(countries)}
    column = np.array([number.get(name, -1) for name in table.countries])[table.country]
    known = np.flatnonzero(column >= 0)
    ones = np.ones(len(known), dtype=np.float32)
    return scipy.sparse.csr_matrix((ones, (known, column[known])), shape=(len(table), len(countries)))


def _place(table: CityTable, places: Float64) -> scipy.sparse.csr_matrix:
    each = min(PLACES_EACH, len(places))
    apart, which = _nearest(places, compass(table.latitude, table.longitude), count=each)
    reach = np.maximum(apart[:, :1] * EARTH_KM, PLACE_KM)
    weight = np.exp(-0.5 * (apart * EARTH_KM / reach) ** 2)
    weight /= np.sqrt((weight**2).sum(axis=1, keepdims=True))
    start = np.arange(0, weight.size + 1, each)
    values = weight.ravel().astype(np.float32)
    return scipy.sparse.csr_matrix((values, which.ravel(), start), shape=(len(table), len(places)))


def _numbers(
    table: CityTable, degree: NDArray[np.number], *, near: scipy.sparse.csr_matrix, habits: Habits
) -> Float32:
    size = (_log_size(table) - 4.7) / 0.6
    around = np.maximum(np.asarray(near.sum(axis=1)).ravel(), 0.3)
    hour = 2 * np.pi * table.utc_offset.astype(np.float64) / 24
    columns = [
        np.ones(len(table)),
        size,
        size**2 - 1,
        np.log1p(degree) / 2,
        np.log(expected_degree(table, degree, habits=habits) + 0.02) / 2,
        np.log1p((near @ degree) / around) / 2,
        compass(table.latitude, table.longitude),
        np.cos(hour),
        np.sin(hour),
        np.log10(table.sea_km.astype(np.float64) + 3.0) - 2,
        degree > 0,
        np.abs(table.latitude) / 30 - 1,
    ]
    return np.column_stack(columns).astype(np.float32)


def _around(
    table: CityTable, degree: NDArray[np.number], *, at: Float64, scale: float
) -> scipy.sparse.csr_matrix:
    """From each city to the nearest twinned cities of its country, never itself, less to those further."""
    rows, columns, weights = [], [], []
    for country in np.unique(table.country[degree > 0]):
        here = np.flatnonzero(table.country == country)
        twinned = here[degree[here] > 0]
        count = min(NEIGHBOURS + 1, len(twinned))
        apart, which = _nearest(at[twinned], at[here], count=count)
        found = twinned[which]
        other = found != here[:, None]
        # The city itself, if twinned, comes first: the last column then holds one neighbour too many.
        other &= np.cumsum(other, axis=1) <= NEIGHBOURS
        rows.append(np.broadcast_to(here[:, None], found.shape)[other])
        columns.append(found[other])
        weights.append(np.exp(-apart[other] / scale))
    none: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    ends = (np.concatenate(none + rows), np.concatenate(none + columns))
    values = np.concatenate([np.empty(0), *weights]).astype(np.float32)
    return scipy.sparse.csr_matrix((values, ends), shape=(len(table), len(table)))


def _nearest(points: Float64, asked: Float64, *, count: int) -> tuple[Float64, NDArray[np.int64]]:
    apart, which = scipy.spatial.cKDTree(points).query(asked, k=np.arange(1, count + 1))
    return np.asarray(apart, dtype=np.float64), np.asarray(which, dtype=np.int64)


def _evened(lead: scipy.sparse.csr_matrix, *, calm: float) -> scipy.sparse.csr_matrix:
    weight = np.asarray(lead.sum(axis=1)).ravel()
    return _csr(scipy.sparse.diags((weight + calm) ** -EVEN) @ lead)


def _log_size(table: CityTable) -> Float64:
    return np.asarray(np.log10(np.maximum(table.population, 500)), dtype=np.float64)


def _csr(matrix: Any) -> scipy.sparse.csr_matrix:
    return scipy.sparse.csr_matrix(matrix, dtype=np.float32)
