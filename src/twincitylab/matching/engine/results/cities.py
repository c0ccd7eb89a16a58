"""The facts of one city."""

from dataclasses import dataclass


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
