"""Introductions: of two communities, of a person, and one as each side sees it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from twincitylab.community.choices import Role
from twincitylab.community.models import (
    Community,
    CommunityBlock,
    CommunityLanguage,
    CommunityTopic,
    Membership,
    Person,
)
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.telling import told_in
from twincitylab.partnerships.choices import (
    OPEN_STATES,
    Answer,
    IntroductionState,
    IntroductionWay,
)
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote
from twincitylab.partnerships.queries.veils import shown_sides, veiled


class Step(StrEnum):
    """What a reader can do next with an introduction. ``ASKED``: can answer, but has asked the other side
    something first and waits for its word."""

    ANSWER = "answer"
    ASKED = "asked"
    REPLY = "reply"
    WAIT = "wait"
    SIT_IN = "sit-in"
    MET = "met"
    OVER = "over"


@dataclass(frozen=True)
class NoteLine:
    """A question or an answer; ``name`` is the community's, empty for the facilitator."""

    text: str
    language: str
    written_at: dt.datetime
    name: str
    is_ours: bool


@dataclass(frozen=True)
class ContactLine:
    """Whom to write to."""

    name: str
    email: str


@dataclass(frozen=True)
class Meeting:
    """One introduction as one reader sees it. ``us`` is empty for the facilitator, who stands between
    ``left`` and ``right``; ``contacts`` is empty until both sides have said yes."""

    introduction: Introduction
    left: CommunityCard
    right: CommunityCard
    us: CommunityCard | None
    step: Step
    notes: tuple[NoteLine, ...]
    contacts: tuple[ContactLine, ...]
    is_paused: bool
    may_withdraw: bool
    may_write: bool
    has_said_yes: bool

    @property
    def them(self) -> CommunityCard:
        return self.left if self.us is not None and self.us.pk == self.right.pk else self.right


@dataclass(frozen=True)
class OpenLine:
    """An open introduction in the inbox, seen from one's own side ``us``."""

    pk: int
    us: CommunityCard
    them: CommunityCard
    step: Step
    made_at: dt.datetime
    expires_at: dt.datetime
    is_facilitated: bool


@dataclass(frozen=True)
class InterestLine:
    """What one's own community has said in private."""

    us: CommunityCard
    them: CommunityCard
    made_at: dt.datetime


class Row(NamedTuple):
    """An introduction, the id of the side it is seen from, and what that side can do."""

    introduction: Introduction
    us: int
    step: Step

    def sides(self, cards: dict[int, CommunityCard]) -> tuple[CommunityCard, CommunityCard]:
        """The own side and the other one, as the own side sees it."""
        across = self.introduction.across(self.us)
        is_veiled = self.introduction.keeps_back(across, reader=self.us)
        return cards[self.us], veiled(cards[across]) if is_veiled else cards[across]


def between(a: Community, b: Community) -> Introduction | None:
    """The latest introduction of the two, in whichever state."""
    first, second = sorted((a.pk, b.pk))
    return Introduction.objects.filter(a_id=first, b_id=second).order_by("-made_at", "-pk").first()


def has_met(community: Community) -> bool:
    """Whether another community has met this one: both have said yes."""
    mine = Introduction.objects.filter(Q(a=community) | Q(b=community))
    return mine.filter(state=IntroductionState.ACCEPTED).exists()


def overdue(*, now: dt.datetime) -> QuerySet[Introduction]:
    """Open introductions whose time is over, the longest overdue first."""
    return Introduction.objects.filter(state__in=OPEN_STATES, expires_at__lte=now).order_by(
        "expires_at", "pk"
    )


def meeting(pk: int, *, reader: Person, as_slug: str = "", now: dt.datetime) -> Meeting | None:
    """One introduction as this reader sees it; None when it is none of the reader's: only stewards of the
    two sides and the facilitator who sits in see it. ``as_slug`` chooses the side for a steward of both.

    What was written before a side went into safety mode may tell its real name: then the other side and the
    facilitator read a neutral sentence in its place, and the stored text stays for whoever wrote it.
    """
    introduction = Introduction.objects.select_related("a", "b", "partnership").filter(pk=pk).first()
    if introduction is None:
        return None
    seats = _steward_seats(introduction)
    mine = {seat.community_id for seat in seats if seat.person_id == reader.pk}
    sits_in = introduction.facilitator_id == reader.pk and _facilitates(reader)
    if not mine and not sits_in:
        return None
    cards = shown_sides(introduction, cards_of([introduction.a_id, introduction.b_id]), mine=mine)
    left, right = cards[introduction.a_id], cards[introduction.b_id]
    ours = [one for one in (left, right) if one.pk in mine]
    us = next((one for one in ours if one.slug == as_slug), ours[0] if ours else None)
    notes = tuple(introduction.notes.order_by("written_at", "pk"))
    _keep_quiet(introduction, notes=notes, us=us.pk if us else 0)
    is_paused = _is_paused(introduction, us=us.pk if us else 0)
    return Meeting(
        introduction=introduction,
        left=left,
        right=right,
        us=us,
        step=_step(introduction, us=us.pk if us else 0, last=_last_side(notes), now=now),
        notes=tuple(_note_line(note, cards=cards, us=us.pk if us else 0) for note in notes),
        contacts=_contacts(introduction, seats=seats, us=us.pk if us else 0, is_paused=is_paused),
        is_paused=is_paused,
        may_withdraw=_may_withdraw(introduction, us=us.pk if us else 0, sits_in=sits_in, now=now),
        may_write=_may_write(introduction, us=us.pk if us else 0, now=now),
        has_said_yes=bool(us) and introduction.answer_of(us.pk if us else 0) == Answer.YES,
    )


