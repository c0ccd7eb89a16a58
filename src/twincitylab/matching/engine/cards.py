"""The facts of a city in the reader's language, read from memory: no question to the database per city."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from django.utils.translation import get_language

from twincitylab.atlas.choices import Continent
from twincitylab.matching.engine.results import Choice, CityCard, FilterChoices, LanguageShare
from twincitylab.matching.engine.store import newest_world, world
from twincitylab.matching.engine.words import climate_words, country_name, language_name
from twincitylab.matching.engine.world import World

SMALLEST_SHARE_SHOWN = 0.02
MOST_CARDS = 40_000


def city_cards(geonameids: Iterable[int]) -> tuple[CityCard, ...]:
    """The cards of these cities; ids the atlas does not have are left out."""
    here = world()
    return tuple(card(row, world=here) for row in map(here.row, geonameids) if row is not None)


def known_cities(geonameids: Iterable[int]) -> set[int]:
    """Those of the ids that the atlas has."""
    here = world()
    return {geonameid for geonameid in geonameids if here.row(geonameid) is not None}


def card(row: int, *, world: World) -> CityCard:
    """The card of one row of the city table."""
    key = (get_language() or "en", row)
    found = world.cards.get(key)
    if found is None:
        if len(world.cards) >= MOST_CARDS:
            world.cards.clear()
        found = world.cards[key] = _card(row, world=world)
    return found


def _card(row: int, *, world: World) -> CityCard:
    table = world.table
    country = int(table.country[row])
    iso2, continent = table.countries[country], table.continents[country]
    climate = table.climates[int(table.climate[row])]
    return CityCard(
        geonameid=int(table.geonameid[row]),
        name=table.names[row],
        slug=table.slugs[row],
        country=iso2,
        country_name=country_name(iso2),
        continent=continent,
        continent_name=continent_name(continent),
        population=int(table.population[row]),
        latitude=float(table.latitude[row]),
        longitude=float(table.longitude[row]),
        climate=climate,
        climate_words=climate_words(climate),
        sea_km=float(table.sea_km[row]),
        languages=_languages(get_language() or "en", country, _Carried(world)),
        twin_count=int(world.twin_count[row]),
        timezone=world.timezones[int(world.timezone[row])],
        beside_name=table.names[world.beside[row]] if world.beside[row] >= 0 else "",
    )


def continent_name(code: str) -> str:
    return str(Continent(code).label) if code in Continent.values else code


def filter_choices() -> FilterChoices:
    """What the filters may be set to, with names in the reader's language."""
    return _filter_choices(get_language() or "en", _Carried(newest_world()))


class _Carried:
    """Carries a table into a cached function; two tables of one atlas are one."""

    def __init__(self, world: World) -> None:
        self.table, self.atlas = world.table, world.atlas

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Carried) and other.atlas == self.atlas

    def __hash__(self) -> int:
        return hash(self.atlas)


@lru_cache(maxsize=512)
def _languages(_reader: str, country: int, carried: _Carried) -> tuple[LanguageShare, ...]:
    table = carried.table
    line = table.language_share[country]
    order = np.argsort(-line, kind="stable")
    return tuple(
        LanguageShare(table.languages[code], language_name(table.languages[code]), float(line[code]))
        for code in order.tolist()
        if line[code] >= SMALLEST_SHARE_SHOWN
    )


@lru_cache(maxsize=16)
def _filter_choices(_reader: str, carried: _Carried) -> FilterChoices:
    table = carried.table
    used = set(np.unique(table.country).tolist())
    countries = [table.countries[number] for number in used]
    continents = {table.continents[number] for number in used}
    largest = table.language_share[sorted(used)].max(axis=0)
    languages = [code for code, share in zip(table.languages, largest, strict=True) if share >= 0.05]
    return FilterChoices(
        countries=_choices([(code, country_name(code)) for code in countries]),
        continents=_choices([(code, continent_name(code)) for code in continents]),
        languages=_choices([(code, language_name(code)) for code in languages]),
    )


def _choices(pairs: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in sorted(pairs, key=lambda pair: pair[1].casefold()))
