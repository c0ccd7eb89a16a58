"""Hours for the next meeting that are fair to every clock. Pure: dates and zones in, ranked hours out.

What is early or late weighs more the farther it is from an ordinary day. Nobody is asked to meet at night, on
a public holiday or at the weekend while there is anything else. Beyond that, whoever has had fewer early and
late hours so far this year takes the next ones.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

STEP = dt.timedelta(minutes=15)
STARTS_EVERY = 2
"""Meetings begin at full and half hours: every second step."""
NIGHT_WEIGHT = 12.0
CLOCK = (*[NIGHT_WEIGHT] * 6, 4.0, 2.0, 1.0, *[0.0] * 8, 1.0, 2.0, 2.0, 4.0, 4.0, *[NIGHT_WEIGHT] * 2)
"""The weight of each hour of the local day: none from 9 to 17."""
NOON = 12
MOST_OWED = 12.0
"""However far apart the past is, more than this is never made good at once."""
NEARLY = 0.5


@dataclass(frozen=True)
class PlannerSide:
    """A side of the meeting. ``holidays`` are by local day and None where nobody knows them; ``weekend`` are
    days of the week, Monday is 0; ``strain`` is what its early and late hours so far weigh."""

    name: str
    zone: str
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: Mapping[dt.date, str] | None = None
    strain: float = 0.0


@dataclass(frozen=True)
class LocalTime:
    """A meeting on one side's clock."""

    side: PlannerSide
    begins: dt.datetime
    ends: dt.datetime
    burden: float
    is_night: bool
    is_weekend: bool
    holiday: str

    @property
    def is_free_day(self) -> bool:
        return self.is_weekend or bool(self.holiday)


@dataclass(frozen=True)
class Slot:
    """One proposal, with why in sentences."""

    begins: dt.datetime
    ends: dt.datetime
    locals: tuple[LocalTime, ...]
    reasons: tuple[str, ...]
    rank: tuple[int, float]


@dataclass(frozen=True)
class Strain:
    """The early and late hours that one side has had: in hours, and by their weight."""

    hours: float
    weight: float


def strain_of(meetings: Iterable[tuple[dt.datetime, dt.datetime]], *, zone: str) -> Strain:
    """What meetings (beginning and end) asked of people whose clock is ``zone``."""
    hours = weight = 0.0
    share = STEP / dt.timedelta(hours=1)
    for begins, ends in meetings:
        for moment in _steps(begins, ends):
            clock = CLOCK[moment.astimezone(_zone(zone)).hour]
            weight += clock * share
            hours += share if clock else 0.0
    return Strain(hours, weight)