def open_lines(communities: Iterable[int], *, now: dt.datetime) -> tuple[OpenLine, ...]:
    """The open introductions of a steward's communities, oldest first: four queries at most. Proposals of
    those one has blocked are left out."""
    rows = rows_of(frozenset(communities), Q(state__in=OPEN_STATES, expires_at__gt=now), now=now)
    if not rows:
        return ()
    cards = cards_of(side for row in rows for side in (row.introduction.a_id, row.introduction.b_id))
    return tuple(open_line(row, cards=cards) for row in rows)


def interest_lines(communities: Iterable[int]) -> tuple[InterestLine, ...]:
    """What a steward's own communities have said in private, newest first. Never anybody else's."""
    said = list(interests_of(frozenset(communities)))
    cards = cards_of(side for one in said for side in (one.community_id, one.other_id)) if said else {}
    return tuple(interest_line(one, cards=cards) for one in said)


def has_interest(community: Community, other: Community) -> bool:
    """Whether the first has said in private that it would like to meet the second. For its stewards only."""
    return Interest.objects.filter(community=community, other=other).exists()


def facilitated_by(person: Person) -> QuerySet[Introduction]:
    """Introductions in which the person sits in, newest first."""
    return Introduction.objects.filter(facilitator=person).order_by("-made_at", "-pk")


def steward_of(person: Person) -> frozenset[int]:
    """The ids of the living communities for which the person acts."""
    return frozenset(
        Membership.objects.filter(
            person=person, role=Role.STEWARD, community__closed_at__isnull=True
        ).values_list("community_id", flat=True)
    )


def cards_of(pks: Iterable[int]) -> dict[int, CommunityCard]:
    """The cards of the sides of introductions, by id."""
    return {one.pk: card(one) for one in with_card_facts(Community.objects.filter(pk__in=set(pks)))}


def bare_cards_of(pks: Iterable[int]) -> dict[int, CommunityCard]:
    """The same without topics and languages, for lists that show a name and a place: one query."""
    found = Community.objects.filter(pk__in=set(pks)).select_related("city__country")
    return {
        one.pk: card(one)
        for one in found.prefetch_related(
            Prefetch("topics", queryset=CommunityTopic.objects.none()),
            Prefetch("languages", queryset=CommunityLanguage.objects.none()),
        )
    }


def last_side_to_write(introduction: Introduction) -> int | None:
    """The id of the community whose note is the newest; None when only the facilitator has written."""
    newest = introduction.notes.exclude(side=None).order_by("-written_at", "-pk")
    return newest.values_list("side_id", flat=True).first()


def rows_of(mine: frozenset[int], which: Q, *, now: dt.datetime) -> list[Row]:
    """Introductions of these communities with the side they are seen from, oldest first: one query. What
    those propose whom one has blocked is left out while it is open."""
    if not mine:
        return []
    notes = IntroductionNote.objects.filter(introduction=OuterRef("pk"), side__isnull=False)
    found = (
        Introduction.objects.filter(Q(a__in=mine) | Q(b__in=mine), which)
        .defer("message", "decline_note")
        .annotate(
            last_side=Subquery(notes.order_by("-written_at", "-pk").values("side")[:1]),
            a_blocks=Exists(CommunityBlock.objects.filter(community=OuterRef("a"), blocked=OuterRef("b"))),
            b_blocks=Exists(CommunityBlock.objects.filter(community=OuterRef("b"), blocked=OuterRef("a"))),
        )
        .order_by("made_at", "pk")
    )
    return [
        Row(one, us, _step(one, us=us, last=one.last_side, now=now))
        for one in found
        for us, blocks in ((one.a_id, one.a_blocks), (one.b_id, one.b_blocks))
        if us in mine and not (blocks and one.is_open)
    ]


