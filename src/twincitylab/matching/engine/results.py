"""What the engine answers with: frozen values that pages, the API and the command line only have to show."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class InvalidRequest(ValueError):  # noqa: N818 - a name a reader says, like UnknownCity
    """A question without an answer; ``field`` names the parameter, the message says what would be right."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class LanguageShare:
    """A language and the share (0 to 1) of a country's people who use it."""

    code: str
    name: str
    share: float


@dataclass(frozen=True)
class CityCard:
    """The facts of one city, in the reader's language.

    ``beside_name`` names the much larger city it lies beside, and is empty for most.
    """

    geonameid: int
    name: str
    slug: str
    country: str
    country_name: str
    continent: str
    continent_name: str
    population: int
    latitude: float
    longitude: float
    climate: str
    climate_words: str
    sea_km: float
    languages: tuple[LanguageShare, ...]
    twin_count: int
    timezone: str
    beside_name: str = ""


@dataclass(frozen=True)
class Rules:
    """What a preset demands beyond its weights; exact masks and caps, not scores."""

    abroad: bool = True
    per_country: int | None = 2
    other_continent: bool = False
    few_twinnings_first: bool = False
    learned: bool = False


@dataclass(frozen=True)
class Preset:
    """A way to look for partners that a visitor can choose by name."""

    key: str
    label: str
    sentence: str
    weights: Mapping[str, float]
    rules: Rules


@dataclass(frozen=True)
class BlockInfo:
    """One matching factor that a visitor can weigh: ``label`` for the slider, ``sentence`` explains it."""

    name: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Limits:
    """How far a question may go, the same at every door; a page shows fewer cities than a file may hold."""

    population: int = 100_000_000
    distance_km: int = 20_038
    top: int = 1000
    top_of_a_page: int = 100


LIMITS = Limits()


@dataclass(frozen=True)
class Filters:
    """What a visitor narrows the list to. Nothing set means no narrowing beyond the preset's rules."""

    country: str | None = None
    continent: str | None = None
    population_min: int | None = None
    population_max: int | None = None
    language: str | None = None
    distance_min_km: float | None = None
    distance_max_km: float | None = None
    has_communities: bool = False
    include_twinned: bool = False
    own_country: bool = False

    @property
    def is_narrowing(self) -> bool:
        """True when the list differs from the one for everyone."""
        return self != Filters()


@dataclass(frozen=True)
class Choice:
    """One entry of a drop-down."""

    value: str
    label: str


@dataclass(frozen=True)
class FilterChoices:
    """The values the filters may take, named in the reader's language and sorted by that name."""

    countries: tuple[Choice, ...]
    continents: tuple[Choice, ...]
    languages: tuple[Choice, ...]


@dataclass(frozen=True)
class Relaxation:
    """A filter that, dropped alone, would bring results: ``sentence`` says so, ``count`` how many cities."""

    field: str
    label: str
    count: int
    sentence: str


@dataclass(frozen=True)
class Reason:
    """One sentence why; ``block`` names the factor it comes from, ``strength`` (0 to 1) orders them."""

    block: str
    text: str
    strength: float

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class BlockShare:
    """How one factor speaks for a pair.

    ``value`` (0 to 1) is how well it fits, ``weight`` (they sum to 1) how much it counts here,
    ``contribution`` their product. ``here`` and ``there`` differ only for factors with a direction.
    """

    name: str
    label: str
    value: float
    weight: float
    contribution: float
    here: float
    there: float

    @property
    def percent(self) -> int:
        return round(100 * self.value)


class TwinningState(StrEnum):
    """What is known of a link between the two cities."""

    NONE = "none"
    KNOWN = "known"


@dataclass(frozen=True)
class TwinningFact:
    """What is known of a twinning, with its source."""

    kind: str
    kind_label: str
    status: str
    status_label: str
    since: int | None
    until: int | None
    reason: str
    source_title: str
    source_licence: str
    source_url: str
    earlier_sources: tuple[str, ...] = ()


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


class FairState(StrEnum):
    """Where the fair lists of a preset stand."""

    ABSENT = "absent"
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class FairProgress:
    """Where the fair lists of a preset stand; ``fraction`` runs from 0 to 1; ``sentence`` is fit to show."""

    preset: str
    state: FairState
    fraction: float
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    sentence: str

    @property
    def percent(self) -> int:
        return int(100 * self.fraction)


class Origin(StrEnum):
    """``fair``: from the rounds that serve every city; ``live``: the best for this city alone, now."""

    FAIR = "fair"
    LIVE = "live"


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


@dataclass(frozen=True)
class HoursSpan:
    """A stretch of hours on the 24-hour UTC clock, 0 <= start < 24, start < end <= start + 24."""

    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class HoursSeason:
    """A stretch of days on which the shared office hours stay the same."""

    first: dt.date
    last: dt.date
    difference: float
    shared_hours: float


@dataclass(frozen=True)
class WorkingHours:
    """Office hours (9 to 17) of two cities on one day and over the year.

    Offsets are hours ahead of UTC on that day; ``difference`` = b's clock minus a's. ``a``, ``b`` and
    ``shared`` are on the UTC clock; ``local_a`` and ``local_b`` say the shared hours on each side's own
    clock, such as "14:30–17:00".
    """

    day: dt.date
    timezone_a: str
    timezone_b: str
    offset_a: float
    offset_b: float
    difference: float
    a: HoursSpan
    b: HoursSpan
    shared: tuple[HoursSpan, ...]
    local_a: tuple[str, ...]
    local_b: tuple[str, ...]
    shared_hours: float
    seasons: tuple[HoursSeason, ...]
    sentence: str
    year_sentence: str

    @property
    def changes_over_the_year(self) -> bool:
        return len({season.shared_hours for season in self.seasons}) > 1


@dataclass(frozen=True)
class SharedLanguage:
    """A language people of both countries use, with the share in each."""

    code: str
    name: str
    share_a: float
    share_b: float


@dataclass(frozen=True)
class PresetScore:
    """How the pair stands under one preset; ``score`` is never above either benefit's mean."""

    preset: Preset
    score: float
    benefit_a: float
    benefit_b: float


@dataclass(frozen=True)
class TwinPath:
    """Twins of twins: ``a`` is twinned with ``via_a``, that with ``via_b``, and that with ``b``."""

    via_a: CityCard
    via_b: CityCard


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next."""

    key: str
    title: str
    sentence: str


@dataclass(frozen=True)
class PairAnalysis:
    """The potential of two cities: what they share, where they differ, what each has from the other.

    ``score``, ``benefit_a``, ``benefit_b`` and ``blocks`` are those of *Balanced*; ``scores`` has all
    presets. ``path_count`` and ``common_twin_count`` are totals; the tuples hold the first few, larger
    cities first.
    """

    a: CityCard
    b: CityCard
    score: float
    benefit_a: float
    benefit_b: float
    blocks: tuple[BlockShare, ...]
    scores: tuple[PresetScore, ...]
    shared: tuple[Reason, ...]
    differences: tuple[Reason, ...]
    hours: WorkingHours
    languages: tuple[SharedLanguage, ...]
    distance_km: float
    distance_sentence: str
    climate_sentence: str
    sea_sentence: str
    common_twins: tuple[CityCard, ...]
    common_twin_count: int
    paths: tuple[TwinPath, ...]
    path_count: int
    twinning: TwinningFact | None
    next_step: NextStep
    attribution: tuple[str, ...] = field(default=())
