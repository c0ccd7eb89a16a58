"""Learns what *established* knows: block weights, habits of countries and the second stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.learn_pull import learn_pull
from evaluation.learn_ranking import ground_of, learn_second_stage
from evaluation.protocol import Pairs
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.clues import Ground
from twincitylab.matching.engine.encode import CitySpace, encode
from twincitylab.matching.engine.habits import Habits, adjacency, learn_habits
from twincitylab.matching.engine.learned import Learned
from twincitylab.matching.engine.pull import Pull

BLOCKS = ("size", "place", "hours", "climate", "sea", "language", "ties", "affinity", "degree", "pull")
FLAT_WEIGHTS = dict.fromkeys(BLOCKS, 1.0)

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class World:
    """The cities as the matcher sees them when it knows some twinnings; habits learned from the same."""

    space: CitySpace
    ground: Ground
    habits: Habits


def world_of(
    table: CityTable, pairs: Pairs, *, weights: Mapping[str, float] = FLAT_WEIGHTS, pull: Pull | None = None
) -> World:
    """Everything is learned from `pairs` alone, the habits of countries too: nothing held out leaks in."""
    habits = learn_habits(table, adjacency(pairs, count=len(table)))
    space = encode(table, table.geonameid[pairs], parameters=Learned(weights, habits, pull=pull))
    return World(space, ground_of(table, pairs), habits)


def habits_as_json(habits: Habits) -> dict[str, Any]:
    """The habits of countries, three decimals; countries of which nothing is known are left out."""
    signs = np.sign((habits.traits * habits.wishes).sum(axis=0))
    rows = np.column_stack([habits.readiness, habits.traits])
    named = {
        country: [round(float(value), 3) for value in row]
        for country, row in zip(habits.countries, rows, strict=True)
        if np.abs(row).max() >= 0.001
    }
    return {"signs": [int(sign) or 1 for sign in signs], "by_country": named}


def learn_all(table: CityTable, known: Pairs, *, seed: int, say: Say = lambda _: None) -> Learned:
    """Learn everything from `known`."""
    pull, weights = learn_pull(table, known, seed=seed, say=say)
    say(f"block weights {weights}")
    habits = learn_habits(table, adjacency(known, count=len(table)))
    second = learn_second_stage(table, known, seed=seed, say=say)
    return Learned(weights, habits, second_stage=second, pull=pull)
