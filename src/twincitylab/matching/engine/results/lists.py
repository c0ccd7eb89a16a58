"""The ranked partners of a city."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from twincitylab.matching.engine.results.cities import CityCard
from twincitylab.matching.engine.results.fair import FairProgress
from twincitylab.matching.engine.results.fit import BlockShare, Reason
from twincitylab.matching.engine.results.questions import Filters, Preset


@dataclass(frozen=True)
class Match:
    """A ranked candidate. ``score``, at eye level, is the harmonic mean of what each has from the other."""

    rank: int
    city: CityCard
    score: float
    benefit_here: float
    benefit_there: float
    distance_km: float
    reasons: tuple[Reason, ...]
    blocks: tuple[BlockShare, ...]
    is_twinned: bool = False


@dataclass(frozen=True)
class Proof:
    """Why a live list is exact: no city left out scores above ``bound``; the last shown has ``threshold``."""

    exact: bool
    threshold: float
    bound: float
    examined: int
    sentence: str


class Origin(StrEnum):
    """``fair``: from the rounds that serve every city; ``live``: the best for this city alone, now."""

    FAIR = "fair"
    LIVE = "live"


@dataclass(frozen=True)
class Relaxation:
    """A filter that, dropped alone, would bring results: ``sentence`` says so, ``count`` how many cities."""

    field: str
    label: str
    count: int
    sentence: str


@dataclass(frozen=True)
class MatchList:
    """The ranked partners of one city and everything a page says about them.

    ``note`` tells in one sentence where the list comes from. ``weights`` are the effective ones (they sum
    to 1); ``is_personal`` is true when they are not the preset's. ``advice`` is filled only when ``matches``
    is empty. ``compared`` is the one city asked for by name. ``candidate_count`` counts the cities the
    filters let through.
    """

    city: CityCard
    preset: Preset
    weights: Mapping[str, float]
    is_personal: bool
    filters: Filters
    matches: tuple[Match, ...]
    origin: Origin
    note: str
    fair: FairProgress
    proof: Proof | None
    candidate_count: int
    advice: tuple[Relaxation, ...] = ()
    advice_sentence: str = ""
    compared: Match | None = None

    @property
    def country_count(self) -> int:
        return len({match.city.country for match in self.matches})
