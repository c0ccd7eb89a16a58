"""The communities in which a person has a seat, and who acts for a community."""

from dataclasses import dataclass

from django.db.models import QuerySet

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Membership, Person
from twincitylab.community.queries.cards import CommunityCard, card


@dataclass(frozen=True)
class MyCommunity:
    """One community of a person, and what the person is in it."""

    card: CommunityCard
    role: Role
    visibility_label: str

    @property
    def is_steward(self) -> bool:
        return self.role is Role.STEWARD


def seats(person: Person) -> QuerySet[Membership]:
    """The person's seats in communities that are not closed, the oldest first."""
    return (
        Membership.objects.filter(person=person, community__closed_at__isnull=True)
        .select_related("community")
        .order_by("since", "pk")
    )


def given_up(person: Person) -> tuple[Community, ...]:
    """The closed communities in which the person has a seat, the last closed first: one query."""
    mine = Community.objects.filter(memberships__person=person, closed_at__isnull=False)
    return tuple(mine.order_by("-closed_at", "-pk"))


def stewards(community: Community) -> QuerySet[Person]:
    """Those who act for the community, the longest-serving first."""
    return Person.objects.filter(
        memberships__community=community, memberships__role=Role.STEWARD, is_active=True
    ).order_by("memberships__since", "pk")


def my_communities(person: Person) -> tuple[MyCommunity, ...]:
    """What the person's own page lists: three queries, however many there are."""
    rows = (
        seats(person)
        .select_related("community__city__country")
        .prefetch_related("community__topics", "community__languages")
    )
    return tuple(
        MyCommunity(
            card=card(seat.community),
            role=Role(seat.role),
            visibility_label=str(seat.community.get_visibility_display()),
        )
        for seat in rows
    )
