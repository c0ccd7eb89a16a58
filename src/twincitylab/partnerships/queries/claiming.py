"""Which twinnings the town halls of a partnership can tell of, and what the atlas says of them so far."""

from typing import Any

from twincitylab.atlas.choices import TwinningKind
from twincitylab.atlas.models import City
from twincitylab.atlas.queries import twinning_between
from twincitylab.community.choices import CommunityKind
from twincitylab.community.models import Community, Person
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.visible import reachable_by
from twincitylab.partnerships.models import Partnership, Side
from twincitylab.partnerships.queries.workspaces import Workspace

FACTS = ("kind", "status", "since", "until", "reason")


def claimable_pairs(workspace: Workspace) -> list[tuple[City, City]]:
    """The pairs of cities, smaller id first, of which both town halls are sides here and verified."""
    communities = [one.side.community for one in workspace.active]
    cities = {
        one.city_id: one.city
        for one in communities
        if one.kind == CommunityKind.TOWN_HALL
        and one.verified_at is not None
        and one.closed_at is None
        and not one.is_safe_mode
    }
    ids = sorted(cities)
    return [(cities[a], cities[b]) for at, a in enumerate(ids) for b in ids[at + 1 :]]


def facts_known(a: City, b: City) -> dict[str, Any]:
    """What the atlas says of a twinning, as a first version of what the town halls say."""
    row = twinning_between(a, b)
    facts = {name: getattr(row, name) for name in FACTS} if row else {}
    unsaid = {
        "kind": TwinningKind.PARTNERSHIP.value,
        "status": "active",
        "since": None,
        "until": None,
        "reason": "",
    }
    return {"a": a.pk, "b": b.pk, **unsaid, **facts}


def town_halls_of(person: Person, city: City) -> list[Community]:
    """The town halls of a city that the person acts for."""
    return list(
        with_card_facts(
            Community.objects.filter(
                kind=CommunityKind.TOWN_HALL,
                city=city,
                closed_at__isnull=True,
                memberships__person=person,
                memberships__role="steward",
            )
        ).order_by("pk")
    )


def town_halls_seen(person: Person, city: City) -> list[CommunityCard]:
    """The town halls of a city that the person can see."""
    found = reachable_by(person).filter(
        kind=CommunityKind.TOWN_HALL, city=city, closed_at__isnull=True, is_safe_mode=False
    )
    return [card(one) for one in with_card_facts(found).order_by("pk")]


def partnership_between(first: int, second: int) -> Partnership | None:
    """A partnership that is not over in which both communities are sides now."""
    sides = Side.objects.filter(joined_at__isnull=False, left_at__isnull=True)
    return (
        Partnership.objects.filter(pk__in=sides.filter(community=first).values("partnership"))
        .filter(pk__in=sides.filter(community=second).values("partnership"))
        .exclude(stage="ended")
        .order_by("pk")
        .first()
    )
