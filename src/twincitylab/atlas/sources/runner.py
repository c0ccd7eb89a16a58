"""The one runner: reads every source and joins them into the facts of an atlas."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from twincitylab.atlas.queries import CityColumns, CityTable, assemble_city_table
from twincitylab.atlas.sources import cldr, climate, geonames
from twincitylab.atlas.sources.card import SourceCard
from twincitylab.atlas.sources.cldr import LanguageRow
from twincitylab.atlas.sources.files import package_version
from twincitylab.atlas.sources.geonames import LEVELS, CountryRow
from twincitylab.atlas.sources.slugs import assign_slugs

CARDS: Final[tuple[SourceCard, ...]] = (geonames.CARD, cldr.CARD, climate.CARD)
# Raise it when the same sources are to give other rows, so that installations load again.
RECIPE: Final = 2


class CityRow(NamedTuple):
    """All facts of a city; the slug is assigned later, over the whole atlas."""

    geonameid: int
    name: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int
    timezone: str
    climate: str
    sea_km: float
    region: str
    alternates: tuple[str, ...]


@dataclass(frozen=True)
class AtlasFacts:
    """Everything a level of the atlas is made of, ordered by id."""

    level: int
    countries: Sequence[CountryRow]
    languages: Sequence[LanguageRow]
    cities: Sequence[CityRow]
    digest: str


def _say_nothing(_message: str) -> None:
    return None


def read_atlas(level: int, *, say: Callable[[str], None] = _say_nothing) -> AtlasFacts:
    """Read all sources for the cities of at least ``level`` inhabitants."""
    say("cities")
    digest = sources_digest(level)
    regions = geonames.parse_states(geonames.read_states())
    places = geonames.parse_cities(geonames.read_cities(level), regions=regions)
    countries = geonames.parse_countries(geonames.read_countries())
    known = {country.iso2 for country in countries}
    places = [place for place in places if place.country in known]
    say("languages")
    languages = [row for row in cldr.parse_languages(cldr.read_languages()) if row.country in known]
    say("climate")
    raster = climate.parse_raster(climate.read_raster())
    latitude, longitude = [place.latitude for place in places], [place.longitude for place in places]
    zones = raster.climate(latitude, longitude)
    say("sea")
    distances = raster.sea_km(latitude, longitude).tolist()
    cities = [
        CityRow(*place[:8], climate=zone, sea_km=km, region=place.region, alternates=place.alternates)
        for place, zone, km in zip(places, zones, distances, strict=True)
    ]
    return AtlasFacts(level, countries, languages, cities, digest)


def sources_digest(level: int) -> str:
    """Changes whenever the sources of a level may give other facts; quick, as nothing is parsed."""
    digest = hashlib.blake2b(f"{RECIPE} {level} {package_version('babel')}".encode(), digest_size=16)
    places = (geonames.read_cities(level), geonames.read_countries(), geonames.read_states())
    for content in (*places, climate.read_raster()):
        digest.update(hashlib.blake2b(content).digest())
    return digest.hexdigest()


def city_table_from_sources(level: int = LEVELS[0]) -> CityTable:
    """The table that ``city_table()`` gives after a fresh load of the level, without a database."""
    facts = read_atlas(level)
    slugs = assign_slugs((c.geonameid, c.name, c.country, c.population, c.alternates) for c in facts.cities)
    return assemble_city_table(
        [
            CityColumns(
                c.geonameid, c.population, c.latitude, c.longitude, c.sea_km, c.timezone, c.country,
                c.climate, c.name, slugs[c.geonameid],
            )
            for c in facts.cities
        ],
        continents={country.iso2: country.continent for country in facts.countries},
        languages=[(row.country, row.language, row.share) for row in facts.languages],
    )  # fmt: skip
