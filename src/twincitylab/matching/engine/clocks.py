"""Shared office hours of two cities: on one day, and over the year with its changes of the clock."""

import datetime as dt
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from twincitylab.matching.engine.results import HoursSeason, HoursSpan, WorkingHours
from twincitylab.matching.engine.words import count_words
from twincitylab.matching.engine.words import hours as hour_words

OPENING = 9.0
CLOSING = 17.0
DAY = 24.0


def working_hours(timezone_a: str, timezone_b: str, *, day: dt.date) -> WorkingHours:
    """Office hours (9 to 17) of two time zones on ``day``, and the seasons of the year from then on."""
    offset_a, offset_b = offset_hours(timezone_a, day=day), offset_hours(timezone_b, day=day)
    a, b = _office(offset_a), _office(offset_b)
    shared = _overlaps(a, b)
    seasons = _seasons(timezone_a, timezone_b, day=day)
    return WorkingHours(
        day=day,
        timezone_a=timezone_a,
        timezone_b=timezone_b,
        offset_a=offset_a,
        offset_b=offset_b,
        difference=_around(offset_b - offset_a),
        a=a,
        b=b,
        shared=shared,
        local_a=tuple(_local(span, offset=offset_a) for span in shared),
        local_b=tuple(_local(span, offset=offset_b) for span in shared),
        shared_hours=sum(span.length for span in shared),
        seasons=seasons,
        sentence=_sentence(sum(span.length for span in shared)),
        year_sentence=_year_sentence(seasons),
    )


def offset_hours(timezone: str, *, day: dt.date) -> float:
    """Hours ahead of UTC at noon of a day; 0 for a zone nobody knows."""
    zone = _zone(timezone)
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=zone)
    offset = noon.utcoffset() if zone else None
    return offset.total_seconds() / 3600 if offset is not None else 0.0


def _office(offset: float) -> HoursSpan:
    start = (OPENING - offset) % DAY
    return HoursSpan(start, start + CLOSING - OPENING)


def _overlaps(a: HoursSpan, b: HoursSpan) -> tuple[HoursSpan, ...]:
    """Where two spans of the 24-hour clock overlap, whichever day they are counted from."""
    found = []
    for turn in (-DAY, 0.0, DAY):
        start, end = max(a.start, b.start + turn), min(a.end, b.end + turn)
        if start < end:
            found.append(HoursSpan(start % DAY, start % DAY + end - start))
    return tuple(found)


def _local(span: HoursSpan, *, offset: float) -> str:
    return f"{_clock(span.start + offset)}–{_clock(span.end + offset)}"


def _clock(hour: float) -> str:
    minutes = round(hour % DAY * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _around(difference: float) -> float:
    """The same difference between -12 and 12 hours."""
    turned = (difference + DAY / 2) % DAY - DAY / 2
    return DAY / 2 if turned == -DAY / 2 and difference > 0 else turned


def _seasons(timezone_a: str, timezone_b: str, *, day: dt.date) -> tuple[HoursSeason, ...]:
    last = min(day.toordinal() + 364, dt.date.max.toordinal())
    days = [dt.date.fromordinal(number) for number in range(day.toordinal(), last + 1)]

    def difference(of: dt.date) -> float:
        return _around(offset_hours(timezone_b, day=of) - offset_hours(timezone_a, day=of))

    found = []
    for apart, stretch in groupby(days, key=difference):
        same = list(stretch)
        found.append(HoursSeason(same[0], same[-1], apart, max(0.0, CLOSING - OPENING - abs(apart))))
    return tuple(found)


def _sentence(shared: float) -> str:
    if shared >= CLOSING - OPENING:
        return _("All eight office hours are shared.")
    if shared <= 0:
        return _("The office hours never meet: write, or meet early or late.")
    if shared == 1:
        return _("One of eight office hours is shared.")
    return say_half_hours(shared) or _("%(hours)s of eight office hours are shared.") % {
        "hours": count_words(shared)
    }


def say_half_hours(shared: float) -> str:
    """The sentence of shared office hours that end in a half, nothing for others."""
    if shared % 1 != 0.5:
        return ""
    if shared < 1:
        return _("Half an hour of the eight office hours is shared.")
    if shared < 2:
        return _("One and a half of eight office hours are shared.")
    return _("%(hours)s and a half of eight office hours are shared.") % {"hours": count_words(shared // 1)}


def _year_sentence(seasons: tuple[HoursSeason, ...]) -> str:
    shared = sorted({season.shared_hours for season in seasons})
    if len(shared) == 1:
        return _("This is the same all year.")
    return _("Over the year it varies from %(fewest)s to %(most)s hours, as the clocks change.") % {
        "fewest": hour_words(shared[0]),
        "most": hour_words(shared[-1]),
    }


@lru_cache(maxsize=1024)
def _zone(timezone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
