"""What twinned cities usually do: cheap scores name candidates, a small net ranks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.clues import GROUPS, Ground, clues, walks
from twincitylab.matching.engine.globe import EARTH_KM
from twincitylab.matching.engine.learned import Learned, learned
from twincitylab.matching.engine.surroundings import Surroundings

Floats = NDArray[np.floating]
Rows = NDArray[np.int64]

CANDIDATES = 1200
BATCH = 32
LIMIT = 6.0
"""Clues further than this many standard deviations from their mean count as this far."""


@dataclass(frozen=True, eq=False)
class Net:
    """Several small networks whose answers are averaged; `skip` is the straight line each adds."""

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    members: tuple[tuple[tuple[Floats, Floats], ...], ...]
    skips: tuple[Floats, ...]
    base: Mapping[str, float]
    centre: float

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        def floats(values: Any) -> Floats:
            return np.asarray(values, dtype=np.float32)

        members = tuple(
            tuple((floats(layer["weights"]), floats(layer["bias"])) for layer in member["layers"])
            for member in content["members"]
        )
        skips = tuple(floats(member["skip"]) for member in content["members"])
        names = tuple(content["clues"])
        mean, scale = floats(content["mean"]), floats(content["scale"])
        return cls(names, mean, scale, members, skips, content["base"], float(content["centre"]))

    def __call__(self, values: Floats) -> Floats:
        """One number for each line of clues, (..., clues) -> (...)."""
        z = np.clip((values - self.mean) / self.scale, -LIMIT, LIMIT)
        total = np.zeros(values.shape[:-1], dtype=np.float32)
        for layers, skip in zip(self.members, self.skips, strict=True):
            x = z
            for weights, bias in layers[:-1]:
                x = np.maximum(x @ weights + bias, 0)
            weights, bias = layers[-1]
            total += (x @ weights + bias)[..., 0] + z @ skip
        return total / len(self.members)


@dataclass(frozen=True, eq=False)
class Established:
    """The ranked partners of b cities: rows of the table (-1 where the list is shorter), scores 0 to 1, and
    by how much each group of clues (`groups`) raised the score, in logits: (b, top, groups)."""

    index: Rows
    score: NDArray[np.float64]
    contributions: Floats
    groups: tuple[str, ...]


def surroundings(
    table: CityTable, pairs: NDArray[np.int32], *, parameters: Learned | None = None
) -> Surroundings:
    """The plain arrays to keep on disk: made from the cities and the known twinnings as pairs of rows."""
    return Surroundings.of(table, pairs, habits=(parameters or learned()).habits)


def established_scores(
    ground: Ground,
    rows: NDArray[np.integer],
    *,
    top: int = 100,
    allowed: NDArray[np.bool_] | None = None,
    net: Net | None = None,
) -> Established:
    """Rank the likely partners of `rows`; known twins and the city itself are left out.

    `allowed` (n,) restricts the candidates. Ties go to the lower row. Raises IndexError for a row that does
    not exist. O(n + candidates) per city.
    """
    asked = np.asarray(rows, dtype=np.int64).reshape(-1)
    if asked.size and not (asked.min() >= 0 and asked.max() < len(ground.s)):
        raise IndexError(f"rows must lie between 0 and {len(ground.s) - 1}")
    net = shipped_net() if net is None else net
    parts = [
        _ranked(ground, asked[at : at + BATCH], top=top, allowed=allowed, net=net)
        for at in range(0, len(asked), BATCH)
    ]
    empty = Established(
        np.empty((0, top), np.int64), np.empty((0, top)), np.empty((0, top, len(GROUPS)), np.float32), ()
    )
    parts = parts or [empty]
    return Established(
        np.concatenate([part.index for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.contributions for part in parts]),
        tuple(GROUPS),
    )


def shipped_net() -> Net:
    """The second stage of weights.json."""
    global _shipped
    if _shipped is None:
        content = learned().second_stage
        if content is None:
            raise LookupError("weights.json holds no second stage; run python -m evaluation learn")
        _shipped = Net.read(content)
    return _shipped


_shipped: Net | None = None


def _ranked(
    ground: Ground, rows: Rows, *, top: int, allowed: NDArray[np.bool_] | None, net: Net
) -> Established:
    walked = walks(ground, rows)
    base = base_scores(ground, rows, walked, weights=net.base)
    leave_out_known(base, ground, rows)
    if allowed is not None:
        base[:, ~allowed] = -np.inf
    candidates = best_rows(base, count=max(CANDIDATES, top))
    lines = np.arange(len(rows))[:, None]
    possible = np.isfinite(base[lines, candidates])
    values = stacked(clues(ground, rows, candidates, walked), net.names)
    logits = np.where(possible, net(values), -np.inf)
    order = np.argsort(-logits, axis=1, kind="stable")[:, :top]
    chosen, logit = candidates[lines, order], logits[lines, order].astype(np.float64)
    there = np.isfinite(logit)
    score = np.where(there, _chance(np.where(there, logit, 0.0), net=net), 0.0)
    parts = contributions(values[lines, order], net=net) * there[:, :, None]
    return _filled(np.where(there, chosen, -1), score, parts, top=top)


def _filled(index: Rows, score: NDArray[np.float64], parts: Floats, *, top: int) -> Established:
    short = top - index.shape[1]
    if short > 0:
        index = np.pad(index, ((0, 0), (0, short)), constant_values=-1)
        score = np.pad(score, ((0, 0), (0, short)))
        parts = np.pad(parts, ((0, 0), (0, short), (0, 0)))
    return Established(index, score, parts.astype(np.float32), tuple(GROUPS))


@dataclass(frozen=True, eq=False)
class BaseTerms:
    """The few numbers that can be had for all n cities at once, by what they depend on: they name the
    candidates. Of cities (n,), of b x c countries, of walks (t, b), of pairs (b, n)."""

    city: Mapping[str, Floats]
    country: Mapping[str, Floats]
    walk: Mapping[str, Floats]
    pair: Mapping[str, Floats]


def base_terms(ground: Ground, rows: Rows, walked: Mapping[str, Floats]) -> BaseTerms:
    s, here = ground.s, ground.s.country[rows]
    cosine = s.compass[rows] @ s.compass.T
    km = np.float32(EARTH_KM) * np.arccos(np.clip(cosine, -1, 1))
    larger = s.size - s.size[rows][:, None]
    return BaseTerms(
        city={
            "degree": np.log1p(s.degree), "usual": np.log(s.usual_degree + 0.02), "shade": s.shade,
            "above_usual": np.log((s.degree + 0.5) / (s.usual_degree + 0.5)), "apart": s.apart,
            "untwinned": (s.degree == 0).astype(np.float32), "standing": s.standing,
            "countries": ground.countries,
        },
        country={
            "affinity": s.affinity[here], "links": s.links[here], "language": s.language[here],
            "same_country": (here[:, None] == np.arange(len(s.affinity))).astype(np.float32),
            "twin_there": np.log1p(ground.twin_country[rows]), **_drawn_there(ground, rows),
        },
        walk={
            **{name: np.sqrt(walked[name]) for name in ("three", "three_even", "shared", "common_rare")},
            **{name: np.log1p(walked[name]) for name in ("by_near", "by_peer", "by_region")},
            "rank": np.log(walked["rank"] + 1e-6) - np.float32(np.log(1e-6)),
        },
        pair={
            "cosine": cosine, "far": np.log10(km + 10), "reachable": np.exp(km / -400),
            "size_step": np.abs(larger), "larger": np.maximum(larger, 0),
            "near_of_twin": np.log1p(ground.around(walked["twin"]).T),
            "near_of_by_near": np.log1p(ground.around(walked["by_near"]).T),
        },
    )  # fmt: skip


def _drawn_there(ground: Ground, rows: Rows) -> dict[str, Floats]:
    """How many twins the cities around these have in each country, (b, c)."""
    s, drawn = ground.s, {}
    for name in ("near", "peer", "region"):
        row, weight = getattr(s, f"{name}_row")[rows], getattr(s, f"{name}_weight")[rows]
        drawn[name] = np.einsum("bk,bkc->bc", weight, ground.twin_country[row])
    region = (drawn["region"] + 0.3) / (ground.region_degree[rows][:, None] + 3)
    return {
        "near_there": np.log1p(drawn["near"]),
        "peer_there": np.log1p(drawn["peer"]),
        "region_there": np.log(region),
    }


def base_scores(
    ground: Ground, rows: Rows, walked: Mapping[str, Floats], *, weights: Mapping[str, float]
) -> Floats:
    """The weighted sum of the base terms, (b, n): added up where they are small, then spread out."""
    terms = base_terms(ground, rows, walked)

    def total(part: Mapping[str, Floats]) -> Floats:
        parts = [np.float32(weights.get(name, 0.0)) * term for name, term in part.items()]
        summed: Floats = np.sum(parts, axis=0, dtype=np.float32)
        return summed

    scores = np.take(total(terms.country), ground.s.country, axis=1)
    scores += ground.everywhere(total(terms.walk)).T
    scores += total(terms.city)
    for name, term in terms.pair.items():
        scores += np.float32(weights.get(name, 0.0)) * term
    return scores


def spread_terms(ground: Ground, terms: BaseTerms) -> dict[str, Floats]:
    """Every base term for all cities, (b, n) each."""
    shape = next(iter(terms.pair.values())).shape
    return {
        **{name: np.broadcast_to(term, shape) for name, term in terms.city.items()},
        **{name: term[:, ground.s.country] for name, term in terms.country.items()},
        **{name: ground.everywhere(term).T for name, term in terms.walk.items()},
        **terms.pair,
    }


def leave_out_known(scores: Floats, ground: Ground, rows: Rows) -> None:
    """Set the scores (b, n) of each city itself and of its known twins to minus infinity."""
    for line, row in enumerate(rows.tolist()):
        scores[line, row] = -np.inf
        scores[line, ground.twins(row)] = -np.inf


def best_rows(scores: Floats, *, count: int) -> Rows:
    """The rows with the highest scores, (b, count), ascending by row."""
    if count >= scores.shape[1]:
        return np.broadcast_to(np.arange(scores.shape[1]), scores.shape).copy()
    return np.sort(np.argpartition(-scores, count - 1, axis=1)[:, :count], axis=1).astype(np.int64)


def stacked(found: Mapping[str, Floats], names: tuple[str, ...]) -> Floats:
    return np.stack([np.asarray(found[name], dtype=np.float32) for name in names], axis=-1)


def pair_scores(ground: Ground, rows: Rows, candidates: Rows, *, net: Net | None = None) -> Floats:
    """The logit of each of `candidates` (b, m) for `rows` (b,), whoever they are."""
    net = shipped_net() if net is None else net
    found = clues(ground, rows, candidates, walks(ground, rows))
    return net(stacked(found, net.names))


def chances(ground: Ground, row: int, others: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How likely each of `others` (m,) is for `row`, and `row` for each of them, whoever they are: 0 to 1 on
    the scale of `established_scores`."""
    net = shipped_net()
    if not len(others):
        return np.empty(0), np.empty(0)
    there = pair_scores(ground, np.array([row]), others[None, :], net=net)[0]
    back = pair_scores(ground, others, np.full((len(others), 1), row), net=net)[:, 0]
    return _chance(there, net=net), _chance(back, net=net)


def _chance(logit: Floats, *, net: Net) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(net.centre - logit.astype(np.float64))), dtype=np.float64)


def contributions(values: Floats, *, net: Net) -> Floats:
    """By how much each group of clues moves the logit away from that of an average pair, (..., groups)."""
    full = net(values)
    moved = []
    for members in GROUPS.values():
        usual = values.copy()
        places = [net.names.index(name) for name in members if name in net.names]
        usual[..., places] = net.mean[places]
        moved.append(full - net(usual))
    return np.stack(moved, axis=-1)
