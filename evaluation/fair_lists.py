"""How fair and how good the lists for everyone are: ``python -m evaluation fair``.

*Balanced*: what the product computes for all cities, against the plain ten best of each city under the same
rules. *Established*: for the cities that have twinnings, lists with shared exposure against the plain ones,
both judged by held-out twinnings that neither has seen.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluation.learn_weights import learn_all, world_of
from evaluation.protocol import Pairs, read_links, split
from eyelevel.matching import Rules, Space, candidates, gini
from twincitylab.atlas.queries import CityTable
from twincitylab.atlas.sources import city_table_from_sources
from twincitylab.matching.engine import fair
from twincitylab.matching.engine.beside import beside
from twincitylab.matching.engine.encode import encode
from twincitylab.matching.engine.established import Net, established_scores
from twincitylab.matching.engine.presets import find_preset
from twincitylab.matching.engine.shared import shared_lists
from twincitylab.matching.engine.world import World

RANKS = 10
UNTOUCHED = (15, 16)
"""Splits on which nothing was chosen."""
Rows = NDArray[np.integer]


def main() -> None:
    table = city_table_from_sources(15000)
    links = read_links(table)
    print("\nLists for everyone, preset Balanced, all cities")
    balanced(table, links)
    for seed in UNTOUCHED:
        print(f"\nPreset Established, cities that have twinnings, held-out twinnings, seed {seed}")
        established(table, links, seed=seed)


def balanced(table: CityTable, links: Pairs) -> None:
    """Print length, countries, exposure and quality of what the background worker computes."""
    world = _world(table, links)
    preset = find_preset("balanced")
    start = time.perf_counter()
    lists = fair.compute(preset, world=world, progress=lambda _share: None)
    seconds = time.perf_counter() - start
    partners, scores = lists.partners, lists.scores
    shown = partners >= 0
    country = np.where(shown, table.country[partners], -1)
    per_country = [np.unique(line[line >= 0], return_counts=True)[1] for line in country]
    exposure = np.bincount(partners[shown], minlength=len(table))
    plain = _plain_mean(world, weights=preset.weights)
    _report(
        {
            "cities": f"{len(table):,}",
            "mean length (bar 9.3)": f"{shown.sum(axis=1).mean():.2f}",
            "countries per list (bar 5)": f"{np.mean([len(counts) for counts in per_country]):.2f}",
            "most of one country (bar 2)": f"{max(counts.max(initial=0) for counts in per_country)}",
            "exposure Gini (bar 0.08)": f"{gini(exposure):.3f}",
            "never shown (bar 0)": f"{int((exposure == 0).sum())}",
            "score, share of plain lists (bar 0.87)": f"{scores[shown].mean() / plain:.3f}",
            "seconds (bar 120)": f"{seconds:.0f}",
        }
    )


def established(table: CityTable, links: Pairs, *, seed: int) -> None:
    """Print recall@10 and exposure of plain and shared lists; all is learned from the known part alone."""
    parts = split(links, seed=seed)
    learned = learn_all(table, parts.known, seed=seed, say=lambda _text: None)
    found = world_of(table, parts.known, weights=learned.weights, pull=learned.pull)
    warm = np.unique(parts.known)
    net = Net.read(learned.second_stage or {})
    plain = established_scores(found.ground, warm, top=RANKS, net=net).index
    lists, _chance = shared_lists(found.ground, warm, ranks=RANKS, net=net)
    place = np.full(len(table), -1, dtype=np.int64)
    place[warm] = np.arange(len(warm))
    first, second = _recall(plain, place, parts.held_out), _recall(lists, place, parts.held_out)
    _report(
        {
            "cities that have twinnings": f"{len(warm):,}",
            "plain: recall@10": f"{first:.4f}",
            "plain: exposure Gini": f"{_gini(plain, warm):.3f}",
            "shared: recall@10": f"{second:.4f}",
            "shared: exposure Gini (bar 0.30)": f"{_gini(lists, warm):.3f}",
            "share of recall kept (bar 0.90)": f"{second / first:.3f}",
        }
    )


def _recall(lists: Rows, place: NDArray[np.int64], held_out: Pairs) -> float:
    """Share of held-out ends, asked from cities that have a list, that stand in it."""
    asks = np.concatenate([held_out, held_out[:, ::-1]])
    asks = asks[place[asks[:, 0]] >= 0]
    return float((lists[place[asks[:, 0]]] == asks[:, 1:]).any(axis=1).mean())


def _gini(lists: Rows, warm: Rows) -> float:
    exposure = np.bincount(lists[lists >= 0], minlength=int(warm.max()) + 1)
    return gini(exposure[warm])


def _plain_mean(world: World, *, weights: Mapping[str, float]) -> float:
    """Mean score of the ten best of every city under the same rules, each city for itself."""
    scores = []
    for rows in (np.flatnonzero(world.beside < 0), np.flatnonzero(world.beside >= 0)):
        number = np.full(len(world.table), -1, dtype=np.int64)
        number[rows] = np.arange(len(rows))
        twins = number[world.pairs]
        some = np.ascontiguousarray(world.space.rows[rows])
        best = candidates(
            Space.from_rows(some, layout=world.space.layout, weights=weights),
            count=RANKS,
            rules=Rules(
                groups=world.table.country[rows], per_group=2, excluded=twins[(twins >= 0).all(axis=1)]
            ),
        )
        scores.append(best.score[best.index >= 0])
    return float(np.concatenate(scores).mean())


def _world(table: CityTable, links: Pairs) -> World:
    city_space = encode(table, table.geonameid[links])
    nothing = np.zeros(len(table), dtype=np.float32)
    return World(
        key="evaluation",
        atlas="evaluation",
        table=table,
        space=city_space.space,
        pairs=city_space.pairs,
        timezones=("UTC",),
        timezone=np.zeros(len(table), dtype=np.int16),
        january=nothing,
        july=nothing,
        beside=beside(table, city_space.pairs),
    )


def _report(figures: dict[str, str]) -> None:
    for label, value in figures.items():
        print(f"  {label:42} {value:>10}", flush=True)
