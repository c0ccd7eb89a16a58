"""Communities, what they seek and bring, and whom they could meet."""

import datetime as dt
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from twincitylab.api.parameters import Text
from twincitylab.api.schemas.atlas import AdviceOut, BlockOut, SourceOut
from twincitylab.community.choices import CommunitySize, Mode, NeedState, Visibility


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


# Longer than any text may be; the rules say how long each may, in a sentence.
Words = Annotated[str, Field(max_length=20_000)]
Entries = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=60)]
CityText = Annotated[Text, BeforeValidator(_number_as_text)]
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class Sent(Schema):
    """What a program sends: a misspelt name must not silently change nothing."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class CommunityOut(Schema):
    """A community as others see it. In safety mode ``name`` is another name than its own."""

    slug: str
    name: str
    kind: str
    kind_label: str
    purpose: str
    purpose_language: str
    country: str
    country_name: str
    city: str = Field(description="Empty where it is kept back.")
    city_slug: str
    latitude: float | None
    longitude: float | None
    topics: list[str]
    languages: list[str]
    modes: list[str]
    capacity: int = Field(description="How many new partnerships it can carry.")
    website: str
    since: int | None
    is_verified: bool
    is_safe_mode: bool
    is_demonstration: bool


class NeedOut(Schema):
    """What a community seeks (direction ``need``) or brings (``offer``)."""

    id: int = Field(alias="pk")
    direction: str
    topic: str
    topic_label: str
    kind: str
    kind_label: str
    text: str
    language: str
    urgency_label: str
    valid_until: dt.date | None
    is_open: bool
    is_over: bool
    created_at: dt.datetime


class EntryOut(Schema):
    """A community of a list with what it seeks and brings now."""

    community: CommunityOut
    needs: list[NeedOut]
    offers: list[NeedOut]


class CommunityPage(Schema):
    """One page of communities; for an empty one, what to leave out to find any."""

    count: int
    limit: int
    offset: int
    items: list[EntryOut]
    advice: list[AdviceOut]
    sources: list[SourceOut]
    all_sources: str


class VerificationOut(Schema):
    since: dt.datetime
    reason: str


class FactsOut(Schema):
    """All that stewards can say and change; ``city`` is a GeoNames id."""

    name: str
    city: int
    kind: str
    purpose: str
    topics: list[str]
    languages: list[str]
    about: str
    about_language: str
    website: str
    since: int | None
    size: str
    capacity: int
    modes: list[str]
    visibility: str
    is_safe_mode: bool
    pseudonym: str
    hides_city: bool


class CommunityDetail(EntryOut):
    """One community. ``standing`` is what the asker is to it; ``visibility`` is told to its members,
    ``revision`` and ``facts`` to its stewards, who need them to change it."""

    standing: str
    about: str
    about_language: str
    size_label: str
    local_time: str
    utc_offset: str
    verification: VerificationOut | None
    is_closed: bool
    visibility: str
    revision: int | None
    facts: FactsOut | None
    sources: list[SourceOut]
    all_sources: str


class CommunityChange(Sent):
    """What changes; all that is left out stays as it is. ``city``: GeoNames id, slug or name."""

    name: Words = ""
    city: CityText = ""
    kind: Words = ""
    purpose: Words = ""
    topics: Entries = Field(default_factory=list)
    languages: Entries = Field(default_factory=list)
    about: Words = ""
    about_language: Words = "en"
    website: Words = ""
    since: Whole | None = None
    size: Words = CommunitySize.TENS.value
    capacity: Whole = 1
    modes: Entries = Field(default_factory=lambda: [Mode.ONLINE.value])
    visibility: Words = Visibility.PUBLIC.value
    is_safe_mode: bool = False
    pseudonym: Words = ""
    hides_city: bool = False


class NewCommunity(CommunityChange):
    """A community to found."""

    name: Words
    city: CityText
    kind: Words
    purpose: Words
    topics: Entries
    languages: Entries


class ChangedCommunity(CommunityChange):
    """A change of what has this revision."""

    revision: Whole


class NeedDetail(Schema):
    """A need or an offer, whose it is, and its revision, which a change must name."""

    need: NeedOut
    state: str
    urgency: str
    revision: int
    community: CommunityOut


class NewNeedOut(Schema):
    """A need or an offer in the list of the newest."""

    need: NeedOut = Field(alias="line")
    community: CommunityOut = Field(alias="card")


class NewestNeeds(Schema):
    """The newest, of communities that may be listed; ``is_last`` where there are no older ones."""

    limit: int
    offset: int
    is_last: bool
    items: list[NewNeedOut]
    sources: list[SourceOut]
    all_sources: str


class NeedChange(Sent):
    """What changes; all that is left out stays as it is."""

    text: Words = ""
    topic: Words = ""
    kind: Words = ""
    language: Words = ""
    urgency: Words = Field("", description="Of a need: now, year or someday.")
    valid_until: dt.date | None = Field(None, description="The last day of an offer.")


class NewNeed(NeedChange):
    """A need or an offer to write down."""

    direction: Words = Field(description="need or offer")
    text: Words
    topic: Words
    kind: Words
    language: Words


class ChangedNeed(NeedChange):
    """A change of what has this revision; ``state``: open or taken."""

    revision: Whole
    state: NeedState = NeedState.OPEN


class TopicOut(Schema):
    topic: str
    label: str
    sdg_targets: list[str]


class TopicsOut(Schema):
    items: list[TopicOut]


class SuggestionOut(Schema):
    """A topic, and how much of what the text says speaks for it."""

    topic: str
    label: str
    strength: float


class SuggestionsOut(Schema):
    text: str
    items: list[SuggestionOut]


class WordsOut(Schema):
    """A need or an offer as somebody wrote it."""

    id: int = Field(alias="pk")
    text: str
    language: str
    topic_label: str
    kind_label: str
    urgency_label: str


class AnswerOut(Schema):
    """A need of one side and the offer of the other that answers it best; ``fit`` from 0 to 1."""

    need: WordsOut
    offer: WordsOut
    fit: float


class PartnerOut(Schema):
    """Another community as a partner: what this side would get and give."""

    rank: int
    community: CommunityOut = Field(alias="card")
    score: float
    benefit_here: float
    benefit_there: float
    gets: list[AnswerOut]
    gives: list[AnswerOut]
    shared_topics: list[str]
    shared_languages: list[str]
    shared_hours: float | None
    distance_km: float | None
    is_full: bool
    is_new: bool
    blocks: list[BlockOut]


class PartnersOut(Schema):
    """The partners of a community, and where the list comes from."""

    community: CommunityOut
    origin: str
    note: str
    of: dt.datetime | None
    candidate_count: int
    is_silent: bool = Field(description="It seeks and brings nothing yet.")
    matches: list[PartnerOut]
    sources: list[SourceOut]
    all_sources: str


class WorkingHoursOut(Schema):
    """Office hours from 9 to 17 of both sides on one day, and over the year."""

    shared_hours: float
    local_a: list[str]
    local_b: list[str]
    sentence: str
    year_sentence: str


class CommunityPairOut(Schema):
    """Two communities side by side, seen from the first."""

    here: CommunityOut
    match: PartnerOut
    other_needs: list[WordsOut]
    other_offers: list[WordsOut]
    own_needs: list[WordsOut]
    own_offers: list[WordsOut]
    hours: WorkingHoursOut | None
    is_same_city: bool
    sources: list[SourceOut]
    all_sources: str


class ContactPage(Schema):
    """One page of a community's own actor map, each with the columns of the file."""

    count: int
    limit: int
    offset: int
    items: list[dict[str, str]]
