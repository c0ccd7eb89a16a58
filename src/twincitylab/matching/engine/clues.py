"""What speaks for a pair of cities in the preset *established*: named numbers for many pairs at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from twincitylab.matching.engine.surroundings import EARTH_KM, Surroundings

Floats = NDArray[np.floating]
Rows = NDArray[np.int64]

GROUPS: dict[str, tuple[str, ...]] = {
    "ties": (
        "by_near", "by_peer", "by_region", "common", "near_three", "common_rare", "shared", "three",
        "three_even", "rank", "near_rank", "near_of_twin", "near_of_by_near", "peer_of_twin",
        "peer_of_by_peer", "region_of_twin", "region_of_by_region", "near_of_by_peer",
        "near_of_three_even", "rank_rare", "near_rank_rare", "region_surplus", "new_by_near",
        "new_there_near",
    ),
    "countries": (
        "affinity", "links", "same_country", "continent", "twin_there", "twin_here", "near_there",
        "near_here", "peer_there", "peer_here", "region_there", "region_here", "share_there",
        "share_here", "new_affinity",
    ),
    "size": (
        "size_step", "size_step_2", "larger", "size",
    ),
    "place": (
        "far", "next_door", "reachable", "latitude",
    ),
    "language": (
        "language",
    ),
    "activity": (
        "degree", "usual", "untwinned", "near_degree", "above_usual", "new_degree", "new_there_usual",
    ),
    "name": (
        "same_name",
    ),
}  # fmt: skip
"""The clues that speak of one thing, for reasons in sentences."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Sparse and dense tables derived from the surroundings, made once and used for every question."""

    s: Surroundings
    twin: sparse.csr_matrix
    near: sparse.csr_matrix
    share: Floats
    rare: Floats
    even: Floats
    twin_country: Floats
    near_country: Floats
    peer_country: Floats
    region_country: Floats
    region_degree: Floats

    @classmethod
    def of(cls, s: Surroundings) -> Ground:
        twin, near = s.twin, s.near
        degree = s.degree[:, None]
        member = np.zeros((len(s), len(s.affinity)), dtype=np.float32)
        member[np.arange(len(s)), s.country] = 1
        twin_country = np.asarray(twin @ member, dtype=np.float32)
        return cls(
            s=s, twin=twin, near=near,
            share=1 / np.maximum(degree, 1), rare=1 / np.log(degree + 2), even=1 / (degree + 1),
            twin_country=twin_country,
            near_country=_around(twin_country, s.near_row, s.near_weight),
            peer_country=_around(twin_country, s.peer_row, s.peer_weight),
            region_country=_around(twin_country, s.region_row, s.region_weight),
            region_degree=(s.region_weight * s.degree[s.region_row]).sum(axis=1),
        )  # fmt: skip


def _around(values: Floats, row: NDArray[np.int32], weight: Floats) -> Floats:
    count, width = row.shape
    start = np.arange(0, count * width + 1, width)
    return np.asarray(sparse.csr_matrix((weight.ravel(), row.ravel(), start), (count, count)) @ values)


def walks(ground: Ground, rows: Rows) -> dict[str, Floats]:
    """Where short walks along twinnings lead from some cities, (n, len(rows)) each."""
    s, twin = ground.s, ground.twin
    own = _columns(rows, len(s))
    one = np.asarray(twin @ own)
    near, peer, region = (_spread(s, rows, name=name) for name in ("near", "peer", "region"))
    by_near, by_peer, by_region = (np.asarray(twin @ start) for start in (near, peer, region))
    shared = np.asarray(twin @ (one * ground.share))
    two = np.asarray(twin @ (one * ground.even))
    return {
        "twin": one,
        "by_near": by_near,
        "by_peer": by_peer,
        "by_region": by_region,
        "common": np.asarray(twin @ one),
        "common_rare": np.asarray(twin @ (one * ground.rare)),
        "shared": shared,
        "three": np.asarray(twin @ (ground.share * shared)),
        "three_even": np.asarray(twin @ (ground.even * two)) * np.sqrt(ground.even),
        "rank": _rank(ground, own, steps=6, stay=0.25),
        "near_rank": _rank(
            ground, 0.5 * own + 0.5 * near / np.maximum(near.sum(axis=0), 1e-3), steps=5, stay=0.3
        ),
        "near_three": np.asarray(twin @ (ground.share * (twin @ (ground.share * by_near)))),
    }


