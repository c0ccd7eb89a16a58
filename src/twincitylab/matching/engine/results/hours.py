"""When two town halls can talk."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class HoursSpan:
    """A stretch of hours on the 24-hour UTC clock, 0 <= start < 24, start < end <= start + 24."""

    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class HoursSeason:
    """A stretch of days on which the shared office hours stay the same."""

    first: dt.date
    last: dt.date
    difference: float
    shared_hours: float


@dataclass(frozen=True)
class WorkingHours:
    """Office hours (9 to 17) of two cities on one day and over the year.

    Offsets are hours ahead of UTC on that day; ``difference`` = b's clock minus a's. ``a``, ``b`` and
    ``shared`` are on the UTC clock; ``local_a`` and ``local_b`` say the shared hours on each side's own
    clock, such as "14:30–17:00".
    """

    day: dt.date
    timezone_a: str
    timezone_b: str
    offset_a: float
    offset_b: float
    difference: float
    a: HoursSpan
    b: HoursSpan
    shared: tuple[HoursSpan, ...]
    local_a: tuple[str, ...]
    local_b: tuple[str, ...]
    shared_hours: float
    seasons: tuple[HoursSeason, ...]
    sentence: str
    year_sentence: str
