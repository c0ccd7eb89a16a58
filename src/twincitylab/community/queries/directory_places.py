"""Where the listed communities are: what maps and the pages of cities show of them."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from twincitylab.atlas.queries.words import country_name
from twincitylab.community.models import Community
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.visible import listed_for
from twincitylab.community.rules.access import AnyPerson


@dataclass(frozen=True)
class CityDot:
    """A city with the number of its communities in a list."""

    geonameid: int
    slug: str
    name: str
    country: str
    country_name: str
    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True)
class CityCommunities:
    """The first communities of a city, and how many there are."""

    cards: tuple[CommunityCard, ...]
    count: int


def city_dots(communities: QuerySet[Community]) -> list[CityDot]:
    """The cities of listed communities, the one with most first: one query.

    Only for lists that start at ``listed_for``: those hold nobody who hides its city.
    """
    rows = (
        communities.order_by()
        .values_list(
            "city_id",
            "city__slug",
            "city__name",
            "city__country_id",
            "city__country__name",
            "city__latitude",
            "city__longitude",
        )
        .annotate(count=Count("pk"))
        .order_by("-count", "city_id")
    )
    return [
        CityDot(pk, slug, name, iso2, country_name(iso2, english=english), latitude, longitude, count)
        for pk, slug, name, iso2, english, latitude, longitude, count in rows
    ]


def communities_in(city: int, person: AnyPerson, *, limit: int) -> CityCommunities:
    """What the page of a city lists: four queries, one for a city without communities."""
    listed = listed_for(person).filter(city=city)
    count = listed.count()
    if not count:
        return CityCommunities((), 0)
    first = with_card_facts(listed).order_by("-pk")[:limit]
    return CityCommunities(tuple(card(community) for community in first), count)


def cities_with_communities() -> frozenset[int]:
    """Cities in which anybody may find a community: one query."""
    return frozenset(listed_for(None).order_by().values_list("city_id", flat=True).distinct())


def community_counts(cities: list[int]) -> dict[int, int]:
    """How many communities anybody may find in each of some cities; cities without any are absent."""
    found = listed_for(None).filter(city__in=cities).order_by()
    return dict(found.values_list("city_id").annotate(count=Count("pk")))