def _columns(rows: Rows, count: int) -> Floats:
    start = np.zeros((count, len(rows)), dtype=np.float32)
    start[rows, np.arange(len(rows))] = 1
    return start


def _spread(s: Surroundings, rows: Rows, *, name: str) -> Floats:
    start = np.zeros((len(s), len(rows)), dtype=np.float32)
    which, weight = getattr(s, f"{name}_row")[rows], getattr(s, f"{name}_weight")[rows]
    np.add.at(start, (which, np.arange(len(rows))[:, None]), weight)
    return start


def _rank(ground: Ground, start: Floats, *, steps: int, stay: float) -> Floats:
    """Personalised PageRank by power iteration."""
    x = start
    for _ in range(steps):
        x = stay * start + (1 - stay) * np.asarray(ground.twin @ (x * ground.share))
    return x


def clues(ground: Ground, rows: Rows, candidates: Rows, walked: Mapping[str, Floats]) -> dict[str, Floats]:
    """Named numbers for `candidates` (b, m) of `rows` (b,), each (b, m)."""
    found = _walk_clues(ground, rows, candidates, walked)
    found |= _fact_clues(ground.s, rows, candidates)
    found |= _country_clues(ground, rows, candidates)
    found |= _cold_clues(ground.s, rows, candidates, found)
    return found


def _walk_clues(
    ground: Ground, rows: Rows, candidates: Rows, walked: Mapping[str, Floats]
) -> dict[str, Floats]:
    s = ground.s
    line = np.arange(len(rows))[:, None]
    at = {name: values[candidates, line] for name, values in walked.items() if name != "twin"}
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
        value = np.einsum("bmk,bmk->bm", weight, walked[source][which, line[:, :, None]])
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
    usual, popular = np.log(s.usual_degree + 0.02), np.log1p(s.degree)
    return {
        "far": np.log10(km + 10), "next_door": np.exp(-km / 50), "reachable": np.exp(-km / 400),
        "size_step": step, "size_step_2": np.minimum(step, 1) ** 2,
        "larger": np.maximum(s.size[candidates] - s.size[asks], 0),
        "size": s.size[candidates], "degree": popular[candidates], "usual": usual[candidates],
        "untwinned": np.float32(s.degree[candidates] == 0),
        "near_degree": np.log1p(s.near_degree)[candidates],
        "above_usual": np.log((s.degree + 0.5) / (s.usual_degree + 0.5))[candidates],
        "latitude": np.abs(np.abs(s.latitude[candidates]) - np.abs(s.latitude[asks])) / 30,
        "same_name": np.float32(s.name[candidates] == s.name[asks]),
        "continent": np.float32(s.continent[candidates] == s.continent[asks]),
        "own_degree": np.broadcast_to(popular[asks], candidates.shape),
        "own_usual": np.broadcast_to(usual[asks], candidates.shape),
        "own_size": np.broadcast_to(s.size[asks], candidates.shape),
    }  # fmt: skip


def _country_clues(ground: Ground, rows: Rows, candidates: Rows) -> dict[str, Floats]:
    s, asks = ground.s, rows[:, None]
    here, there = s.country[asks], s.country[candidates]
    g = ground
    return {
        "affinity": s.affinity[here, there], "links": s.links[here, there],
        "language": s.language[here, there],
        "same_country": np.float32(here == there),
        "twin_there": np.log1p(g.twin_country[asks, there]),
        "twin_here": np.log1p(g.twin_country[candidates, here]),
        "near_there": np.log1p(g.near_country[asks, there]),
        "near_here": np.log1p(g.near_country[candidates, here]),
        "peer_there": np.log1p(g.peer_country[asks, there]),
        "peer_here": np.log1p(g.peer_country[candidates, here]),
        "region_there": np.log((g.region_country[asks, there] + 0.3) / (g.region_degree[asks] + 3)),
        "region_here": np.log((g.region_country[candidates, here] + 0.3) / (g.region_degree[candidates] + 3)),
        "share_there": g.twin_country[asks, there] * ground.even[asks, 0],
        "share_here": g.twin_country[candidates, here] * ground.even[candidates, 0],
    }  # fmt: skip


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
