"""Partnerships as their people see them: which ones somebody has, and one with the reader's own side."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from twincitylab.community.choices import Role, Visibility
from twincitylab.community.models import CommunityLanguage, CommunityTopic, Membership, Person
from twincitylab.community.queries.cards import CommunityCard, card
from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.models import Partnership, Side
from twincitylab.partnerships.rules.reading import READS_ON, reads_until

SEAT = "seat_of_the_reader"


@dataclass(frozen=True)
class SideCard:
    """A side: its row, its community as others see it, and its shore (a, b, then c, d …)."""

    side: Side
    card: CommunityCard

    @property
    def pk(self) -> int:
        return self.side.pk

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def shore(self) -> str:
        return "abcdefghij"[min(self.side.number, 9)]


@dataclass(frozen=True)
class Workspace:
    """A partnership as one of its people sees it. ``ours`` is the side they act for; ``standing`` is what
    they are to it. A side that has left reads on for some days and changes nothing."""

    partnership: Partnership
    sides: tuple[SideCard, ...]
    ours: SideCard
    standing: Standing

    @property
    def active(self) -> tuple[SideCard, ...]:
        return tuple(one for one in self.sides if one.side.is_active)

    @property
    def others(self) -> tuple[SideCard, ...]:
        return tuple(one for one in self.sides if one.pk != self.ours.pk)

    @property
    def may_write(self) -> bool:
        """Members record and talk while the partnership is not over."""
        is_over = self.partnership.stage == Stage.ENDED
        return self.ours.side.is_active and self.standing >= Standing.MEMBER and not is_over

    @property
    def may_bind(self) -> bool:
        """Stewards propose, consent and object."""
        return self.ours.side.is_active and self.standing == Standing.STEWARD

    def side(self, pk: int) -> SideCard | None:
        return next((one for one in self.sides if one.pk == pk), None)

    @property
    def reading_until(self) -> tuple[tuple[SideCard, dt.datetime], ...]:
        """The sides that have left and still read here, with when that is over."""
        found = ((one, _reads_until(self.partnership, one.side)) for one in self.sides)
        return tuple((one, last) for one, last in found if last is not None and last > timezone.now())

    @property
    def we_read_until(self) -> dt.datetime | None:
        return _reads_until(self.partnership, self.ours.side)


def partnerships_of(person: Person) -> QuerySet[Partnership]:
    """Every partnership that a community of the person may read, as a side that it is or was, newest change
    first."""
    seats = Membership.objects.filter(person=person, community=OuterRef("community"))
    at_the_end = Q(partnership__stage=Stage.ENDED, partnership__stage_since__lte=F("left_at"))
    may_read = Q(left_at__isnull=True) | Q(left_at__gt=timezone.now() - READS_ON) | at_the_end
    sides = Side.objects.filter(may_read, Exists(seats), partnership=OuterRef("pk"), joined_at__isnull=False)
    return Partnership.objects.filter(Exists(sides)).order_by("-changed_at", "-pk")


def workspaces_of(person: Person, *, card_facts: bool = True) -> tuple[Workspace, ...]:
    """The same as their people see them; four queries, however many there are, or two where the cards need
    neither topics nor languages."""
    rows = _sides(seats_of=person, topics=card_facts, languages=card_facts)
    found = partnerships_of(person).prefetch_related(Prefetch("sides", queryset=rows))
    seen = (_seen(partnership, side_cards(partnership), as_slug="") for partnership in found)
    return tuple(one for one in seen if one is not None)


def workspace(
    slug: str, *, person: Person, as_slug: str = "", topics: bool = False, languages: bool = True
) -> Workspace | None:
    """One partnership, for a member of one of its sides; None for anybody else, and where there is none.

    ``as_slug`` names the community to act for, where somebody belongs to several. Every page inside begins
    with it: one query, and one each where the cards of the sides hold their ``topics`` and ``languages``.
    """
    rows = _sides(seats_of=person, topics=topics, languages=languages).filter(partnership__slug=slug)
    found = list(rows.select_related("partnership__agreement"))
    if not found:
        return None
    partnership = found[0].partnership
    for side in found:
        side.partnership = partnership
    return _seen(partnership, tuple(SideCard(side, card(side.community)) for side in found), as_slug=as_slug)


def published() -> QuerySet[Partnership]:
    """Partnerships that all sides have published, and none of whose sides hides or is given up now: nothing
    else stands in any public page, list or count."""
    hiding = Side.objects.filter(
        Q(community__is_safe_mode=True)
        | ~Q(community__visibility=Visibility.PUBLIC)
        | Q(community__closed_at__isnull=False),
        partnership=OuterRef("pk"),
        joined_at__isnull=False,
    )
    return Partnership.objects.filter(~Exists(hiding), is_public=True)


def public_face(slug: str) -> Partnership | None:
    """A published partnership with its sides."""
    return published().filter(slug=slug).prefetch_related(Prefetch("sides", queryset=_sides())).first()


def side_cards(partnership: Partnership) -> tuple[SideCard, ...]:
    """The sides in their order; read the partnership with its sides where there are many."""
    return tuple(
        SideCard(side, card(side.community)) for side in partnership.sides.all() if side.joined_at is not None
    )


def _sides(*, seats_of: Person | None = None, topics: bool = True, languages: bool = True) -> QuerySet[Side]:
    """The sides with what their cards show, in three queries at most, and what the person is in each."""
    # Who is only invited is not here yet, and nobody reads of it.
    rows = Side.objects.filter(joined_at__isnull=False).order_by("number")
    if seats_of is not None:
        seats = Membership.objects.filter(person=seats_of, community=OuterRef("community"))
        rows = rows.annotate(**{SEAT: Subquery(seats.values("role")[:1])})
    # As ``with_card_facts`` does it, one query shorter.
    every_topic, every_language = CommunityTopic.objects.all(), CommunityLanguage.objects.all()
    return rows.select_related("community__city__country").prefetch_related(
        Prefetch("community__topics", queryset=every_topic if topics else every_topic.none()),
        Prefetch("community__languages", queryset=every_language if languages else every_language.none()),
    )


def _seen(partnership: Partnership, sides: tuple[SideCard, ...], *, as_slug: str) -> Workspace | None:
    seats = {
        one.card.pk: Standing.STEWARD if seat == Role.STEWARD else Standing.MEMBER
        for one in sides
        if (seat := getattr(one.side, SEAT, None)) is not None
    }
    mine = [one for one in sides if one.card.pk in seats and _may_read(partnership, one.side)]
    if not mine:
        return None
    # Rather the community that was asked for, one that is still here, one the person acts for.
    ours = max(
        mine,
        key=lambda one: (one.card.slug == as_slug, one.side.is_active, seats[one.card.pk], -one.side.number),
    )
    return Workspace(partnership, sides, ours, seats[ours.card.pk])


def _reads_until(partnership: Partnership, side: Side) -> dt.datetime | None:
    ended_at = partnership.stage_since if partnership.stage == Stage.ENDED else None
    return reads_until(side.left_at, ended_at=ended_at)


def _may_read(partnership: Partnership, side: Side) -> bool:
    last = _reads_until(partnership, side)
    return side.joined_at is not None and (last is None or last > timezone.now())
