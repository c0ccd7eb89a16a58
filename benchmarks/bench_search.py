"""City search over a mixed set of inputs, on the atlas and database in use: run ``twincitylab setup`` first.

    python -m benchmarks.bench_search [--repeat 3] [--cpu]

Prints the milliseconds of one search (median, 95th percentile, worst) for each kind of input and for all.
``--cpu`` counts processor time, for a machine that others use as well (SQLite only).
The bars: p95 under 10 ms with 34,000 cities and under 30 ms with 235,000.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable

import django

SEED = 7
SAMPLE = 60
BARS = {15000: 10.0, 500: 30.0}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--cpu", action="store_true")
    options = arguments.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twincitylab.config.settings")
    django.setup()
    from django.db import connection

    from twincitylab.atlas.queries import require_atlas

    atlas = require_atlas()
    inputs = query_set()
    print(f"{atlas.city_count:,} cities, level {atlas.level}, {connection.vendor}")
    clock = time.thread_time if options.cpu else time.perf_counter
    print(f"{'input':<22}{'searches':>9}{'median ms':>11}{'p95 ms':>9}{'worst ms':>10}")
    times = {kind: measure(texts, repeat=options.repeat, clock=clock) for kind, texts in inputs.items()}
    for kind, row in times.items():
        _print_row(kind, row)
    everything = [value for row in times.values() for value in row]
    _print_row("all", everything)
    if atlas.level in BARS:
        verdict = "met" if percentile(everything, 0.95) < BARS[atlas.level] else "MISSED"
        print(f"bar: p95 under {BARS[atlas.level]:.0f} ms: {verdict}")


def query_set() -> dict[str, list[str]]:
    """Inputs of every kind, drawn from the names of the atlas with a fixed seed."""
    from twincitylab.atlas.models import CityName

    chance = random.Random(SEED)
    names = list(
        CityName.objects.filter(tier__lte=2, name__regex=r"^[A-Z][a-z]").values_list("name", flat=True)
    )
    other = list(
        CityName.objects.filter(key__gt="а", key__lt="힣", tier__lte=1).values_list("name", flat=True)
    )
    latin, foreign = chance.sample(sorted(names), SAMPLE * 8), chance.sample(sorted(other), SAMPLE)
    beginnings = {
        f"first {n} letters": sorted({name[:n] for name in latin[:SAMPLE]}) for n in (1, 2, 3, 4, 6, 8, 12)
    }
    long_names = [name for name in latin if len(name) >= 5]
    return beginnings | {
        "whole names": latin[:SAMPLE],
        "other scripts": foreign,
        "other scripts, first 2": [name[:2] for name in foreign],
        "one mistake": [mistaken(name, chance=chance) for name in long_names[:SAMPLE]],
        "mistake, half typed": [
            mistaken(name[: max(5, len(name) // 2)], chance=chance) for name in long_names[:SAMPLE]
        ],
        "other scripts, mistake": [mistaken(name, chance=chance) for name in foreign],
        "name and country": [
            "munich germany",
            "karlsruhe, de",
            "paris, france",
            "oslo norway",
            "lagos nigeria",
        ]
        * 6,
        "nothing like it": ["".join(chance.choices("bcdfghjklmnpqrstvwxz", k=9)) for _ in range(SAMPLE)],
    }


def mistaken(name: str, *, chance: random.Random) -> str:
    """The name with one letter missing, added, wrong or swapped."""
    place = chance.randrange(1, len(name)) if len(name) > 1 else 0
    kind = chance.randrange(4)
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + chance.choice(name) + name[place:]
    if kind == 2:
        return name[:place] + chance.choice(name) + name[place + 1 :]
    return name[:place] + name[place + 1 : place + 2] + name[place : place + 1] + name[place + 2 :]


def measure(texts: list[str], *, repeat: int, clock: Callable[[], float]) -> list[float]:
    """Milliseconds of each search; every text ``repeat`` times, after one round to warm up."""
    from twincitylab.atlas.queries import search_cities

    times = []
    for turn in range(repeat + 1):
        for text in texts:
            start = clock()
            search_cities(text)
            if turn:
                times.append((clock() - start) * 1000)
    return times


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _print_row(kind: str, row: list[float]) -> None:
    middle, high = statistics.median(row), percentile(row, 0.95)
    print(f"{kind:<22}{len(row):>9}{middle:>11.2f}{high:>9.2f}{max(row):>10.2f}")


if __name__ == "__main__":
    main()
