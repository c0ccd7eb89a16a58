"""Partnerships as their people see them: which ones somebody has, and one with the reader's own side."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from twincitylab.community.choices import Role, Visibility
from twincitylab.community.models import Membership, Person
from twincitylab.community.queries.cards import CommunityCard, card
from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.models import Partnership, Side

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
    they are to it. A side that has left reads on and changes nothing."""

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


def partnerships_of(person: Person) -> QuerySet[Partnership]:
    """Every partnership in which a community of the person is or was a side, newest change first."""
    seats = Membership.objects.filter(person=person, community=OuterRef("community"))
    sides = Side.objects.filter(Exists(seats), partnership=OuterRef("pk"), joined_at__isnull=False)
    return Partnership.objects.filter(Exists(sides)).order_by("-changed_at", "-pk")


def workspaces_of(person: Person) -> tuple[Workspace, ...]:
    """The same as their people see them; four queries, however many there are."""
    found = partnerships_of(person).prefetch_related(_sides(seats_of=person))
    return tuple(one for one in (_seen(partnership, as_slug="") for partnership in found) if one is not None)


def workspace(slug: str, *, person: Person, as_slug: str = "") -> Workspace | None:
    """One partnership, for a member of one of its sides; None for anybody else, and where there is none.

    ``as_slug`` names the community to act for, where somebody belongs to several. Four queries: every page
    inside begins with them.
    """
    rows = Partnership.objects.filter(slug=slug).select_related("agreement")
    found = rows.prefetch_related(_sides(seats_of=person)).first()
    return _seen(found, as_slug=as_slug) if found is not None else None


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
    return published().filter(slug=slug).prefetch_related(_sides()).first()


def side_cards(partnership: Partnership) -> tuple[SideCard, ...]:
    """The sides in their order; read the partnership with its sides where there are many."""
    return tuple(
        SideCard(side, card(side.community)) for side in partnership.sides.all() if side.joined_at is not None
    )


def _sides(*, seats_of: Person | None = None) -> "Prefetch[str]":
    """The sides with what their cards show, in three queries, and what the person is in each."""
    # Who is only invited is not here yet, and nobody reads of it.
    rows = Side.objects.filter(joined_at__isnull=False).order_by("number")
    if seats_of is not None:
        seats = Membership.objects.filter(person=seats_of, community=OuterRef("community"))
        rows = rows.annotate(**{SEAT: Subquery(seats.values("role")[:1])})
    # As ``with_card_facts`` does it, one query shorter.
    rows = rows.select_related("community__city__country")
    return Prefetch("sides", queryset=rows.prefetch_related("community__topics", "community__languages"))


def _seen(partnership: Partnership, *, as_slug: str) -> Workspace | None:
    sides = side_cards(partnership)
    seats = {
        one.card.pk: Standing.STEWARD if seat == Role.STEWARD else Standing.MEMBER
        for one in sides
        if (seat := getattr(one.side, SEAT, None)) is not None
    }
    mine = [one for one in sides if one.card.pk in seats and one.side.joined_at is not None]
    if not mine:
        return None
    # Rather the community that was asked for, one that is still here, one the person acts for.
    ours = max(
        mine,
        key=lambda one: (one.card.slug == as_slug, one.side.is_active, seats[one.card.pk], -one.side.number),
    )
    return Workspace(partnership, sides, ours, seats[ours.card.pk])
