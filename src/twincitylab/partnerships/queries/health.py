"""What a partnership has written down that tells whether it is alive: three queries."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from twincitylab.partnerships.choices import LIVING_PROPOSALS, ActivityKind, ActivityState, ProposalKind
from twincitylab.partnerships.models import (
    Activity,
    ActivityPerson,
    Message,
    Partnership,
    Proposal,
    Side,
    SideRole,
    Thanks,
)

YEAR = dt.timedelta(days=365)
RECENT = 2 * YEAR
"""Long enough for those who meet once a year, and short enough to say how it is now."""
DAY = dt.timedelta(days=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def day_number(moment: dt.datetime) -> float:
    """Days since 1970, for arithmetic without a clock."""
    return (moment - EPOCH) / DAY


@dataclass
class Held:
    """An activity that took place. ``hours`` are by side, of those that have said; ``people`` are those of
    each side who carried the contact."""

    pk: int
    starts_at: dt.datetime
    kind: str
    host: int | None
    has_outcome: bool
    has_story: bool
    is_put_to_use: bool | None
    hours: dict[int, float] = field(default_factory=dict)
    people: dict[int, set[int]] = field(default_factory=dict)

    @property
    def is_ceremony(self) -> bool:
        return self.kind == ActivityKind.CEREMONY


@dataclass(frozen=True)
class HealthRecords:
    """All that the ten signals are made of. ``sides`` are the active ones, ``planned`` when what is planned
    begins, the next first, ``asked`` the kinds of proposals that wait for an answer."""

    partnership: Partnership
    sides: tuple[Side, ...]
    now: dt.datetime
    held: tuple[Held, ...]
    planned: tuple[dt.datetime, ...]
    roles: frozenset[int]
    deputies: frozenset[int]
    proposals: Counter[int]
    asked: frozenset[str]
    thanks: Counter[int]
    talks: tuple[frozenset[int], ...]

    @cached_property
    def recent(self) -> tuple[Held, ...]:
        return tuple(one for one in self.held if one.starts_at > self.now - RECENT)

    @cached_property
    def this_year(self) -> tuple[Held, ...]:
        return tuple(one for one in self.held if one.starts_at > self.now - YEAR)

    @cached_property
    def first_seen(self) -> tuple[float, ...]:
        """When each of those who carried a contact did so first."""
        first: dict[int, float] = {}
        for one in sorted(self.held, key=lambda held: held.starts_at):
            for people in one.people.values():
                for person in people:
                    first.setdefault(person, day_number(one.starts_at))
        return tuple(first.values())

    def carried_by(self, side: int) -> tuple[list[list[int]], int]:
        """People of a side by activities of the last twelve months, 0 and 1, and how many activities."""
        counted = [one for one in self.this_year if one.people.get(side)]
        people = sorted({person for one in counted for person in one.people[side]})
        return [[int(person in one.people[side]) for one in counted] for person in people], len(counted)

    def hours_of(self, side: int) -> float | None:
        """Hours of the last twelve months; None where nobody has said any."""
        known = [one.hours[side] for one in self.this_year if side in one.hours]
        return sum(known) if known else None

    def count(self, test: Callable[[Held], object], among: Sequence[Held]) -> int:
        return sum(1 for one in among if test(one))


def health_records(partnership: Partnership, *, sides: Iterable[Side], now: dt.datetime) -> HealthRecords:
    """Read with the sides as the reader's page already has them."""
    held, planned = _activities(partnership, now=now)
    _add_people(partnership, held)
    rest = _rest(partnership, today=now.date())
    asked = [row for kind in ProposalKind for row in rest.get(kind.value, ())]
    talks: dict[int, set[int]] = {}
    for _what, side, thread in rest.get("talk", ()):
        talks.setdefault(thread, set()).add(side)
    return HealthRecords(
        partnership=partnership,
        sides=tuple(side for side in sides if side.is_active),
        now=now,
        held=tuple(held.values()),
        planned=planned,
        roles=frozenset(side for _what, side, _more in rest.get("role", ())),
        deputies=frozenset(side for _what, side, deputy in rest.get("role", ()) if deputy),
        proposals=Counter(side for _what, side, _more in (*rest.get("proposal", ()), *asked)),
        asked=frozenset(what for what, _side, _more in asked),
        thanks=Counter(side for _what, side, _more in rest.get("thanks", ())),
        talks=tuple(frozenset(who) for who in talks.values()),
    )


def _activities(
    partnership: Partnership, *, now: dt.datetime
) -> tuple[dict[int, Held], tuple[dt.datetime, ...]]:
    rows = (
        Activity.objects.filter(partnership=partnership)
        .exclude(state=ActivityState.CALLED_OFF)
        .values_list(
            "pk", "state", "starts_at", "kind", "host_id", "outcome", "story", "is_put_to_use",
            "contributions__side_id", "contributions__hours",
        )
    )  # fmt: skip
    held: dict[int, Held] = {}
    planned: dict[int, dt.datetime] = {}
    for pk, state, starts_at, kind, host, outcome, story, used, side, hours in rows:
        if state == ActivityState.PLANNED:
            if starts_at >= now:
                planned[pk] = starts_at
            continue
        if starts_at > now:
            continue
        if pk not in held:
            held[pk] = Held(pk, starts_at, kind, host, bool(outcome), bool(story), used)
        if side is not None and hours is not None:
            held[pk].hours[side] = float(hours)
    return held, tuple(sorted(planned.values()))


def _add_people(partnership: Partnership, held: dict[int, Held]) -> None:
    rows = ActivityPerson.objects.filter(activity__partnership=partnership, person__isnull=False)
    for activity, side, person in rows.values_list("activity_id", "side_id", "person_id"):
        if activity in held and person is not None:
            held[activity].people.setdefault(side, set()).add(person)


def _rest(partnership: Partnership, *, today: dt.date) -> dict[str, list[tuple[str, int, int]]]:
    """What is only counted, in one question: what it is, of which side, and what it belongs to. A proposal
    that waits for an answer goes by its kind."""
    roles = SideRole.objects.filter(
        partnership=partnership, ended_at__isnull=True, person__isnull=False, since__lte=today
    )
    thanks = Thanks.objects.filter(partnership=partnership)
    talks = Message.objects.filter(thread__partnership=partnership)
    proposals = Proposal.objects.filter(partnership=partnership)
    rows = (
        _counted(roles.exclude(until__lt=today), "role", side="side_id", more="deputy_id")
        .union(
            _counted(thanks, "thanks", side="from_side_id", more="pk"),
            _counted(talks, "talk", side="side_id", more="thread_id"),
            _counted(proposals.exclude(state__in=LIVING_PROPOSALS), "proposal", side="side_id", more="pk"),
            _counted(proposals.filter(state__in=LIVING_PROPOSALS), F("kind"), side="side_id", more="pk"),
        )
        .order_by()
    )
    found: dict[str, list[tuple[str, int, int]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def _counted(rows: "QuerySet[Any]", what: str | F, *, side: str, more: str) -> "QuerySet[Any, Any]":
    counted: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            what=Value(what, output_field=CharField()) if isinstance(what, str) else what,
            of_side=F(side),
            more=Cast(F(more), BigIntegerField()),
        )
        .values_list("what", "of_side", "more")
    )
    return counted
