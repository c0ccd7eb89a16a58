"""What may be shown of a community, in the reader's language: its name and place leave this app only so."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from twincitylab.atlas.queries.words import country_name
from twincitylab.community.choices import CommunityKind, Mode, Topic
from twincitylab.community.models import Community


@dataclass(frozen=True)
class CommunityCard:
    """A community as others see it. In safety mode ``name`` is the pseudonym, ``website`` and ``since`` are
    empty, and ``city``, ``city_slug``, ``latitude`` and ``longitude`` are empty when the city is hidden."""

    pk: int
    slug: str
    name: str
    kind: str
    kind_label: str
    purpose: str
    purpose_language: str
    country: str
    country_name: str
    city: str
    city_slug: str
    latitude: float | None
    longitude: float | None
    topics: tuple[str, ...]
    topic_labels: tuple[str, ...]
    languages: tuple[str, ...]
    modes: tuple[Mode, ...]
    capacity: int
    website: str
    since: int | None
    is_verified: bool
    is_safe_mode: bool
    is_demonstration: bool


def with_card_facts(communities: QuerySet[Community]) -> QuerySet[Community]:
    """The same communities with all that a card needs: three queries, however many there are."""
    return communities.select_related("city__country").prefetch_related("topics", "languages")


def card(community: Community) -> CommunityCard:
    """The card of one community; read it through ``with_card_facts`` where there are many."""
    city = None if community.hides_city else community.city
    topics = tuple(sorted(line.topic for line in community.topics.all()))
    country = community.city.country
    return CommunityCard(
        pk=community.pk,
        slug=community.slug,
        name=community.shown_name,
        kind=community.kind,
        kind_label=str(CommunityKind(community.kind).label),
        purpose=community.purpose,
        purpose_language=community.about_language,
        country=country.iso2,
        country_name=country_name(country.iso2, english=country.name),
        city=city.name if city else "",
        city_slug=city.slug if city else "",
        latitude=city.latitude if city else None,
        longitude=city.longitude if city else None,
        topics=topics,
        topic_labels=tuple(str(Topic(topic).label) for topic in topics),
        languages=tuple(sorted(line.language for line in community.languages.all())),
        modes=community.modes,
        capacity=community.capacity,
        website="" if community.is_safe_mode else community.website,
        since=None if community.is_safe_mode else community.since,
        is_verified=community.verified_at is not None,
        is_safe_mode=community.is_safe_mode,
        is_demonstration=community.is_demonstration,
    )


def cards(communities: Iterable[Community]) -> tuple[CommunityCard, ...]:
    return tuple(card(community) for community in communities)
