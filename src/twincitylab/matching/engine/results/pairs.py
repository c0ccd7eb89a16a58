"""The potential of two cities for each other."""

from dataclasses import dataclass

from twincitylab.matching.engine.results.cities import CityCard
from twincitylab.matching.engine.results.fit import BlockShare, Reason
from twincitylab.matching.engine.results.hours import WorkingHours
from twincitylab.matching.engine.results.questions import Preset


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
    attribution: tuple[str, ...] = ()
