"""What may be asked: the presets, the factors, the filters, their limits, and the refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


class InvalidRequest(ValueError):
    """A question without an answer; ``field`` names the parameter, the message says what would be right."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


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
    usual_top: int = 10
    weight: int = 100


LIMITS = Limits()
COUNTRY_CODE = r"^[A-Za-z]{2}$"


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

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The filters among the values of a form or an address; every filter must be there by its name."""
        return cls(**{one.name: values[one.name] for one in fields(cls)})

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
