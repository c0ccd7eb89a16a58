"""What the engine answers with: frozen values that pages, the API and the command line only have to show."""

from twincitylab.matching.engine.results.cities import CityCard, LanguageShare
from twincitylab.matching.engine.results.fair import FairProgress, FairState
from twincitylab.matching.engine.results.fit import BlockShare, Reason
from twincitylab.matching.engine.results.hours import HoursSeason, HoursSpan, WorkingHours
from twincitylab.matching.engine.results.lists import Match, MatchList, Origin, Proof, Relaxation
from twincitylab.matching.engine.results.pairs import (
    NextStep,
    PairAnalysis,
    PresetScore,
    SharedLanguage,
    TwinningFact,
    TwinPath,
)
from twincitylab.matching.engine.results.questions import (
    COUNTRY_CODE,
    LIMITS,
    BlockInfo,
    Choice,
    FilterChoices,
    Filters,
    InvalidRequest,
    Limits,
    Preset,
    Rules,
)

__all__ = [
    "COUNTRY_CODE",
    "LIMITS",
    "BlockInfo",
    "BlockShare",
    "Choice",
    "CityCard",
    "FairProgress",
    "FairState",
    "FilterChoices",
    "Filters",
    "HoursSeason",
    "HoursSpan",
    "InvalidRequest",
    "LanguageShare",
    "Limits",
    "Match",
    "MatchList",
    "NextStep",
    "Origin",
    "PairAnalysis",
    "Preset",
    "PresetScore",
    "Proof",
    "Reason",
    "Relaxation",
    "Rules",
    "SharedLanguage",
    "TwinPath",
    "TwinningFact",
    "WorkingHours",
]
