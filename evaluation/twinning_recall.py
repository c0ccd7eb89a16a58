"""Measures how well held-out twinnings are found: by facts, by the inner product, by the second stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.learn_weights import Say, World, learn_all, world_of
from evaluation.protocol import (
    Pairs,
    Recall,
    Split,
    auc,
    queries,
    read_links,
    recall,
    repaired,
    split,
    swapped,
    top_lists,
)
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.established import Net, established_scores, pair_scores
from twincitylab.matching.engine.presets import preset_weights

PairScores = Callable[[Pairs], NDArray[np.float64]]


@dataclass(frozen=True)
class Line:
    """One line of the table: a way to rank and its figures on links it never saw."""

    name: str
    seed: int
    recall: Recall
    auc_b: float
    auc_c: float


def measure(table: CityTable, links: Pairs, *, seed: int, say: Say = print) -> list[Line]:
    """Learn from four fifths of the links, with nothing else, and measure on the fifth held out."""
    parts = split(links, seed=seed)
    learned = learn_all(table, parts.known, seed=seed, say=say)
    world = world_of(table, parts.known, weights=learned.weights, pull=learned.pull)
    net = Net.read(learned.second_stage or {})
    facts = ("size", "place", "hours", "climate", "sea", "language")
    balanced = preset_weights("balanced")
    alone = {name: balanced.get(name, 0.0) for name in facts}
    asks, _partners = queries(parts.held_out)
    lines = [
        _inner("facts alone", alone, world, table=table, links=links, parts=parts, seed=seed),
        _inner("balanced", balanced, world, table=table, links=links, parts=parts, seed=seed),
        _inner("inner product", learned.weights, world, table=table, links=links, parts=parts, seed=seed),
    ]
    lists = established_scores(world.ground, asks, top=100, net=net).index
    found = recall(lists, held_out=parts.held_out, known=parts.known)

    def pairs(rows: Pairs) -> NDArray[np.float64]:
        return _both_ways(world, rows, net=net)

    return [*lines, _line("established", seed, found, pairs, table=table, links=links, parts=parts)]


def table_of(lines: Sequence[Line]) -> str:
    """The mean over seeds, one line for each way to rank, as Markdown."""
    head = [
        "| ranking | @10 | @100 | warm @10 | warm @100 | cold @10 | cold @100 | AUC(b) | AUC(c) |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    names = dict.fromkeys(line.name for line in lines)
    return "\n".join(head + [_row(name, [line for line in lines if line.name == name]) for name in names])


def run(table: CityTable, *, seeds: Sequence[int], out: Path | None = None, say: Say = print) -> list[Line]:
    """Measure for each seed and print the table."""
    links = read_links(table)
    lines: list[Line] = []
    for seed in seeds:
        lines += measure(table, links, seed=seed, say=say)
        say(table_of(lines))
    if out is not None:
        out.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n", encoding="utf-8")
    return lines


def _inner(
    name: str,
    weights: Mapping[str, float],
    world: World,
    *,
    table: CityTable,
    links: Pairs,
    parts: Split,
    seed: int,
) -> Line:
    space = world.space.space

    def scores(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        vectors = [space.query(int(row), weights=weights).forward for row in rows]
        return np.asarray(np.stack(vectors) @ space.rows.T, dtype=np.float32)

    def pairs(rows: Pairs) -> NDArray[np.float64]:
        both = [
            float(space.rows[b] @ space.query(int(a), weights=weights).forward)
            + float(space.rows[a] @ space.query(int(b), weights=weights).forward)
            for a, b in rows.tolist()
        ]
        return np.array(both)

    asks, _partners = queries(parts.held_out)
    lists = top_lists(scores, asks, known=parts.known)
    found = recall(lists, held_out=parts.held_out, known=parts.known)
    return _line(name, seed, found, pairs, table=table, links=links, parts=parts)


def _line(
    name: str, seed: int, found: Recall, pairs: PairScores, *, table: CityTable, links: Pairs, parts: Split
) -> Line:
    real = pairs(parts.held_out)
    b = pairs(swapped(table, parts.held_out, all_links=links, seed=seed))
    c = pairs(repaired(parts.held_out, all_links=links, seed=seed))
    return Line(name, seed, found, auc(real, b), auc(real, c))


def _both_ways(world: World, rows: Pairs, *, net: Net, batch: int = 32) -> NDArray[np.float64]:
    total = np.zeros(len(rows))
    for ends in (rows, rows[:, ::-1]):
        for at in range(0, len(ends), batch):
            part = ends[at : at + batch].astype(np.int64)
            total[at : at + batch] += pair_scores(world.ground, part[:, 0], part[:, 1:], net=net)[:, 0]
    return total


def _row(name: str, lines: Sequence[Line]) -> str:
    figures = [
        [r.at_10, r.at_100, r.warm_at_10, r.warm_at_100, r.cold_at_10, r.cold_at_100, line.auc_b, line.auc_c]
        for line in lines
        for r in [line.recall]
    ]
    mean = np.mean(figures, axis=0)
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in mean) + " |"
