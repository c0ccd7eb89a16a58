"""Whether a partnership is alive: rhythm, breadth, renewal, who carries it, capacity, and shares."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from eyelevel.parity.balance import jeffreys
from eyelevel.parity.interval import Interval, Missing, checked_level

Float64 = NDArray[np.float64]

YEAR = 365.25
LEAST_EVENTS = 4
USUAL_SPREAD = math.log(2)
"""Before anything is known: gaps mostly between half and twice the typical one."""
USUAL_FREEDOM = 2.0
"""How many gaps' worth that counts."""
ONE_MEETING = 14.0
"""What begins within so many days of the first day of a meeting is part of it."""
NO_PAUSE = 3.0
"""So is what follows the day before as closely as this, over a weekend too, ..."""
LONGEST_MEETING = 31.0
"""... up to so long after its first day."""
LEAST_SILENCE = 30.0
"""Nothing shorter is a silence, however close the rhythm."""


@dataclass(frozen=True)
class Share:
    """`yes` of `of`: the share, and its interval."""

    value: float | None
    yes: int
    of: int
    interval: Interval | None = None
    missing: Missing | None = None


@dataclass(frozen=True)
class Rhythm:
    """The partnership's own rhythm, in days.

    `events` counts meetings: what lies close together, such as a visiting week written down day by day, is
    one. `typical` is the median of the time from the end of one to the beginning of the next, `silence` the
    time since the last day with an event (since it began, where there was none), `chance` that of so long a
    silence or a longer one if the rhythm goes on. Without a rhythm of its own, `missing` says why, and
    `is_silent` goes by the length of the silence alone.
    """

    events: int
    silence: float | None = None
    typical: float | None = None
    chance: float | None = None
    is_silent: bool = False
    missing: Missing | None = None


@dataclass(frozen=True)
class Breadth:
    """`value`: as many kinds as would be this varied if all were equally frequent; from 1 to `kinds`."""

    value: float | None
    kinds: int
    records: int
    missing: Missing | None = None


@dataclass(frozen=True)
class BusFactor:
    """`people`: the fewest who carry more than half of the contacts. `largest`: the largest share of one
    person, `shares` (people,) that of each."""

    people: int | None
    largest: float | None
    shares: tuple[float, ...]
    contacts: int
    missing: Missing | None = None


@dataclass(frozen=True)
class UsedCapacity:
    """Hours used over hours stated of one side: above 1 is more than was promised."""

    value: float | None
    missing: Missing | None = None


def share(yes: int, of: int, *, level: float = 0.8) -> Share:
    """A share of `of` records with Jeffreys' interval (Brown, Cai, DasGupta 2001). Raises ValueError unless
    0 <= yes <= of.

    >>> found = share(3, 4)
    >>> found.value, [round(end, 2) for end in found.interval[:2]]
    (0.75, [0.43, 0.92])
    >>> share(0, 0).missing
    <Missing.NO_RECORDS: 'no_records'>
    """
    checked_level(level)
    if not 0 <= yes <= of:
        raise ValueError(f"{yes} of {of} is no share")
    if of == 0:
        return Share(None, yes, of, missing=Missing.NO_RECORDS)
    return Share(yes / of, yes, of, jeffreys(yes, of, level))


def rhythm(
    days: ArrayLike,
    today: float,
    *,
    begun: float | None = None,
    unknown: float = YEAR,
    unlikely: float = 0.04,
) -> Rhythm:
    """Is it silent longer than its own rhythm lets expect?

    `days` (n,): when events were, in days on any calendar, in any order; `today` and `begun` on the same.
    Those after today do not count. What begins within 14 days of the first day of a meeting, or follows
    within 3 days of the day before (up to 31 days after the first), is the same meeting. Logarithms of the
    gaps between meetings are taken as normal, their variance drawn towards that of gaps between half and
    twice the typical (as Smyth 2004, so that three equal gaps are no proof of a clockwork); `chance` is that
    of Student's predictive distribution for the next gap. `is_silent`: the chance is below `unlikely`, and
    the silence at least 30 days. With fewer than 4 meetings there is no rhythm of its own: it is silent after
    `unknown` days without any event, counted from `begun` where there was none. Raises ValueError for days
    that are not finite.

    >>> found = rhythm([0, 30, 60, 90, 120], today=240)
    >>> found.typical, found.silence, found.is_silent
    (30.0, 120.0, True)
    >>> rhythm([0, 30], today=300).is_silent, rhythm([0, 30], today=500).is_silent
    (False, True)
    """
    moments = np.asarray(days, dtype=np.float64).ravel()
    if not np.isfinite([*moments, today, begun or 0.0]).all():
        raise ValueError("days must be finite")
    past = np.unique(np.floor(moments[moments <= today]))
    last = float(past[-1]) if len(past) else begun
    if last is None:
        return Rhythm(0, missing=Missing.NO_RECORDS)
    silence = max(float(math.floor(today) - math.floor(last)), 0.0)
    if not len(past):
        return Rhythm(0, silence, is_silent=silence >= unknown, missing=Missing.NO_RECORDS)
    gaps = _gaps_between_meetings(past)
    meetings = len(gaps) + 1
    if meetings < LEAST_EVENTS:
        return Rhythm(meetings, silence, is_silent=silence >= unknown, missing=Missing.TOO_FEW)
    chance = _chance_of_longer(gaps, silence)
    is_silent = chance < unlikely and silence >= LEAST_SILENCE
    return Rhythm(meetings, silence, float(np.median(gaps)), chance, is_silent)


