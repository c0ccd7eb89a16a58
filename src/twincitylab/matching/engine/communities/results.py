"""What matching communities answers with: frozen values that pages and the API only have to show."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from twincitylab.community.queries.cards import CommunityCard
from twincitylab.matching.engine.communities.levels import BENEFIT, Factor, Level, factor, level
from twincitylab.matching.engine.results import BlockShare, WorkingHours
from twincitylab.matching.engine.words import kilometres
from twincitylab.matching.queries.pair_states import Said


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


class Group(StrEnum):
    """Why a community stands where it stands in a list: the groups come in this order, each best first.

    FIRST: in the rounds, both stand among the first three of the other. ANSWER: an offer of theirs answers a
    need of this side. NEAR: none does, but much is alike. FULL: they have no room at the moment.
    """

    FIRST = "first"
    ANSWER = "answer"
    NEAR = "near"
    FULL = "full"


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
    None where one side hides its city. ``is_new``: it has changed since the rounds and was put in. ``said``
    is where both stand with each other, for stewards of this side only; None where nothing is open.
    """

    rank: int
    group: Group
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
    said: Said | None
    blocks: tuple[BlockShare, ...]

    @property
    def benefits(self) -> tuple[Level, Level]:
        """What this side and the other have from it, in words."""
        return level(self.benefit_here, bounds=BENEFIT), level(self.benefit_there, bounds=BENEFIT)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """How well each factor fits, in words: the same in a list and on the page of the pair."""
        return tuple(factor(block, shared_languages=len(self.shared_languages)) for block in self.blocks)

    @property
    def distance_words(self) -> str:
        """The distance as people say it: "9,200"."""
        return "" if self.distance_km is None else kilometres(self.distance_km)


@dataclass(frozen=True)
class Choices:
    """What a list could be narrowed to: for each filter the values that anybody has, with how many."""

    topic: Counter[str]
    kind: Counter[str]
    language: Counter[str]
    country: Counter[str]


@dataclass(frozen=True)
class CommunityMatchList:
    """The partners of one community, and where the list comes from. ``seeks``: it has said a need."""

    community: CommunityCard
    filters: CommunityFilters
    matches: tuple[CommunityMatch, ...]
    origin: ListOrigin
    note: str
    of: dt.datetime | None
    candidate_count: int
    is_silent: bool
    seeks: bool
    choices: Choices

    @property
    def groups(self) -> tuple[tuple[Group, tuple[CommunityMatch, ...]], ...]:
        """The matches by their groups, those without any left out."""
        parts = [(group, tuple(one for one in self.matches if one.group == group)) for group in Group]
        return tuple((group, part) for group, part in parts if part)

    @property
    def has_answers(self) -> bool:
        """Whether anybody answers a need of this community."""
        return any(match.gets for match in self.matches)

    @property
    def is_of_rounds(self) -> bool:
        return self.origin == ListOrigin.ROUNDS


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