def open_line(row: Row, *, cards: dict[int, CommunityCard]) -> OpenLine:
    us, them = row.sides(cards)
    return OpenLine(
        pk=row.introduction.pk,
        us=us,
        them=them,
        step=row.step,
        made_at=row.introduction.made_at,
        expires_at=row.introduction.expires_at,
        is_facilitated=row.introduction.way == IntroductionWay.FACILITATED,
    )


def interests_of(mine: frozenset[int]) -> QuerySet[Interest]:
    """What these communities have said in private, newest first; for their stewards only."""
    return Interest.objects.filter(community__in=mine).order_by("-made_at", "-pk")


def interest_line(interest: Interest, *, cards: dict[int, CommunityCard]) -> InterestLine:
    return InterestLine(
        us=cards[interest.community_id], them=cards[interest.other_id], made_at=interest.made_at
    )


def _last_side(notes: tuple[IntroductionNote, ...]) -> int | None:
    return next((note.side_id for note in reversed(notes) if note.side_id), None)


def _steward_seats(introduction: Introduction) -> list[Membership]:
    return list(
        Membership.objects.filter(
            community__in=[introduction.a_id, introduction.b_id],
            community__closed_at__isnull=True,
            role=Role.STEWARD,
            person__is_active=True,
        )
        .select_related("person")
        .order_by("since", "pk")
    )


def _facilitates(person: Person) -> bool:
    return person.is_active and (person.is_facilitator or person.is_superuser)


def _is_paused(introduction: Introduction, *, us: int) -> bool:
    """Whether one side has blocked the other meanwhile. While a proposal is open, only the side that blocks
    is told: the other waits as if nobody had read it."""
    sides = [introduction.a_id, introduction.b_id]
    told = sides if introduction.state == IntroductionState.ACCEPTED else [us]
    return CommunityBlock.objects.filter(community__in=told, blocked__in=sides).exists()


def _contacts(
    introduction: Introduction, *, seats: list[Membership], us: int, is_paused: bool
) -> tuple[ContactLine, ...]:
    """The other side's stewards, once both have said yes, and while neither blocks the other."""
    if introduction.state != IntroductionState.ACCEPTED or not us or is_paused:
        return ()
    other = introduction.across(us)
    return tuple(
        ContactLine(name=seat.person.name, email=seat.person.email)
        for seat in seats
        if seat.community_id == other
    )


def _step(introduction: Introduction, *, us: int, last: int | None, now: dt.datetime) -> Step:
    if introduction.state == IntroductionState.ACCEPTED:
        return Step.MET
    if not introduction.is_open or introduction.is_overdue(now=now):
        return Step.OVER
    if not us:
        return Step.SIT_IN
    is_asked = introduction.state == IntroductionState.ASKED
    if introduction.answer_of(us) == Answer.NONE:
        return Step.ASKED if is_asked and last == us else Step.ANSWER
    return Step.REPLY if is_asked and last == introduction.across(us) else Step.WAIT


def _may_withdraw(introduction: Introduction, *, us: int, sits_in: bool, now: dt.datetime) -> bool:
    is_open = introduction.is_open and not introduction.is_overdue(now=now)
    return is_open and (introduction.proposer_id == us if us else sits_in)


def _may_write(introduction: Introduction, *, us: int, now: dt.datetime) -> bool:
    """The side that has proposed answers questions; everybody else may ask at any time while it is open."""
    if not introduction.is_open or introduction.is_overdue(now=now):
        return False
    return introduction.proposer_id != us or introduction.state == IntroductionState.ASKED or not us


def _keep_quiet(introduction: Introduction, *, notes: tuple[IntroductionNote, ...], us: int) -> None:
    """Take out of these rows, which are never saved, what tells a protected side that is not ours."""
    protected = [side for side in (introduction.a, introduction.b) if side.pk != us and side.is_safe_mode]

    def tells(text: str, *, by: int | None) -> bool:
        is_ours = bool(us) and by == us
        return not is_ours and any(told_in([text], community=side) for side in protected)

    instead, language = _("This text is hidden: it tells who needs protection now."), get_language() or "en"
    if tells(introduction.message, by=introduction.proposer_id):
        introduction.message, introduction.message_language = instead, language
    if tells(introduction.decline_note, by=introduction.declined_by_id):
        introduction.decline_note = instead
    for note in notes:
        if tells(note.text, by=note.side_id):
            note.text, note.language = instead, language


def _note_line(note: IntroductionNote, *, cards: dict[int, CommunityCard], us: int) -> NoteLine:
    return NoteLine(
        text=note.text,
        language=note.language,
        written_at=note.written_at,
        name=cards[note.side_id].name if note.side_id else "",
        is_ours=note.side_id == us,
    )
