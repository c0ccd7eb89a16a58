"""What may be asked of each address, with the limits that keep nonsense away from the database."""

import uuid
from typing import Annotated

from ninja import Header, Path, Query, Schema
from pydantic import AfterValidator, Field

from twincitylab.atlas.choices import Continent, TwinningKind, TwinningStatus
from twincitylab.community.choices import CommunityKind, Direction, ExchangeKind, Topic
from twincitylab.community.models import LONGEST_TEXT
from twincitylab.matching.choices import DEFAULT_PRESET
from twincitylab.matching.engine.results import COUNTRY_CODE, LIMITS, Filters

MOST_PER_PAGE = 100
MOST_NEWEST = 1000
LARGEST_ID = 2**63 - 1


def storable(text: str) -> str:
    """The text, when a database can look for it."""
    if "\x00" in text:
        raise ValueError("a text must not contain NUL")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("a text must not contain halves of characters")
    return text


Text = Annotated[str, AfterValidator(storable), Field(max_length=200)]
Code = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=20)]
CountryCode = Annotated[str, Field(pattern=COUNTRY_CODE, description="ISO 3166 code of two letters.")]
People = Annotated[int, Field(ge=0, le=LIMITS.population)]
Kilometres = Annotated[float, Field(ge=0, le=LIMITS.distance_km, allow_inf_nan=False)]


class Page(Schema):
    """Which part of a long list."""

    limit: int = Field(20, ge=1, le=MOST_PER_PAGE)
    offset: int = Field(0, ge=0, le=10_000_000)


class CityFilter(Page):
    country: CountryCode | None = None
    population_min: People | None = None
    population_max: People | None = None


class TwinningFilter(Page):
    city: Text | None = Field(None, description="GeoNames id, slug or name.")
    country: CountryCode | None = None
    kind: TwinningKind | None = None
    status: TwinningStatus | None = None


class SearchQuery(Schema):
    q: Text = Field(min_length=1, description="The beginning of a name, in any script.")
    country: Text | None = None
    limit: int = Field(10, ge=1, le=50)


class MatchQuery(Schema):
    """How to look for partners: a preset or your own weights, and what to leave out."""

    preset: Code = DEFAULT_PRESET
    weights: Text | None = Field(
        None, description="Your own weights, 0 to 100 per factor, such as size:3,language:1."
    )
    top: int = Field(LIMITS.usual_top, ge=1, le=LIMITS.top_of_a_page)
    compare: Text | None = Field(None, description="One more city to score: GeoNames id, slug or name.")
    country: Code | None = None
    continent: Code | None = None
    population_min: People | None = None
    population_max: People | None = None
    language: Code | None = None
    distance_min_km: Kilometres | None = None
    distance_max_km: Kilometres | None = None
    has_communities: bool = False
    include_twinned: bool = False
    own_country: bool = False

    def filters(self) -> Filters:
        """The part that narrows the list, under the same names."""
        return Filters.of(self.model_dump())


class CommunityFilter(Page):
    """As on the page of all communities; an exchange or a direction is that of an open need or offer."""

    q: Text = Field("", description="Words, in any script, of its name, texts, topics, city.")
    topic: Topic | None = None
    direction: Direction | None = None
    exchange: ExchangeKind | None = None
    kind: CommunityKind | None = None
    language: Code | None = None
    city: Text = Field("", description="GeoNames id, slug or name.")
    country: CountryCode | None = None
    continent: Continent | None = None
    verified: bool = False


class NeedFilter(Schema):
    """The newest needs and offers; what is older is on the pages of their communities."""

    direction: Direction | None = None
    topic: Topic | None = None
    limit: int = Field(20, ge=1, le=MOST_PER_PAGE)
    offset: int = Field(0, ge=0, le=MOST_NEWEST)


class TopicQuery(Schema):
    text: str = Field(min_length=1, max_length=LONGEST_TEXT, description="What a need or an offer says.")
    language: Code | None = Field(None, description="A hint: words of all languages are found.")


class PartnerQuery(Schema):
    """What narrows the partners of a community."""

    top: int = Field(10, ge=1, le=50)
    topic: Topic | None = None
    kind: CommunityKind | None = None
    language: Code | None = None
    country: CountryCode | None = None


class SideQuery(Schema):
    """For which side, where somebody acts for both."""

    as_slug: Text = Field("", alias="as", description="The slug of your side, if both are yours.")


class InboxQuery(Page):
    unread: Annotated[bool, Field(description="Only what is not read yet.")] = False


class SourceFilter(Page):
    """Which sources."""


Slug = Text
Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Key = Annotated[
    uuid.UUID,
    Header(
        alias="Idempotency-Key",
        description="A UUID made anew for each thing that is created: sent twice, it is created once.",
    ),
]
Paging = Annotated[Page, Query()]
Communities = Annotated[CommunityFilter, Query()]
Needs = Annotated[NeedFilter, Query()]
Suggesting = Annotated[TopicQuery, Query()]
Partners = Annotated[PartnerQuery, Query()]
Side = Annotated[SideQuery, Query()]
Inbox = Annotated[InboxQuery, Query()]
Sources = Annotated[SourceFilter, Query()]
Cities = Annotated[CityFilter, Query()]
Twinnings = Annotated[TwinningFilter, Query()]
Search = Annotated[SearchQuery, Query()]
Matching = Annotated[MatchQuery, Query()]
