"""What a partnership has written down about the dimensions of the eye-level check, counted by side."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from twincitylab.community.choices import Mode
from twincitylab.community.models import CommunityLanguage
from twincitylab.partnerships.choices import ActivityState
from twincitylab.partnerships.models import (
    Activity,
    ActivitySide,
    Message,
    Note,
    Partnership,
    Proposal,
    SharedFile,
    Side,
)

LOOKED_BACK = dt.timedelta(days=365)
MONTHS = 12
Row = tuple[float | None, ...]


@dataclass(frozen=True)
class Amounts:
    """One row an activity, one number a side, None where nobody has said. ``capacities`` are what each side
    can give in the same time; None where this is not asked."""

    rows: tuple[Row, ...]
    capacities: Row | None = None


@dataclass(frozen=True)
class Counts:
    """How often each side did it."""

    by_side: tuple[int, ...]


Recorded = Amounts | Counts


def recorded(partnership: Partnership, *, sides: Sequence[Side], now: dt.datetime) -> dict[str, Recorded]:
    """By dimension, of the twelve months before ``now``; a dimension that leaves no records is not there.

    It always says how often or how much the side *carries* it: who is guest travels, whose language is not
    spoken carries the language.
    """
    keys = [side.pk for side in sides]
    since = now - LOOKED_BACK
    held = list(
        Activity.objects.filter(
            partnership=partnership, state=ActivityState.HELD, starts_at__gt=since, starts_at__lte=now
        ).prefetch_related("contributions")
    )
    made_activities = Activity.objects.filter(partnership=partnership, made_at__gt=since, made_at__lte=now)
    proposals = Proposal.objects.filter(partnership=partnership, made_at__gt=since, made_at__lte=now)
    messages = Message.objects.filter(
        thread__partnership=partnership, written_at__gt=since, written_at__lte=now
    )
    notes = Note.objects.filter(partnership=partnership, made_at__gt=since, made_at__lte=now)
    files = SharedFile.objects.filter(partnership=partnership, made_at__gt=since, made_at__lte=now)
    return {
        "agenda": _counted(
            keys,
            made_activities.values_list("made_by_side_id", flat=True),
            proposals.values_list("side_id", flat=True),
        ),
        "money": Amounts(
            _given(held, keys, worth),
            tuple(_number(side.money_a_year) for side in sides),
        ),
        "learning": _each_once(_put_to_use(held, keys), sides=len(keys)),
        "effort": Amounts(
            _given(held, keys, hours),
            tuple(_number(side.hours_a_month, times=MONTHS) for side in sides),
        ),
        "movement": _each_once(_journeys(held, keys), sides=len(keys)),
        "language": Amounts(_foreign(held, sides)),
        "information": _counted(
            keys, notes.values_list("side_id", flat=True), files.values_list("side_id", flat=True)
        ),
        "voice": _counted(keys, messages.values_list("side_id", flat=True)),
    }


def worth(given: ActivitySide) -> float | None:
    """Money, and what things are worth; None where neither is known."""
    known = [amount for amount in (given.money, given.in_kind_worth) if amount is not None]
    return float(sum(known, Decimal(0))) if known else None


def hours(given: ActivitySide) -> float | None:
    return _number(given.hours)


def _given(
    held: Iterable[Activity], keys: Sequence[int], take: Callable[[ActivitySide], float | None]
) -> tuple[Row, ...]:
    """Activities about which no side has said anything tell nothing and are not rows."""
    rows = []
    for activity in held:
        by_side: Mapping[int, ActivitySide] = {row.side_id: row for row in activity.contributions.all()}
        row = tuple(take(by_side[key]) if key in by_side else None for key in keys)
        if any(value is not None for value in row):
            rows.append(row)
    return tuple(rows)


def _journeys(held: Iterable[Activity], keys: Sequence[int]) -> list[tuple[bool, ...]]:
    """Who was guest of another in each activity; meetings online take nobody anywhere."""
    return [
        tuple(activity.host_id != key for key in keys)
        for activity in held
        if activity.mode != Mode.ONLINE and activity.host_id in keys
    ]


def _put_to_use(held: Iterable[Activity], keys: Sequence[int]) -> list[tuple[bool, ...]]:
    """Which sides put what they learned in each activity to use; where it says nobody, it was all."""
    return [
        tuple(activity.put_to_use_by_id in (key, None) for key in keys)
        for activity in held
        if activity.is_put_to_use and activity.put_to_use_by_id in (*keys, None)
    ]


def _each_once(activities: Sequence[tuple[bool, ...]], *, sides: int) -> Recorded:
    """An activity is one record, however many sides it counts for: together they tell no more than one."""
    if all(sum(row) == 1 for row in activities):
        return Counts(tuple(sum(row[side] for row in activities) for side in range(sides)))
    return Amounts(tuple(tuple(map(float, row)) for row in activities))


def _foreign(held: Iterable[Activity], sides: Sequence[Side]) -> tuple[Row, ...]:
    """1 for a side that spoke a language which is not one of its own, 0 for one at home in it."""
    spoken: dict[int, set[str]] = {}
    rows = CommunityLanguage.objects.filter(community__in=[side.community_id for side in sides])
    for community, language in rows.values_list("community_id", "language"):
        spoken.setdefault(community, set()).add(_base(language))
    return tuple(
        tuple(float(_base(activity.language_used) not in spoken.get(side.community_id, ())) for side in sides)
        for activity in held
        if activity.language_used
    )


def _counted(keys: Sequence[int], *who: Iterable[int]) -> Counts:
    counts = Counter(key for some in who for key in some)
    return Counts(tuple(counts[key] for key in keys))


def _base(language: str) -> str:
    return language.partition("-")[0]


def _number(amount: Decimal | None, *, times: int = 1) -> float | None:
    return None if amount is None else float(amount) * times
