"""Measures *established* as a visitor meets it: set up, import, ``match --ids``; then counts what is found.

``python -m evaluation door --seeds 11``: the product runs with parameters learned without the fifth held out,
so its figures must be those of the table.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.learn_weights import learn_all
from evaluation.protocol import Pairs, Recall, queries, read_links, recall, split
from evaluation.shipped import write
from twincitylab.atlas.queries import CityTable
from twincitylab.atlas.sources import city_table_from_sources
from twincitylab.matching.engine.encode import pairs_of_rows
from twincitylab.matching.engine.learned import Learned

SOURCE = Path(__file__).resolve().parents[1] / "src"
WEIGHTS = Path("twincitylab/matching/engine/weights.json")
TOP = 100


@dataclass(frozen=True)
class Door:
    """An installation of its own: the product with other parameters, and an empty home."""

    place: Path

    def run(self, *words: str) -> str:
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.place / "src"),
            "TWINCITYLAB_HOME": str(self.place / "home"),
        }
        command = [sys.executable, "-m", "twincitylab.cli", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed: {done.stderr[-500:]}")
        return done.stdout


def main(*, seed: int) -> Recall:
    """Learn from four fifths, install them, ask for every end of the fifth held out."""
    table = city_table_from_sources(15000)
    links = read_links(table)
    learned = learn_all(table, split(links, seed=seed).known, seed=seed, say=print)
    return through_the_door(table, links, learned, seed=seed)


def through_the_door(table: CityTable, links: Pairs, learned: Learned, *, seed: int) -> Recall:
    """Recall of the product with these parameters on the links that `seed` holds out."""
    parts = split(links, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        door = Door(Path(folder))
        shutil.copytree(SOURCE, door.place / "src", ignore=shutil.ignore_patterns("__pycache__"))
        write(learned, links=len(parts.known), seed=seed, path=door.place / "src" / WEIGHTS)
        door.run("setup")
        held_out = _without(parts.held_out, _installed(table, door))
        asks, _partners = queries(held_out)
        door.run("import", "twinnings", str(_as_csv(table, parts.known, door.place / "known.csv")))
        ids = door.place / "ids.txt"
        ids.write_text("".join(f"{table.geonameid[row]}\n" for row in asks), encoding="utf-8")
        said = door.run("match", "--ids", str(ids), "--preset", "established", "--top", str(TOP), "--jsonl")
    found = recall(_lists(table, asks, said), held_out=held_out, known=parts.known)
    print(f"Seed {seed}, through the door: recall@10 {found.at_10:.4f}, recall@100 {found.at_100:.4f}")
    return found


def _installed(table: CityTable, door: Door) -> Pairs:
    """The well-known twinnings every installation begins with: known twins are no matches any more."""
    path = door.place / "installed.csv"
    door.run("export", "twinnings", "--format", "csv", "--out", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        ids = [(int(row["geonameid_a"]), int(row["geonameid_b"])) for row in csv.DictReader(file)]
    return pairs_of_rows(table, np.array(ids, dtype=np.int64).reshape(-1, 2))


def _without(links: Pairs, others: Pairs) -> Pairs:
    left_out = {tuple(pair) for pair in others.tolist()}
    kept: Pairs = links[[tuple(pair) not in left_out for pair in links.tolist()]]
    return kept


def _as_csv(table: CityTable, pairs: Pairs, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["geonameid_a", "geonameid_b"])
        writer.writerows(table.geonameid[pairs].tolist())
    return path


def _lists(table: CityTable, asks: NDArray[np.int64], said: str) -> NDArray[np.int64]:
    answers = {line["geonameid"]: line["matches"] for line in map(json.loads, said.splitlines())}
    lists = np.full((len(asks), TOP), -1, dtype=np.int64)
    for line, row in enumerate(asks.tolist()):
        ids = [match["geonameid"] for match in answers[int(table.geonameid[row])]]
        lists[line, : len(ids)] = np.searchsorted(table.geonameid, ids)
    return lists
