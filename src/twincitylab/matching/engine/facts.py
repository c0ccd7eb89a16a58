"""What two cities have to do with each other, as plain figures: what the sentences are made from."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twincitylab.matching.engine.globe import EARTH_KM
from twincitylab.matching.engine.results import CityCard, SharedLanguage
from twincitylab.matching.engine.world import World

OFFICE_DAY = 8.0
# Where fewer of all cities than this have a known twinning, "none is known" says more about the list of
# twinnings than about a city.
COVERED_SHARE = 0.05


@dataclass(frozen=True)
class PairFacts:
    """Figures of one pair.

    ``fewest_hours`` and ``most_hours`` are the shared office hours over the year; ``country_links`` counts
    the twinnings between the two countries without that of the pair itself. ``is_covered`` says whether so
    many twinnings are known that a city without one is worth a word.
    """

    a: CityCard
    b: CityCard
    distance_km: float
    fewest_hours: float
    most_hours: float
    language: SharedLanguage | None
    common_twins: tuple[str, ...]
    country_links: int
    is_twinned: bool = False
    is_covered: bool = False


def pair_facts(
    a: CityCard, b: CityCard, *, rows: tuple[int, int], distance_km: float, world: World
) -> PairFacts:
    """The figures of the cities in these two rows."""
    first, second = rows
    is_twinned = bool((world.twins(first) == second).any())
    shared = [shared_office_hours(float(at[second] - at[first])) for at in (world.january, world.july)]
    return PairFacts(
        a=a,
        b=b,
        distance_km=distance_km,
        fewest_hours=min(shared),
        most_hours=max(shared),
        language=next(iter(shared_languages(a, b)), None),
        common_twins=tuple(world.table.names[row] for row in common_twins(first, second, world=world)),
        country_links=world.country_links(a.country, b.country) - is_twinned,
        is_twinned=is_twinned,
        is_covered=_is_covered(world),
    )


@lru_cache(maxsize=1)
def _is_covered(world: World) -> bool:
    """Whether enough cities have a known twinning to speak of those that have none."""
    return float((world.twin_count > 0).mean()) >= COVERED_SHARE


def distances_km(row: int, *, to: NDArray[np.integer] | slice, world: World) -> NDArray[np.float64]:
    """Great-circle distances from one city to others, in kilometres."""
    towards = world.compass[to] @ world.compass[row]
    return np.asarray(EARTH_KM * np.arccos(np.clip(towards, -1.0, 1.0)), dtype=np.float64)


def shared_office_hours(difference: float) -> float:
    """How many of eight office hours two clocks so many hours apart share.

    >>> [shared_office_hours(hours) for hours in (0, 1, -5.5, 12, 23)]
    [8.0, 7.0, 2.5, 0.0, 7.0]
    """
    around = (difference + 12.0) % 24.0 - 12.0
    return max(0.0, OFFICE_DAY - abs(around))


def shared_languages(a: CityCard, b: CityCard) -> tuple[SharedLanguage, ...]:
    """Languages people of both countries use, the one most likely to serve a conversation first."""
    theirs = {language.code: language for language in b.languages}
    both = [
        SharedLanguage(language.code, language.name, language.share, theirs[language.code].share)
        for language in a.languages
        if language.code in theirs
    ]
    return tuple(sorted(both, key=lambda shared: (-shared.share_a * shared.share_b, shared.code)))


def common_twins(a: int, b: int, *, world: World) -> list[int]:
    """Rows of the cities both are twinned with, larger ones first."""
    if not world.twin_count[a] or not world.twin_count[b]:
        return []
    both = np.intersect1d(world.twins(a), world.twins(b))
    return by_size(both, world=world)


def by_size(rows: NDArray[np.integer], *, world: World) -> list[int]:
    """Rows, larger cities first."""
    return [int(row) for row in rows[np.lexsort((rows, -world.table.population[rows]))]]
