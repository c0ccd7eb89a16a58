"""CLDR: which share of a country's people uses which language, from the data of Babel."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from twincitylab.atlas.sources.card import SourceCard

CARD: Final = SourceCard(
    key="cldr",
    title="Unicode CLDR",
    licence="Unicode License v3",
    url="https://cldr.unicode.org/",
    attribution="Languages by share of people: Unicode CLDR, Unicode License v3, through the package Babel.",
    columns=("country", "language", "population_percent", "official_status"),
    package="babel",
)
# Official in a region only does not make a language official in the country.
OFFICIAL: Final = frozenset({"official", "de_facto_official"})


class LanguageRow(NamedTuple):
    """A language of a country."""

    country: str
    language: str
    share: float
    is_official: bool


def read_languages() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The territories of CLDR with their languages."""
    from babel.core import get_global

    return get_global("territory_languages")


def parse_languages(territories: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[LanguageRow]:
    """Rows ordered by country and language; a percentage above 100 counts as everybody."""
    return sorted(
        LanguageRow(
            country,
            language,
            min(max(float(facts["population_percent"]), 0.0), 100.0) / 100,
            facts["official_status"] in OFFICIAL,
        )
        for country, languages in territories.items()
        if len(country) == 2
        for language, facts in languages.items()
    )