def fair_slots(
    sides: Sequence[PlannerSide], *, first: dt.datetime, days: int, minutes: int, most: int = 5
) -> tuple[Slot, ...]:
    """The best hour of each of the best days within ``days`` from ``first`` on, best first; where several
    hours are equally good, another hour of the day than those before.

    The same for every order of the sides. ``ValueError`` for no side, no day, or no quarter of an hour.
    """
    length = dt.timedelta(minutes=minutes) // STEP
    if not sides or days < 1 or length < 1:
        message = "A meeting has sides, a day and at least a quarter of an hour."
        raise ValueError(message)
    start = _next_half_hour(first.astimezone(dt.UTC))
    count = days * (dt.timedelta(days=1) // STEP)
    moments = [start + STEP * number for number in range(count + length)]
    columns = [_weights(side, moments) for side in sides]
    owed = _owed(sides)
    best: dict[dt.date, tuple[tuple[int, float], list[int]]] = {}
    for number in range(0, count, STARTS_EVERY):
        rank = _rank(columns, owed, number, length)
        # One proposal a day, counted where the meeting is in the middle between the clocks.
        day = _shared_day(sides, moments[number])
        if day not in best or rank < best[day][0]:
            best[day] = (rank, [number])
        elif rank == best[day][0]:
            best[day][1].append(number)
    chosen: list[int] = []
    for _of_day, numbers in sorted(best.values())[:most]:
        chosen.append(_unlike(chosen, numbers))
    ranks = [_rank(columns, owed, number, length) for number in chosen]
    return tuple(
        _slot(sides, moments[number], moments[number] + STEP * length, rank=rank)
        for number, rank in zip(chosen, ranks, strict=True)
    )


def without_holidays(sides: Iterable[PlannerSide]) -> tuple[str, ...]:
    """The sides of whose country nobody knows the public holidays."""
    return tuple(side.name for side in sides if side.holidays is None)


@dataclass(frozen=True)
class _Column:
    """Of one side, the running sums of the clock's weight, and of steps in no ordinary time."""

    weight: tuple[float, ...]
    night: tuple[int, ...]
    weekend: tuple[int, ...]
    holiday: tuple[int, ...]


def _weights(side: PlannerSide, moments: Sequence[dt.datetime]) -> _Column:
    zone = _zone(side.zone)
    share = STEP / dt.timedelta(hours=1)
    weight, night, weekend, holiday = [0.0], [0], [0], [0]
    for moment in moments:
        local = moment.astimezone(zone)
        clock = CLOCK[local.hour]
        weight.append(weight[-1] + clock * share)
        night.append(night[-1] + (clock >= NIGHT_WEIGHT))
        weekend.append(weekend[-1] + (local.weekday() in side.weekend))
        holiday.append(holiday[-1] + (local.date() in (side.holidays or {})))
    return _Column(tuple(weight), tuple(night), tuple(weekend), tuple(holiday))


def _rank(columns: Sequence[_Column], owed: Sequence[float], number: int, length: int) -> tuple[int, float]:
    """Who is asked what nobody should be asked first; then how unevenly the early and late hours lie."""
    end = number + length
    tier = 0
    score = 0.0
    for column, past in zip(columns, owed, strict=True):
        tier += 100 * (column.night[end] > column.night[number])
        tier += 10 * (column.holiday[end] > column.holiday[number])
        tier += column.weekend[end] > column.weekend[number]
        burden = column.weight[end] - column.weight[number]
        score += 2 * past * burden + burden * burden
    return tier, round(score, 6)


def _unlike(chosen: Sequence[int], numbers: Sequence[int]) -> int:
    """Of equally good moments of a day the one farthest from the hours proposed so far, so that there is a
    choice; the earliest of these."""
    day = dt.timedelta(days=1) // STEP

    def apart(number: int) -> int:
        return min((min((number - other) % day, (other - number) % day) for other in chosen), default=0)

    return max(numbers, key=lambda number: (apart(number), -number))


def _owed(sides: Sequence[PlannerSide]) -> list[float]:
    least = min(side.strain for side in sides)
    return [min(side.strain - least, MOST_OWED) for side in sides]


def _slot(
    sides: Sequence[PlannerSide], begins: dt.datetime, ends: dt.datetime, *, rank: tuple[int, float]
) -> Slot:
    there = tuple(_local(side, begins, ends) for side in sides)
    return Slot(begins, ends, there, _reasons(there), rank)


def _local(side: PlannerSide, begins: dt.datetime, ends: dt.datetime) -> LocalTime:
    zone = _zone(side.zone)
    steps = [moment.astimezone(zone) for moment in _steps(begins, ends)]
    named = (side.holidays or {}).get(steps[0].date()) or (side.holidays or {}).get(steps[-1].date())
    return LocalTime(
        side=side,
        begins=begins.astimezone(zone),
        ends=ends.astimezone(zone),
        burden=strain_of([(begins, ends)], zone=side.zone).weight,
        is_night=any(CLOCK[local.hour] >= NIGHT_WEIGHT for local in steps),
        is_weekend=any(local.weekday() in side.weekend for local in steps),
        holiday=named or "",
    )


def _reasons(there: Sequence[LocalTime]) -> tuple[str, ...]:
    reasons = []
    if all(local.burden == 0 for local in there):
        reasons.append(_("Between 9 and 17 o’clock on every side."))
    reasons += [_hour_reason(local) for local in there if local.burden > 0]
    reasons += _turn_reason(there)
    for local in there:
        if local.holiday:
            reasons.append(
                _("A public holiday for %(name)s: %(holiday)s.")
                % {"name": local.side.name, "holiday": local.holiday}
            )
        elif local.is_weekend:
            reasons.append(_("The weekend for %(name)s.") % {"name": local.side.name})
    return tuple(reasons)


def _hour_reason(local: LocalTime) -> str:
    words = {
        "name": local.side.name,
        "begins": local.begins.strftime("%H:%M"),
        "ends": local.ends.strftime("%H:%M"),
    }
    if local.is_night:
        return _("At night for %(name)s, from %(begins)s to %(ends)s: there is no better hour.") % words
    if CLOCK[local.begins.hour] and local.begins.hour < NOON:
        return _("Early for %(name)s, from %(begins)s on.") % words
    return _("Late for %(name)s, until %(ends)s.") % words


def _turn_reason(there: Sequence[LocalTime]) -> list[str]:
    """Whose turn it is, where the past and this hour are both uneven, and in opposite directions."""
    most = max(there, key=lambda local: local.burden)
    least = min(there, key=lambda local: local.burden)
    if most.burden - least.burden < NEARLY or least.side.strain - most.side.strain < NEARLY:
        return []
    return [
        _("It is the turn of %(name)s: the early and late hours of %(other)s weigh more so far this year.")
        % {"name": most.side.name, "other": least.side.name}
    ]


def _shared_day(sides: Sequence[PlannerSide], begins: dt.datetime) -> dt.date:
    """The day of a meeting: that of the earliest clock, so that every order of the sides gives the same."""
    return min(begins.astimezone(_zone(side.zone)).date() for side in sides)


def _next_half_hour(moment: dt.datetime) -> dt.datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    half = STEP * STARTS_EVERY
    return whole + half * -((whole - moment) // half)


def _steps(begins: dt.datetime, ends: dt.datetime) -> Iterable[dt.datetime]:
    moment = begins.astimezone(dt.UTC)
    yield moment
    while moment + STEP < ends:
        moment += STEP
        yield moment


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
