"""What speaks for a pair of cities in the preset *established*: named numbers for many pairs at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twincitylab.matching.engine.globe import EARTH_KM
from twincitylab.matching.engine.surroundings import Surroundings

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.floating]
Rows = NDArray[np.int64]

GROUPS: dict[str, tuple[str, ...]] = {
    "ties": (
        "by_near", "by_peer", "by_region", "common", "near_three", "common_rare", "shared", "three",
        "three_even", "rank", "near_rank", "near_of_twin", "near_of_by_near", "peer_of_twin",
        "peer_of_by_peer", "region_of_twin", "region_of_by_region", "near_of_by_peer",
        "near_of_three_even", "rank_rare", "near_rank_rare", "region_surplus", "new_by_near",
        "new_there_near", "usual_place", "usual_place_back",
    ),
    "countries": (
        "affinity", "links", "same_country", "continent", "twin_there", "twin_here", "near_there",
        "near_here", "peer_there", "peer_here", "region_there", "region_here", "share_there",
        "share_here", "new_affinity", "again",
    ),
    "size": (
        "size_step", "size_step_2", "larger", "size", "own_size", "standing", "own_standing",
        "standing_step", "usual_size", "usual_size_back", "usual_standing", "usual_standing_back",
    ),
    "place": (
        "far", "next_door", "reachable", "latitude", "hours", "sea", "sea_step", "usual_sea",
        "usual_sea_back", "apart", "own_apart", "far_apart", "own_far_apart", "shade", "own_shade",
    ),
    "language": (
        "language",
    ),
    "activity": (
        "degree", "usual", "untwinned", "near_degree", "above_usual", "new_degree", "new_there_usual",
        "own_degree", "own_usual", "own_above_usual", "own_near_degree", "degree_step", "usual_degree",
        "usual_degree_back", "countries",
    ),
    "name": (
        "same_name",
    ),
}  # fmt: skip
"""The clues that speak of one thing, for reasons in sentences."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The surroundings made ready for walks, which only ever lead through the t cities that have twins.

    `place` (n,) numbers those cities, all others are t; `start` and `step_to` are their twins by number.
    """

    s: Surroundings
    place: NDArray[np.int32]
    start: NDArray[np.int32]
    step_to: NDArray[np.int32]
    twinned_degree: Floats
    twin_country: Floats
    region_degree: Floats
    usual_twin: Floats
    countries: Floats

    @classmethod
    def of(cls, s: Surroundings) -> Ground:
        twinned = np.flatnonzero(s.degree > 0)
        place = np.full(len(s), len(twinned), dtype=np.int32)
        place[twinned] = np.arange(len(twinned))
        twin_country = np.zeros((len(s), len(s.affinity)), dtype=np.float32)
        ends = np.repeat(np.arange(len(s)), np.diff(s.twin_start))
        np.add.at(twin_country, (ends, s.country[s.twin_row]), 1)
        countries = np.zeros(len(s), dtype=np.float32)
        countries[twinned] = np.log1p((twin_country[twinned] > 0).sum(axis=1))
        return cls(
            s=s,
            place=place,
            start=s.twin_start[twinned],
            step_to=place[s.twin_row],
            twinned_degree=s.degree[twinned][:, None],
            twin_country=twin_country,
            region_degree=(s.region_weight * s.degree[s.region_row]).sum(axis=1),
            usual_twin=_usual_twin(s, twinned),
            countries=countries,
        )

    def twins(self, row: int) -> NDArray[np.int32]:
        return self.s.twin_row[self.s.twin_start[row] : self.s.twin_start[row + 1]]

    def step(self, x: Floats) -> Floats:
        """One step along the twinnings, (t, b) -> (t, b): each city gets the sum of its twins."""
        if not len(x):
            return x
        if x.shape[1] > 1:
            return np.asarray(self._steps @ x)
        summed: Floats = np.add.reduceat(x[self.step_to], self.start, axis=0)
        return summed

    def everywhere(self, x: Floats) -> Floats:
        """Values of the twinned cities (t, b) for all cities (n, b); 0 for the others."""
        spread: Floats = _padded(x)[self.place]
        return spread

    def around(self, x: Floats) -> Floats:
        """For all cities the sum over the twinned cities near them, (t, b) -> (n, b)."""
        values = _padded(x)
        if x.shape[1] > 1:
            return np.asarray(self._neighbours @ values)
        summed: Floats = np.einsum("nk,nk->n", self.s.near_weight, values[self._near, 0])
        return summed[:, None]

    @cached_property
    def _near(self) -> NDArray[np.int32]:
        near: NDArray[np.int32] = self.place[self.s.near_row]
        return near

    # One city is answered by NumPy alone, because SciPy takes longer to load than that; many by SciPy.
    @cached_property
    def _steps(self) -> sparse.csr_matrix:
        return _matrix(self.step_to, np.append(self.start, len(self.step_to)), columns=len(self.start))

    @cached_property
    def _neighbours(self) -> sparse.csr_matrix:
        count, width = self._near.shape
        start = np.arange(0, count * width + 1, width)
        weight = self.s.near_weight.ravel()
        return _matrix(self._near.ravel(), start, columns=len(self.start) + 1, weight=weight)


def _usual_twin(s: Surroundings, twinned: Rows) -> Floats:
    """The mean size, standing, sea, degree and place (3) of the twins of each city; 0 without twins."""
    traits = np.column_stack([s.size, s.standing, s.sea, np.log1p(s.degree), s.compass])
    usual = np.zeros((len(s), traits.shape[1]), dtype=np.float32)
    if len(twinned):
        total = np.add.reduceat(traits[s.twin_row], s.twin_start[twinned], axis=0)
        usual[twinned] = total / s.degree[twinned][:, None]
    return usual


def _matrix(
    row: NDArray[np.int32], start: NDArray[np.integer], *, columns: int, weight: Floats | None = None
) -> sparse.csr_matrix:
    from scipy import sparse

    values = np.ones(len(row), dtype=np.float32) if weight is None else weight
    return sparse.csr_matrix((values, row, start), shape=(len(start) - 1, columns))


def walks(ground: Ground, rows: Rows) -> dict[str, Floats]:
    """Where short walks along twinnings from some cities lead, (t, len(rows)) each."""
    step, degree = ground.step, ground.twinned_degree
    share, rare, even = 1 / degree, 1 / np.log(degree + 2), 1 / (degree + 1)
    own = _columns(ground, rows)
    one = step(own)
    near, peer, region = (_spread(ground, rows, name=name) for name in ("near", "peer", "region"))
    by_near = step(near)
    shared = step(one * share)
    two = step(one * even)
    nearby = 0.5 * own + 0.5 * near / np.maximum(near.sum(axis=0), 1e-3)
    return {
        "twin": one,
        "by_near": by_near,
        "by_peer": step(peer),
        "by_region": step(region),
        "common": step(one),
        "common_rare": step(one * rare),
        "shared": shared,
        "three": step(share * shared),
        "three_even": step(even * two) * np.sqrt(even),
        "rank": _rank(ground, own, steps=6, stay=0.25),
        "near_rank": _rank(ground, nearby, steps=5, stay=0.3),
        "near_three": step(share * step(share * by_near)),
    }


def _padded(x: Floats) -> Floats:
    """One more line of zeros, for the cities without twins."""
    return np.concatenate([x, np.zeros((1, x.shape[1]), dtype=np.float32)])


def _columns(ground: Ground, rows: Rows) -> Floats:
    start = np.zeros((len(ground.start) + 1, len(rows)), dtype=np.float32)
    start[ground.place[rows], np.arange(len(rows))] = 1
    return start[:-1]


def _spread(ground: Ground, rows: Rows, *, name: str) -> Floats:
    which, weight = (getattr(ground.s, f"{name}_{part}")[rows] for part in ("row", "weight"))
    start = np.zeros((len(ground.start) + 1, len(rows)), dtype=np.float32)
    np.add.at(start, (ground.place[which], np.arange(len(rows))[:, None]), weight)
    return start[:-1]


def _rank(ground: Ground, start: Floats, *, steps: int, stay: float) -> Floats:
    """Personalised PageRank by power iteration."""
    x = start
    for _ in range(steps):
        x = stay * start + (1 - stay) * ground.step(x / ground.twinned_degree)
    return x


def clues(ground: Ground, rows: Rows, candidates: Rows, walked: Mapping[str, Floats]) -> dict[str, Floats]:
    """Named numbers for `candidates` (b, m) of `rows` (b,), each (b, m)."""
    found = _walk_clues(ground, rows, candidates, walked)
    found |= _fact_clues(ground.s, rows, candidates)
    found |= _country_clues(ground, rows, candidates)
    found |= _standing_clues(ground.s, rows, candidates)
    found |= _usual_clues(ground, rows, candidates)
    found |= _cold_clues(ground.s, rows, candidates, found)
    return found


def _walk_clues(
    ground: Ground, rows: Rows, candidates: Rows, walked: Mapping[str, Floats]
) -> dict[str, Floats]:
    s = ground.s
    line = np.arange(len(rows))[:, None]
    places = ground.place[candidates]
    walked = {name: _padded(values) for name, values in walked.items()}
    at = {name: values[places, line] for name, values in walked.items() if name != "twin"}
    logs = ("by_near", "by_peer", "by_region", "common", "near_three")
    found = {name: np.log1p(at[name]) for name in logs}
    found |= {name: np.sqrt(at[name]) for name in ("common_rare", "shared", "three", "three_even")}
    found |= {name: np.log(at[name] + 1e-6) - np.log(1e-6) for name in ("rank", "near_rank")}
    for name, source in (
        ("near", "twin"),
        ("near", "by_near"),
        ("peer", "twin"),
        ("peer", "by_peer"),
        ("region", "twin"),
        ("region", "by_region"),
        ("near", "by_peer"),
        ("near", "three_even"),
    ):
        which, weight = getattr(s, f"{name}_row")[candidates], getattr(s, f"{name}_weight")[candidates]
        value = np.einsum("bmk,bmk->bm", weight, walked[source][ground.place[which], line[:, :, None]])
        found[f"{name}_of_{source}"] = np.log1p(value)
    popular = np.log1p(s.degree)[candidates]
    found["rank_rare"] = found["rank"] - popular
    found["near_rank_rare"] = found["near_rank"] - popular
    both = np.expm1(found["region_of_by_region"]) + 0.02
    chance = (
        ground.region_degree[rows][:, None] * ground.region_degree[candidates] * 20 / max(s.degree.sum(), 1)
    )
    found["region_surplus"] = np.log(both / (chance + 0.02))
    return found


def _fact_clues(s: Surroundings, rows: Rows, candidates: Rows) -> dict[str, Floats]:
    asks = rows[:, None]
    cosine = np.einsum("bmk,bk->bm", s.compass[candidates], s.compass[rows])
    km = EARTH_KM * np.arccos(np.clip(cosine, -1, 1))
    step = np.abs(s.size[candidates] - s.size[asks])
    return {
        "far": np.log10(km + 10), "next_door": np.exp(-km / 50), "reachable": np.exp(-km / 400),
        "size_step": step, "size_step_2": np.minimum(step, 1) ** 2,
        "larger": np.maximum(s.size[candidates] - s.size[asks], 0),
        "untwinned": np.float32(s.degree[candidates] == 0),
        "latitude": np.abs(np.abs(s.latitude[candidates]) - np.abs(s.latitude[asks])) / 30,
        "same_name": np.float32(s.name[candidates] == s.name[asks]),
        "continent": np.float32(s.continent[candidates] == s.continent[asks]),
    }  # fmt: skip


def _standing_clues(s: Surroundings, rows: Rows, candidates: Rows) -> dict[str, Floats]:
    asks = rows[:, None]
    popular = np.log1p(s.degree)
    traits = {
        "degree": popular, "usual": np.log(s.usual_degree + 0.02), "size": s.size,
        "above_usual": np.log((s.degree + 0.5) / (s.usual_degree + 0.5)),
        "near_degree": np.log1p(s.near_degree), "apart": s.apart, "far_apart": s.far_apart,
        "shade": s.shade, "standing": s.standing,
    }  # fmt: skip
    found = {f"own_{name}": np.broadcast_to(trait[asks], candidates.shape) for name, trait in traits.items()}
    found |= {name: trait[candidates] for name, trait in traits.items()}
    return found | {
        "standing_step": np.abs(s.standing[candidates] - s.standing[asks]),
        "degree_step": np.abs(popular[candidates] - popular[asks]),
        "sea": s.sea[candidates],
        "sea_step": np.abs(s.sea[candidates] - s.sea[asks]),
        "hours": np.abs((s.utc_offset[candidates] - s.utc_offset[asks] + 12) % 24 - 12),
    }


def _usual_clues(ground: Ground, rows: Rows, candidates: Rows) -> dict[str, Floats]:
    """How far one end is like the twins the other end has; 0 where it has none."""
    s, usual, asks = ground.s, ground.usual_twin, rows[:, None]
    traits = (s.size, s.standing, s.sea, np.log1p(s.degree))
    known_here, known_there = s.degree[asks] > 0, s.degree[candidates] > 0
    found: dict[str, Floats] = {
        "usual_place": np.einsum("bmk,bk->bm", s.compass[candidates], usual[rows, 4:]),
        "usual_place_back": np.einsum("bmk,bk->bm", usual[candidates, 4:], s.compass[rows]),
        "countries": ground.countries[candidates],
        "again": np.log1p(ground.twin_country[asks, s.country[candidates]]) - np.log1p(s.degree)[asks],
    }
    for at, name in enumerate(("size", "standing", "sea", "degree")):
        step = traits[at][candidates] - usual[asks, at]
        found[f"usual_{name}"] = np.where(known_here, step, 0)
        back = traits[at][asks] - usual[candidates, at]
        found[f"usual_{name}_back"] = np.where(known_there, back, 0)
    return found


def _country_clues(ground: Ground, rows: Rows, candidates: Rows) -> dict[str, Floats]:
    s, asks = ground.s, rows[:, None]
    here, there = s.country[asks], s.country[candidates]
    g = ground
    drawn = _drawn(ground, rows, candidates)
    return {
        "affinity": s.affinity[here, there], "links": s.links[here, there],
        "language": s.language[here, there],
        "same_country": (here == there).astype(np.float32),
        "twin_there": np.log1p(g.twin_country[asks, there]),
        "twin_here": np.log1p(g.twin_country[candidates, here]),
        "near_there": np.log1p(drawn["near_there"]), "near_here": np.log1p(drawn["near_here"]),
        "peer_there": np.log1p(drawn["peer_there"]), "peer_here": np.log1p(drawn["peer_here"]),
        "region_there": np.log((drawn["region_there"] + 0.3) / (g.region_degree[asks] + 3)),
        "region_here": np.log((drawn["region_here"] + 0.3) / (g.region_degree[candidates] + 3)),
        "share_there": g.twin_country[asks, there] / (s.degree[asks] + 1),
        "share_here": g.twin_country[candidates, here] / (s.degree[candidates] + 1),
    }  # fmt: skip


def _drawn(ground: Ground, rows: Rows, candidates: Rows) -> dict[str, Floats]:
    """How many twins the cities around one end have in the country of the other end."""
    s, found = ground.s, {}
    lines = np.arange(len(rows))[:, None]
    here, there = s.country[rows], s.country[candidates]
    for name in ("near", "peer", "region"):
        row, weight = getattr(s, f"{name}_row"), getattr(s, f"{name}_weight")
        by_country = np.einsum("bk,bkc->bc", weight[rows], ground.twin_country[row[rows]])
        found[f"{name}_there"] = by_country[lines, there]
        back = ground.twin_country[row[candidates], here[:, None, None]]
        found[f"{name}_here"] = np.einsum("bmk,bmk->bm", weight[candidates], back)
    return found


def _cold_clues(
    s: Surroundings, rows: Rows, candidates: Rows, found: Mapping[str, Floats]
) -> dict[str, Floats]:
    new_here = (s.degree[rows] == 0)[:, None].astype(np.float32)
    new_there = found["untwinned"]
    return {
        "new_degree": new_here * found["degree"], "new_affinity": new_here * found["affinity"],
        "new_by_near": new_here * found["by_near"], "new_there_near": new_there * found["near_of_twin"],
        "new_there_usual": new_there * found["usual"],
    }  # fmt: skip
