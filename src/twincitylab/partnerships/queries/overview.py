"""All introductions of a person by where they stand: what waits, what was met, what is over."""

import datetime as dt
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from twincitylab.community.choices import Role
from twincitylab.community.models import Membership, Notice, Person
from twincitylab.community.queries.cards import CommunityCard
from twincitylab.partnerships.choices import OPEN_STATES, IntroductionState
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.queries.introductions import (
    InterestLine,
    OpenLine,
    Row,
    Step,
    bare_cards_of,
    interest_line,
    interests_of,
    open_line,
    rows_of,
    steward_of,
)

SHOWN_OVER = dt.timedelta(days=365)
MOST_NAMED = 3


class Shelf(StrEnum):
    """Where an introduction lies, seen from one's own side."""

    WAITING = "waiting"
    SENT = "sent"
    MET = "met"
    PRIVATE = "private"
    OVER = "over"


_SHELVES = {
    Step.ANSWER: Shelf.WAITING,
    Step.REPLY: Shelf.WAITING,
    Step.ASKED: Shelf.SENT,
    Step.WAIT: Shelf.SENT,
    Step.MET: Shelf.MET,
    Step.OVER: Shelf.OVER,
}


@dataclass(frozen=True)
class PastLine:
    """An introduction that is decided: ``state`` is how, ``by_us`` whether our side ended it."""

    pk: int
    us: CommunityCard
    them: CommunityCard
    state: str
    by_us: bool
    at: dt.datetime


Line = OpenLine | PastLine | InterestLine


@dataclass(frozen=True)
class Overview:
    """What lies on each shelf: what waits the oldest first, all else the newest first."""

    rows: dict[Shelf, tuple[Row, ...]]
    said: tuple[Interest, ...]

    def on(self, shelf: Shelf) -> Sequence[Row | Interest]:
        return self.said if shelf is Shelf.PRIVATE else self.rows.get(shelf, ())

    @property
    def counts(self) -> dict[Shelf, int]:
        return {shelf: len(self.on(shelf)) for shelf in Shelf}


@dataclass(frozen=True)
class Bell:
    """How many introductions wait for the person, as the inbox counts them, and whether there is news."""

    waiting: int
    is_news: bool


@dataclass(frozen=True)
class Met:
    """Whom a community has met: the first few by name, and how many there are."""

    names: tuple[str, ...]
    count: int

    @property
    def others(self) -> int:
        return self.count - len(self.names)


def overview(person: Person, *, now: dt.datetime) -> Overview:
    """All introductions of the communities for which the person acts: three queries."""
    mine = steward_of(person)
    which = Q(state__in=[*OPEN_STATES, IntroductionState.ACCEPTED]) | Q(answered_at__gt=now - SHOWN_OVER)
    found: dict[Shelf, list[Row]] = {shelf: [] for shelf in Shelf}
    for row in rows_of(mine, which, now=now):
        found[_SHELVES[row.step]].append(row)
    for shelf in (Shelf.SENT, Shelf.MET, Shelf.OVER):
        found[shelf].sort(key=lambda row: (_happened_at(row), row.introduction.pk), reverse=True)
    return Overview(
        rows={shelf: tuple(rows) for shelf, rows in found.items()},
        said=tuple(interests_of(mine)) if mine else (),
    )


def lines_of(shown: Sequence[Row | Interest]) -> tuple[Line, ...]:
    """What a page shows of these: one query, however many there are."""
    sides = [side for one in shown for side in _sides(one)]
    cards = bare_cards_of(sides) if sides else {}
    return tuple(_line(one, cards=cards) for one in shown)


def bell(person: Person, *, now: dt.datetime) -> Bell:
    """What the bell of every page tells: two queries, one for a person who acts for no community.

    A community that was given up is not left out here: none of its introductions is open any more.
    """
    unread = Notice.objects.filter(person=OuterRef("pk"), read_at__isnull=True)
    held = FilteredRelation("memberships", condition=Q(memberships__role=Role.STEWARD))
    seats = Person.objects.filter(pk=person.pk).annotate(held=held, is_news=Exists(unread))
    found = list(seats.values_list("held__community_id", "is_news"))
    mine = frozenset(pk for pk, _is_news in found if pk)
    rows = rows_of(mine, Q(state__in=OPEN_STATES, expires_at__gt=now), now=now)
    return Bell(
        waiting=sum(_SHELVES[row.step] is Shelf.WAITING for row in rows),
        is_news=any(is_news for _pk, is_news in found),
    )


def met_by(person: Person, *, community: int = 0) -> Met:
    """Whom the communities for which the person acts have met, or one of these, newest first: two queries,
    one for one community."""
    mine = {community} if community else steward_of(person)
    if not mine:
        return Met((), 0)
    seats = Membership.objects.filter(
        person=person, role=Role.STEWARD, community__in=mine, community__closed_at__isnull=True
    )
    found = Introduction.objects.filter(
        Q(a__in=mine) | Q(b__in=mine), Exists(seats), state=IntroductionState.ACCEPTED
    )
    rows = found.order_by("-answered_at", "-pk").select_related("a", "b").only(*_NAMED)
    named: dict[int, str] = {}
    for row in rows:
        for pk in _across(row.a_id, row.b_id, mine):
            named.setdefault(pk, (row.a if pk == row.a_id else row.b).shown_name)
    return Met(tuple(named.values())[:MOST_NAMED], len(named))


_NAMED = ("a", "b", *(f"{side}__{name}" for side in "ab" for name in ("name", "pseudonym", "is_safe_mode")))


def _across(a: int, b: int, mine: Set[int]) -> tuple[int, ...]:
    """The sides that stand across one's own; both for a pair of which both are one's own."""
    return tuple(other for us, other in ((a, b), (b, a)) if us in mine)


def _sides(one: Row | Interest) -> tuple[int, int]:
    if isinstance(one, Interest):
        return one.community_id, one.other_id
    return one.introduction.a_id, one.introduction.b_id


def _line(one: Row | Interest, *, cards: dict[int, CommunityCard]) -> Line:
    if isinstance(one, Interest):
        return interest_line(one, cards=cards)
    if one.step not in {Step.MET, Step.OVER}:
        return open_line(one, cards=cards)
    introduction = one.introduction
    us, them = one.sides(cards)
    return PastLine(
        pk=introduction.pk,
        us=us,
        them=them,
        state=IntroductionState.EXPIRED if introduction.is_open else introduction.state,
        by_us=_ended_by(introduction) == one.us,
        at=_happened_at(one),
    )


def _ended_by(introduction: Introduction) -> int | None:
    if introduction.state == IntroductionState.DECLINED:
        return introduction.declined_by_id
    return introduction.proposer_id if introduction.state == IntroductionState.WITHDRAWN else None


def _happened_at(row: Row) -> dt.datetime:
    """When it was answered or ended; when its time was over, where the worker has not come by yet; when it
    was proposed, while it is open."""
    introduction = row.introduction
    if introduction.answered_at is not None:
        return introduction.answered_at
    return introduction.expires_at if row.step is Step.OVER else introduction.made_at
