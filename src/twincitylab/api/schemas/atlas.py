"""Cities, twinnings, matches of cities, and how the API speaks of itself."""

import datetime as dt
from typing import Literal

from ninja import Field, Schema


class SourceOut(Schema):
    """Where data came from; name it wherever you show the data."""

    title: str
    licence: str
    url: str
    attribution: str


class SourcePage(Schema):
    """One page of the sources of everything in the atlas."""

    count: int
    limit: int
    offset: int
    items: list[SourceOut]


class AddressOut(Schema):
    """An address of the API and what it answers."""

    method: str
    address: str
    summary: str


class IndexOut(Schema):
    """Where to go from here."""

    version: str
    addresses: list[AddressOut]
    docs: str
    openapi: str


class LanguageOut(Schema):
    code: str
    name: str
    share: float


class CityOut(Schema):
    """The facts of a city."""

    geonameid: int
    name: str
    slug: str
    country: str
    country_name: str
    continent: str
    population: int
    latitude: float
    longitude: float
    timezone: str
    climate: str
    climate_words: str
    sea_km: float
    twin_count: int
    beside: str = Field(description="The much larger city it lies beside; empty for most.")
    languages: list[LanguageOut]


class CityLine(Schema):
    """A city in a list."""

    geonameid: int
    name: str
    slug: str
    country: str = Field(alias="country_id")
    population: int
    latitude: float
    longitude: float


class CityPage(Schema):
    """One page of cities."""

    count: int
    limit: int
    offset: int
    items: list[CityLine]
    sources: list[SourceOut]
    all_sources: str


class TwinOut(Schema):
    """A twinning as one of its cities sees it."""

    city: CityLine
    kind: str
    status: str
    since: int | None
    until: int | None
    reason: str
    source: str


class CityDetail(Schema):
    """A city with its twinnings."""

    city: CityOut
    twinnings: list[TwinOut]
    sources: list[SourceOut]
    all_sources: str


class HitOut(Schema):
    """A city found by name, ``matched_name``; ``region`` is known in the United States only."""

    geonameid: int
    slug: str
    name: str
    country: str
    country_name: str
    population: int
    matched_name: str
    region: str


class SearchOut(Schema):
    query: str
    items: list[HitOut]
    sources: list[SourceOut]
    all_sources: str


class RulesOut(Schema):
    abroad: bool
    per_country: int | None
    other_continent: bool
    few_twinnings_first: bool
    learned: bool


class PresetOut(Schema):
    key: str
    label: str
    sentence: str
    weights: dict[str, float]
    rules: RulesOut


class FactorOut(Schema):
    """A factor that can be weighed."""

    name: str
    label: str
    sentence: str


class PresetsOut(Schema):
    presets: list[PresetOut]
    factors: list[FactorOut]


class FairListsOut(Schema):
    state: Literal["absent", "waiting", "running", "ready", "failed"]
    fraction: float
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    sentence: str


class CertificateOut(Schema):
    """Why a list is exact: no city left out can score above ``bound``."""

    exact: bool
    threshold: float
    bound: float
    examined: int


class BlockOut(Schema):
    """How one factor speaks for a pair; ``contribution`` is value times weight."""

    name: str
    label: str
    value: float
    weight: float
    contribution: float


class MatchOut(Schema):
    """A ranked candidate; ``score`` is the harmonic mean of both benefits."""

    rank: int
    city: CityOut
    score: float
    benefit_here: float
    benefit_there: float
    distance_km: float
    is_twinned: bool
    reasons: list[str]
    blocks: list[BlockOut]


class AdviceOut(Schema):
    """A filter that, dropped alone, would bring ``count`` cities."""

    filter: str
    count: int
    sentence: str


class MatchesOut(Schema):
    """The partners of a city."""

    city: CityOut
    preset: PresetOut
    weights: dict[str, float]
    is_personal: bool
    origin: Literal["fair", "live"]
    note: str
    fair_lists: FairListsOut
    certificate: CertificateOut | None
    candidate_count: int
    matches: list[MatchOut]
    advice: list[AdviceOut]
    advice_sentence: str
    compared: MatchOut | None
    sources: list[SourceOut]
    all_sources: str


class PresetScoreOut(Schema):
    preset: str
    score: float
    benefit_a: float
    benefit_b: float


class SeasonOut(Schema):
    first: dt.date
    last: dt.date
    shared_hours: float


class HoursOut(Schema):
    """Office hours from 9 to 17 of both cities on one day, and over the year."""

    day: dt.date
    timezone_a: str
    timezone_b: str
    offset_a: float
    offset_b: float
    shared_hours: float
    local_a: list[str]
    local_b: list[str]
    sentence: str
    year_sentence: str
    seasons: list[SeasonOut]


class SharedLanguageOut(Schema):
    code: str
    name: str
    share_a: float
    share_b: float


class TwinningFactOut(Schema):
    kind: str
    status: str
    since: int | None
    until: int | None
    reason: str
    source: str
    licence: str


class NextStepOut(Schema):
    key: str
    title: str
    sentence: str


class PairOut(Schema):
    """The potential of two cities for each other."""

    a: CityOut
    b: CityOut
    score: float
    benefit_a: float
    benefit_b: float
    blocks: list[BlockOut]
    scores: list[PresetScoreOut]
    shared: list[str]
    differences: list[str]
    hours: HoursOut
    languages: list[SharedLanguageOut]
    distance_km: float
    distance: str
    climate: str
    sea: str
    common_twins: list[CityOut]
    common_twin_count: int
    twins_of_twins: list[list[str]]
    twins_of_twins_count: int
    twinning: TwinningFactOut | None
    next_step: NextStepOut
    attribution: list[str]


class TwinningOut(Schema):
    """A twinning; ``a`` has the smaller GeoNames id."""

    a: CityLine
    b: CityLine
    kind: str
    status: str
    since: int | None
    until: int | None
    reason: str
    source: str


class TwinningPage(Schema):
    """One page of twinnings."""

    count: int
    limit: int
    offset: int
    items: list[TwinningOut]
    sources: list[SourceOut]
    all_sources: str


class CountryOut(Schema):
    iso2: str
    name: str
    continent: str
    population: int
    city_count: int
    twinning_count: int


class CountriesOut(Schema):
    items: list[CountryOut]
    sources: list[SourceOut]
    all_sources: str


class StatusOut(Schema):
    """What is loaded, and where the fair lists stand."""

    version: str
    city_count: int
    level: int
    loaded_at: dt.datetime
    fair_lists: dict[str, FairListsOut]


class ProblemOut(Schema):
    """What was wrong with one parameter."""

    field: str
    message: str


class RefusalOut(Schema):
    """An answer that is none: a sentence, and what would help."""

    message: str
    problems: list[ProblemOut]
    choices: list[HitOut]
