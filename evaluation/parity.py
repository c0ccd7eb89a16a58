"""Do the intervals of eyelevel.parity cover as often as they say? Simulated worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from eyelevel.parity import Interval, balance_of, direction, felt, rhythm, share
from eyelevel.parity.interval import Estimate

Float64 = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Float64]

LEVEL = 0.8
WANTED = (0.76, 0.84)
LEANS = (0.0, 0.3, 1.0)
"""Each world is drawn with these in turn: level, four to three, nearly three to one."""
RECORDS = (4, 6, 12, 50)
PEOPLE = ((3, 3), (3, 8), (3, 15), (5, 5), (8, 8), (15, 15))
COUNTS = (4, 5, 6, 8, 10, 14, 20, 50, 70)
EVENTS = (4, 8, 20, 60)


class Covered(NamedTuple):
    """How often an interval held the truth, of those that were given, and how often none was."""

    share: float
    given: int
    withheld: int

    def __str__(self) -> str:
        outside = "" if WANTED[0] <= self.share <= WANTED[1] else " !"
        return f"{100 * self.share:.1f}{outside}"


def lognormal(spread: float, together: float) -> Draw:
    """Skewed amounts of mean 1; `together`: how far both sides' amounts rise and fall as one."""

    def draw(rng: np.random.Generator, n: int) -> Float64:
        first, second = rng.normal(size=(2, n))
        second = together * first + np.sqrt(1 - together**2) * second
        return np.asarray(np.exp(spread * np.stack([first, second], axis=1) - spread**2 / 2))

    return draw


def one_host(rng: np.random.Generator, n: int) -> Float64:
    """The host of the day brings nine times as much as the guest."""
    amounts = lognormal(0.6, 0.0)(rng, n)
    hosts = rng.random(n) < 0.5
    return amounts * np.where(np.stack([hosts, ~hosts], axis=1), 1.8, 0.2)


def only_the_host(rng: np.random.Generator, n: int) -> Float64:
    """Every record is one side's alone, by the toss of a coin."""
    hosts = rng.random(n) < 0.5
    return np.asarray(lognormal(0.6, 0.0)(rng, n) * np.stack([hosts, ~hosts], axis=1) * 2)


def nothing(chance: float) -> Draw:
    """A side brings nothing with this chance."""

    def draw(rng: np.random.Generator, n: int) -> Float64:
        return np.asarray(lognormal(0.6, 0.0)(rng, n) * (rng.random((n, 2)) >= chance) / (1 - chance))

    return draw


def even(rng: np.random.Generator, n: int) -> Float64:
    return np.maximum(rng.normal(1, 0.25, (n, 2)), 0)


AMOUNTS: dict[str, Draw] = {
    "even, spread 0.25": even,
    "skewed 0.5, together 0.5": lognormal(0.5, 0.5),
    "skewed 0.8, apart": lognormal(0.8, 0.0),
    "skewed 0.8, together 0.8": lognormal(0.8, 0.8),
    "very skewed 1.2, together 0.5": lognormal(1.2, 0.5),
    "skewed 0.8, together 0.95": lognormal(0.8, 0.95),
    "very skewed 1.2, together 0.95": lognormal(1.2, 0.95),
    "one side hosts": one_host,
    "nothing in three of ten": nothing(0.3),
    "nothing every second time": nothing(0.5),
    "only the host gives": only_the_host,
}