def breadth(labels: Iterable[Hashable]) -> Breadth:
    """Effective number of kinds: the exponential of Shannon's entropy (Hill 1973, order 1).

    >>> breadth(["visit", "visit", "workshop", "workshop"]).value
    2.0
    """
    counts = np.array(sorted(Counter(labels).values()), dtype=np.float64)
    if not len(counts):
        return Breadth(None, 0, 0, Missing.NO_RECORDS)
    portions = counts / counts.sum()
    value = math.exp(-float(portions @ np.log(portions)))
    return Breadth(min(max(value, 1.0), len(counts)), len(counts), int(counts.sum()))


def bus_factor(people_by_events: ArrayLike) -> BusFactor:
    """On how few people it rests; ask it for each side alone.

    `people_by_events` (people, events) of 0 and 1: who took part in what. Each event is one contact, shared
    equally by those who took part: else one large workshop would hide who does all the rest. Events without
    people do not count. Raises ValueError for other numbers.

    >>> found = bus_factor([[1, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0]])
    >>> found.people, found.largest
    (1, 0.75)
    """
    table = np.asarray(people_by_events, dtype=np.float64)
    if table.size == 0:
        return BusFactor(None, None, (), 0, Missing.NO_RECORDS)
    if table.ndim != 2 or not np.isin(table, (0, 1)).all():
        raise ValueError("people_by_events must be (people, events) of 0 and 1")
    present = table.sum(axis=0)
    table = table[:, present > 0]
    contacts = table.shape[1]
    if not contacts:
        return BusFactor(None, None, (), 0, Missing.NO_RECORDS)
    shares = (table / table.sum(axis=0)).sum(axis=1) / contacts
    carried = np.cumsum(np.sort(shares)[::-1])
    fewest = int(np.searchsorted(carried, 0.5 + 1e-9, side="right")) + 1
    return BusFactor(fewest, float(shares.max()), tuple(shares.tolist()), contacts)


def renewal(first_seen_days: ArrayLike, today: float, *, within: float = YEAR, level: float = 0.8) -> Share:
    """Share of people who came new within a year, with Jeffreys' interval.

    `first_seen_days` (people,): when each was first there. Before a year has passed since the first of them,
    everybody is new, which says nothing: too young. Those after today do not count.

    >>> renewal([0, 10, 20, 700], today=800).value
    0.25
    """
    moments = np.asarray(first_seen_days, dtype=np.float64).ravel()
    if not np.isfinite(moments).all() or not math.isfinite(today):
        raise ValueError("days must be finite")
    seen = moments[moments <= today]
    fresh = int((seen > today - within).sum())
    if len(seen) and fresh == len(seen):
        checked_level(level)
        return Share(None, fresh, len(seen), missing=Missing.TOO_YOUNG)
    return share(fresh, len(seen), level=level)


def used_capacity(hours: ArrayLike, stated: ArrayLike) -> tuple[UsedCapacity, ...]:
    """What each side gave of what it had stated.

    `hours` and `stated` (sides,), for the same time; NaN where unknown, a stated 0 is none stated. Raises
    ValueError for negative or infinite numbers and shapes that differ.

    >>> [side.value for side in used_capacity([30, 50], [60, 40])]
    [0.5, 1.25]
    """
    given, promised = (np.asarray(values, dtype=np.float64).ravel() for values in (hours, stated))
    if given.shape != promised.shape:
        raise ValueError("hours and stated must be one number a side")
    both = np.concatenate([given, promised])
    if (both < 0).any() or np.isinf(both).any():
        raise ValueError("hours must be at least 0 and finite, NaN where unknown")
    return tuple(_used(a, b) for a, b in zip(given.tolist(), promised.tolist(), strict=True))


def _used(hours: float, stated: float) -> UsedCapacity:
    if math.isnan(stated) or stated == 0:
        return UsedCapacity(None, Missing.NO_CAPACITY)
    if math.isnan(hours):
        return UsedCapacity(None, Missing.NO_RECORDS)
    return UsedCapacity(hours / stated)


def _gaps_between_meetings(days: Float64) -> Float64:
    """From the last day of a meeting to the first of the next; `days` are whole, different and ascending."""
    gaps, first = [], days[0]
    for before, day in pairwise(days.tolist()):
        goes_on = day - before <= NO_PAUSE and day - first < LONGEST_MEETING
        if not goes_on and day - first >= ONE_MEETING:
            gaps.append(day - before)
            first = day
    return np.array(gaps, dtype=np.float64)


def _chance_of_longer(gaps: Float64, silence: float) -> float:
    if silence <= 0:
        return 1.0
    logs = np.log(gaps)
    freedom = USUAL_FREEDOM + len(gaps) - 1
    squares = float(((logs - logs.mean()) ** 2).sum())
    variance = (USUAL_FREEDOM * USUAL_SPREAD**2 + squares) / freedom
    error = math.sqrt(variance * (1 + 1 / len(gaps)))
    return float(stdtr(freedom, -(math.log(silence) - float(logs.mean())) / error))
