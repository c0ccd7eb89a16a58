"""What matching communities answers with: frozen values that pages and the API only have to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from twincitylab.community.queries.cards import CommunityCard
from twincitylab.matching.engine.results import BlockShare, WorkingHours
from twincitylab.matching.engine.words import kilometres


@dataclass(frozen=True)
class CommunityFilters:
    """What narrows a list: places in the vocabularies of communities, empty for all."""

    topic: str = ""
    kind: str = ""
    language: str = ""
    country: str = ""

    @property
    def is_narrowing(self) -> bool:
        return bool(self.topic or self.kind or self.language or self.country)


class ListOrigin(StrEnum):
    """Where a list comes from: the rounds that serve everybody, or computed for one community just now."""

    ROUNDS = "rounds"
    LIVE = "live"


@dataclass(frozen=True)
class Words:
    """A need or an offer as somebody wrote it."""

    pk: int
    text: str
    language: str
    topic_label: str
    kind_label: str
    urgency_label: str


@dataclass(frozen=True)
class Answer:
    """A need of one side and the offer of the other that answers it best; ``fit`` from 0 to 1."""

    need: Words
    offer: Words
    fit: float


@dataclass(frozen=True)
class CommunityMatch:
    """Another community as a partner.

    ``gets`` and ``gives`` are what this side would get and give, the best answer first. ``distance_km`` is
    None where one side hides its city. ``is_new``: it has changed since the rounds and was put in.
    """

    rank: int
    card: CommunityCard
    score: float
    benefit_here: float
    benefit_there: float
    gets: tuple[Answer, ...]
    gives: tuple[Answer, ...]
    shared_topics: tuple[str, ...]
    shared_languages: tuple[str, ...]
    shared_hours: float | None
    distance_km: float | None
    is_full: bool
    is_new: bool
    blocks: tuple[BlockShare, ...]

    @property
    def distance_words(self) -> str:
        """The distance as people say it: "9,200"."""
        return "" if self.distance_km is None else kilometres(self.distance_km)


@dataclass(frozen=True)
class CommunityMatchList:
    """The partners of one community, and where the list comes from."""

    community: CommunityCard
    filters: CommunityFilters
    matches: tuple[CommunityMatch, ...]
    origin: ListOrigin
    note: str
    of: dt.datetime | None
    candidate_count: int
    is_silent: bool


@dataclass(frozen=True)
class CommunityPair:
    """Two communities side by side, seen from the first: what it would get and give, and all else that each
    seeks and brings."""

    here: CommunityCard
    match: CommunityMatch
    other_needs: tuple[Words, ...]
    other_offers: tuple[Words, ...]
    own_needs: tuple[Words, ...]
    own_offers: tuple[Words, ...]
    hours: WorkingHours | None
    is_same_city: bool