def main(*, seed: int = 1, repeats: int = 3000) -> None:
    """Print all tables; `!` marks what lies outside 76 to 84 %."""
    rng = np.random.default_rng(seed)
    print(f"Percent of {100 * LEVEL:.0f} % intervals that hold the truth, {repeats} worlds each.\n")
    _print_amounts(rng, repeats)
    _print_felt(rng, repeats // 5)
    _print_counts()
    _print_three_sides(rng, repeats)
    _print_alarms(rng, repeats)
    _print_linearised(rng, repeats)


def amounts_covered(draw: Draw, n: int, rng: np.random.Generator, repeats: int) -> tuple[Covered, Covered]:
    """Of the lean, and of the balance."""
    hits: list[tuple[bool, bool]] = []
    for world in range(repeats):
        lean = LEANS[world % len(LEANS)]
        found = balance_of(draw(rng, n) * [np.exp(lean), 1.0], level=LEVEL)
        if found.interval and found.lean_interval:
            hits.append((found.lean_interval.holds(lean), _holds(found.interval, np.exp(-lean))))
    return _both(hits, repeats)


def linearised(draw: Draw, n: int, rng: np.random.Generator, repeats: int) -> Covered:
    """The textbook interval of the lean, for comparison: linearisation and n - 1 degrees of freedom."""
    hits = []
    for world in range(repeats):
        lean = LEANS[world % len(LEANS)]
        amounts = draw(rng, n) * [np.exp(lean), 1.0]
        means = amounts.mean(axis=0)
        if (means > 0).all():
            error = (amounts / means @ [1, -1]).std(ddof=1) / np.sqrt(n)
            seen = Estimate(float(np.log(means[0] / means[1])), float(error), n - 1)
            hits.append(seen.interval(LEVEL).holds(lean))
    return Covered(float(np.mean(hits)), len(hits), repeats - len(hits))


def _print_linearised(rng: np.random.Generator, repeats: int) -> None:
    print("\nthe same lean by linearisation alone, for comparison\n")
    print("| amounts | " + " | ".join(f"{n} activities" for n in RECORDS) + " |")
    print("|---|" + "---|" * len(RECORDS))
    for name, draw in AMOUNTS.items():
        cells = (str(linearised(draw, n, rng, repeats)) for n in RECORDS)
        print(f"| {name} | " + " | ".join(cells) + " |")


def _holds(interval: Interval, truth: float) -> bool:
    return interval.low - 1e-9 <= truth <= interval.high + 1e-9


def _both(hits: list[tuple[bool, bool]], repeats: int) -> tuple[Covered, Covered]:
    first, second = np.mean(hits, axis=0).tolist()
    return Covered(first, len(hits), repeats - len(hits)), Covered(second, len(hits), repeats - len(hits))


def _print_amounts(rng: np.random.Generator, repeats: int) -> None:
    print("balance_of: lean / balance (share of worlds without an interval)\n")
    print("| amounts | " + " | ".join(f"{n} activities" for n in RECORDS) + " |")
    print("|---|" + "---|" * len(RECORDS))
    for name, draw in AMOUNTS.items():
        cells = []
        for n in RECORDS:
            lean, size = amounts_covered(draw, n, rng, repeats)
            none = f" ({100 * lean.withheld / repeats:.1f} %)" if lean.withheld else ""
            cells.append(f"{lean} / {size}{none}")
        print(f"| {name} | " + " | ".join(cells) + " |")


def answers(rng: np.random.Generator, people: int, views: Float64, spread: float) -> Float64:
    """Answers (people, 2 questions a dimension) in whole steps from -2 to 2, a tenth skipped.

    Half of the variance is the person's, half the question's.
    """
    person = rng.normal(size=(people, len(views), 1))
    question = rng.normal(size=(people, len(views), 2))
    opinion = views[:, None] + spread * (person + question) / np.sqrt(2)
    given = np.clip(np.rint(opinion), -2, 2)
    given[rng.random(given.shape) < 0.1] = np.nan
    return np.asarray(given.reshape(people, -1))


VIEWS = (np.linspace(-0.8, 1.6, 10), np.linspace(-0.3, 1.2, 10)[::-1])


def felt_covered(
    people: tuple[int, int], spread: float, rng: np.random.Generator, repeats: int
) -> dict[str, Covered]:
    """Of the gap, the lean and the balance, over all ten dimensions."""
    kinds = np.repeat(np.arange(10), 2)
    first, second = (_true_means(rng, views, spread) for views in VIEWS)
    hits: dict[str, list[bool]] = {"gap": [], "lean": [], "balance": []}
    for _ in range(repeats):
        sides = [answers(rng, n, views, spread) for n, views in zip(people, VIEWS, strict=True)]
        for found in felt(sides, kinds, level=LEVEL).dimensions:
            if not (found.gap_interval and found.lean_interval and found.balance_interval):
                continue
            a, b = first[found.dimension], second[found.dimension]
            hits["gap"].append(found.gap_interval.holds(a + b))
            hits["lean"].append(found.lean_interval.holds((a - b) / 2))
            hits["balance"].append(found.balance_interval.holds(1 - abs(a - b) / 4))
    asked = repeats * 10
    return {name: Covered(float(np.mean(held)), len(held), asked - len(held)) for name, held in hits.items()}


def _true_means(rng: np.random.Generator, views: Float64, spread: float) -> Float64:
    given = answers(rng, 40_000, views, spread).reshape(-1, len(views), 2)
    return np.asarray(np.nanmean(given, axis=(0, 2)))


def _print_felt(rng: np.random.Generator, repeats: int) -> None:
    print("\nfelt: gap / lean / balance\n")
    print("| spread of answers | " + " | ".join(f"{a} and {b} people" for a, b in PEOPLE) + " |")
    print("|---|" + "---|" * len(PEOPLE))
    for spread in (0.4, 0.7, 1.1):
        cells = (felt_covered(people, spread, rng, repeats).values() for people in PEOPLE)
        print(f"| {spread} | " + " | ".join(" / ".join(map(str, cell)) for cell in cells) + " |")


def counts_covered(n: int) -> Iterator[Covered]:
    """Of a share, of the lean and of the balance of two counts; exact, true shares evenly from 0.1 to 0.9."""
    truths = np.linspace(0.1, 0.9, 801)
    chance = np.asarray(binom.pmf(np.arange(n + 1)[:, None], n, truths))
    lean = np.log(truths / (1 - truths))
    level = np.exp(-np.abs(lean))
    hits = np.zeros(3)
    for yes in range(n + 1):
        counted, sides = share(yes, n, level=LEVEL), direction([yes, n - yes], level=LEVEL)
        for row, (interval, truth) in enumerate(
            [(counted.interval, truths), (sides.lean_interval, lean), (sides.interval, level)]
        ):
            if interval:
                hits[row] += chance[yes] @ ((interval.low <= truth) & (truth <= interval.high))
    for held in (hits / len(truths)).tolist():
        yield Covered(held, n + 1, 0)


def _print_counts() -> None:
    print("\nshare / direction, lean / direction, balance; true shares evenly from 0.1 to 0.9\n")
    print("| " + " | ".join(f"{n} records" for n in COUNTS) + " |")
    print("|" + "---|" * len(COUNTS))
    print("| " + " | ".join(" / ".join(map(str, counts_covered(n))) for n in COUNTS) + " |")


def _print_three_sides(rng: np.random.Generator, repeats: int) -> None:
    print("\nbalance_of with three sides (promised: 80 or more), skewed 0.8\n")
    print("| " + " | ".join(f"{n} activities" for n in RECORDS) + " |")
    print("|" + "---|" * len(RECORDS))
    cells = []
    for n in RECORDS:
        hits = []
        for world in range(repeats):
            lean = LEANS[world % len(LEANS)]
            amounts = np.exp(0.8 * rng.normal(size=(n, 3))) * np.exp([lean, lean / 2, 0])
            found = balance_of(amounts, level=LEVEL)
            if found.interval:
                hits.append(_holds(found.interval, np.exp(-lean)))
        cells.append(f"{100 * np.mean(hits):.1f}")
    print("| " + " | ".join(cells) + " |")


def visiting_weeks(rng: np.random.Generator, n: int) -> Float64:
    """Gaps between days: n - 1 visits of four to ten days, each day written down, half a year apart."""
    visits = (
        np.append(np.ones(rng.integers(3, 10)), 180 * np.exp(np.log(2) * rng.normal())) for _ in range(n - 1)
    )
    return np.concatenate(list(visits))


GAPS: dict[str, Callable[[np.random.Generator, int], Float64]] = {
    "regular, 28 to 32 days": lambda rng, n: rng.uniform(28, 32, n),
    "half to twice the typical": lambda rng, n: 30 * np.exp(np.log(2) * rng.normal(size=n)),
    "as chance has it": lambda rng, n: 1 + rng.exponential(60, n),
    "about every week": lambda rng, n: 7 * np.exp(np.log(2) * rng.normal(size=n)),
    "about every year": lambda rng, n: 365 * np.exp(np.log(2) * rng.normal(size=n)),
    "visiting weeks, day by day": visiting_weeks,
}


def alarms(gaps: Callable[[np.random.Generator, int], Float64], n: int, rng: np.random.Generator) -> bool:
    """Whether the last of n gaps would have raised an alarm on the day it ended."""
    days = np.cumsum(gaps(rng, n))
    return rhythm(days[:-1], today=float(days[-1])).is_silent


def _print_alarms(rng: np.random.Generator, repeats: int) -> None:
    print("\nrhythm: percent of ordinary gaps that would be called a silence (asked for: 5 or fewer)\n")
    print("| gaps | " + " | ".join(f"{n} events" for n in EVENTS) + " |")
    print("|---|" + "---|" * len(EVENTS))
    for name, gaps in GAPS.items():
        cells = (100 * np.mean([alarms(gaps, n + 1, rng) for _ in range(repeats)]) for n in EVENTS)
        print(f"| {name} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |")


if __name__ == "__main__":
    main()
