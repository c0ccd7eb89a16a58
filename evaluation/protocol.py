"""How held-out twinnings are evaluated: the split, recall for every endpoint, and AUC on hard negatives."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.encode import pairs_of_rows

Pairs = NDArray[np.int32]
Scores = Callable[[NDArray[np.int64]], NDArray[np.float32]]

TWINNINGS = Path(__file__).resolve().parents[2] / "shared" / "data" / "twinnings.csv"
HELD_OUT = 0.2
LIKE_SIZE = 10
"""A city of like population is one of this many nearest in size in its country."""


@dataclass(frozen=True)
class Split:
    """Links the matcher may know, and links held out, as pairs of rows."""

    known: Pairs
    held_out: Pairs


@dataclass(frozen=True)
class Recall:
    """Shares of held-out endpoints found among the first 10 and 100; warm ones have a known twin."""

    at_10: float
    at_100: float
    warm_at_10: float
    warm_at_100: float
    cold_at_10: float
    cold_at_100: float
    endpoints: int
    cold: int


def read_links(table: CityTable, path: Path = TWINNINGS) -> Pairs:
    """The links of the protocol: both ends in the table, confidence high or medium, no club memberships."""
    with path.open(encoding="utf-8", newline="") as file:
        ids = [
            (int(row["geonameid_a"]), int(row["geonameid_b"]))
            for row in csv.DictReader(file)
            if row["confidence"] in ("high", "medium") and row["multilateral"] == "0"
        ]
    return pairs_of_rows(table, np.array(ids, dtype=np.int64).reshape(-1, 2))


def split(links: Pairs, *, seed: int, share: float = HELD_OUT) -> Split:
    """Hold out a random share of the links."""
    out = np.random.default_rng(seed).random(len(links)) < share
    return Split(links[~out], links[out])


def queries(links: Pairs) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Each endpoint that asks, ascending, and the partners that should be found."""
    ends = np.concatenate([links, links[:, ::-1]]).astype(np.int64)
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    asks, start = np.unique(ends[:, 0], return_index=True)
    return asks, np.split(ends[:, 1], start[1:]) if len(asks) else []


def ranks_of(lists: NDArray[np.integer], partners: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The place of each partner in the list of its city, from 0; its length if it is not there."""
    found: list[int] = []
    for line, wanted in zip(lists, partners, strict=True):
        for partner in wanted:
            places = np.flatnonzero(line == partner)
            found.append(int(places[0]) if len(places) else len(line))
    return np.array(found, dtype=np.int64)


def recall(lists: NDArray[np.integer], *, held_out: Pairs, known: Pairs) -> Recall:
    """Measure lists of at least 100, one for each city of `queries(held_out)`, without known twins."""
    asks, partners = queries(held_out)
    places = ranks_of(lists, partners)
    warm_city = np.isin(asks, known)
    warm = np.repeat(warm_city, [len(wanted) for wanted in partners])

    def share(which: NDArray[np.bool_], limit: int) -> float:
        return float((places[which] < limit).mean()) if which.any() else float("nan")

    everyone = np.ones(len(places), dtype=bool)
    return Recall(
        at_10=share(everyone, 10),
        at_100=share(everyone, 100),
        warm_at_10=share(warm, 10),
        warm_at_100=share(warm, 100),
        cold_at_10=share(~warm, 10),
        cold_at_100=share(~warm, 100),
        endpoints=len(places),
        cold=int((~warm).sum()),
    )


def top_lists(
    scores: Scores, asks: NDArray[np.int64], *, known: Pairs, top: int = 100, batch: int = 64
) -> NDArray[np.int64]:
    """The best `top` of all cities for each that asks, itself and its known twins left out."""
    twins: dict[int, list[int]] = {}
    for a, b in known.tolist():
        twins.setdefault(a, []).append(b)
        twins.setdefault(b, []).append(a)
    lists = []
    for at in range(0, len(asks), batch):
        rows = asks[at : at + batch]
        values = np.array(scores(rows), dtype=np.float32)
        for line, row in enumerate(rows.tolist()):
            values[line, [row, *twins.get(row, [])]] = -np.inf
        best = np.sort(np.argpartition(-values, min(top, values.shape[1] - 1), axis=1)[:, :top], axis=1)
        order = np.argsort(-np.take_along_axis(values, best, axis=1), axis=1, kind="stable")
        lists.append(np.take_along_axis(best, order, axis=1))
    return np.concatenate(lists) if lists else np.empty((0, top), dtype=np.int64)


def swapped(table: CityTable, links: Pairs, *, all_links: Pairs, seed: int) -> Pairs:
    """(b) For each link a pair in the same two countries, both cities swapped for others as large."""
    rng = np.random.default_rng(seed)
    order = np.lexsort((table.population, table.country))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    country = table.country[order]
    first = np.searchsorted(country, np.arange(len(table.countries)), side="left")
    last = np.searchsorted(country, np.arange(len(table.countries)), side="right")

    def other(row: int) -> int:
        where, nation = int(place[row]), int(table.country[row])
        low, high = max(first[nation], where - LIKE_SIZE), min(last[nation], where + LIKE_SIZE + 1)
        near = order[low:high]
        near = near[near != row]
        return int(rng.choice(near)) if len(near) else row

    return _fresh([(other(a), other(b)) for a, b in links.tolist()], all_links)


def repaired(links: Pairs, *, all_links: Pairs, seed: int) -> Pairs:
    """(c) The endpoints of the links paired anew."""
    rng = np.random.default_rng(seed)
    ends = rng.permuted(links, axis=1)
    pairs = np.column_stack([ends[:, 0], rng.permutation(ends[:, 1])])
    return _fresh(pairs.tolist(), all_links)


def auc(positive: NDArray[np.floating], negative: NDArray[np.floating]) -> float:
    """The chance that a held-out link scores above a pair that is none; ties count half."""
    ranks = rankdata(np.concatenate([positive, negative]))
    count = len(positive)
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * len(negative)))


def _fresh(pairs: list[tuple[int, int]] | list[list[int]], all_links: Pairs) -> Pairs:
    real = {tuple(sorted(pair)) for pair in all_links.tolist()}
    kept = [sorted(pair) for pair in pairs if pair[0] != pair[1] and tuple(sorted(pair)) not in real]
    return np.array(kept, dtype=np.int32).reshape(-1, 2)
