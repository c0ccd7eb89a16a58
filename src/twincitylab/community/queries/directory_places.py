"""Where the listed communities are: what maps and the pages of cities show of them."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet, Window

from twincitylab.atlas.models import City
from twincitylab.atlas.queries.words import country_name
from twincitylab.community.models import Community, CommunityLanguage, CommunityTopic
from twincitylab.community.queries.cards import CommunityCard, card
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
    """The cities of listed communities, by their number: two queries.

    Only for lists that start at ``listed_for``: those hold nobody who hides its city.
    """
    counts = dict(communities.order_by().values_list("city_id").annotate(count=Count("pk")))
    cities = City.objects.filter(pk__in=communities.order_by().values("city")).values_list(
        "pk", "slug", "name", "country", "country__name", "latitude", "longitude"
    )
    return [
        CityDot(pk, slug, name, iso2, country_name(iso2, english=english), latitude, longitude, counts[pk])
        for pk, slug, name, iso2, english, latitude, longitude in cities.order_by("pk")
        if pk in counts
    ]


def communities_in(city: int, person: AnyPerson, *, limit: int) -> CityCommunities:
    """What the page of a city lists, the newest first, without their topics and languages: one query."""
    found = (
        listed_for(person)
        .filter(city=city)
        .select_related("city__country")
        .prefetch_related(
            Prefetch("topics", CommunityTopic.objects.none()),
            Prefetch("languages", CommunityLanguage.objects.none()),
        )
        .annotate(total=Window(Count("pk")))
        .order_by("-pk")
    )
    first = list(found[:limit])
    return CityCommunities(tuple(map(card, first)), first[0].total if first else 0)


def cities_with_communities() -> frozenset[int]:
    """Cities in which anybody may find a community: one query."""
    return frozenset(listed_for(None).order_by().values_list("city_id", flat=True).distinct())


def community_counts(cities: list[int]) -> dict[int, int]:
    """How many communities anybody may find in each of some cities; cities without any are absent."""
    found = listed_for(None).filter(city__in=cities).order_by()
    return dict(found.values_list("city_id").annotate(count=Count("pk")))
