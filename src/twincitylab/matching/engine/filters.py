"""Narrowing a list: which cities may appear, and which filter to relax when none may."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from twincitylab.community.queries.directory_places import cities_with_communities
from twincitylab.matching.engine.facts import distances_km
from twincitylab.matching.engine.results import LIMITS, Filters, InvalidRequest, Preset, Relaxation
from twincitylab.matching.engine.words import number
from twincitylab.matching.engine.world import World

Mask = NDArray[np.bool_]

SPOKEN_BY = 0.1


def checked_filters(filters: Filters, *, world: World) -> Filters:
    """The filters in canonical spelling; raises ``InvalidRequest`` naming the one that cannot be."""
    table = world.table
    country = _one_of(filters.country, among=table.countries, field="country", spell=str.upper)
    continent = _one_of(filters.continent, among=table.continents, field="continent", spell=str.upper)
    language = _one_of(filters.language, among=table.languages, field="language", spell=str)
    for field in ("population_min", "population_max"):
        _check_number(getattr(filters, field), field=field, most=LIMITS.population)
    for field in ("distance_min_km", "distance_max_km"):
        _check_number(getattr(filters, field), field=field, most=LIMITS.distance_km)
    _check_order(filters.population_min, filters.population_max, field="population_min")
    _check_order(filters.distance_min_km, filters.distance_max_km, field="distance_min_km")
    return replace(filters, country=country, continent=continent, language=language)


def allowed_rows(row: int, *, preset: Preset, filters: Filters, world: World) -> Mask:
    """Which cities may stand in the list of the city in this row."""
    allowed = _alike(row, preset=preset, world=world)
    for field in _DEMANDS:
        demand = _demand(field, row, preset, filters, world)
        if demand is not None:
            allowed &= demand
    allowed[row] = False
    return allowed


def relaxations(
    row: int, *, preset: Preset, filters: Filters, world: World
) -> tuple[tuple[Relaxation, ...], str]:
    """For an empty list: the filters that, dropped alone, give cities, most helpful first, and a sentence."""
    demands = {field: _demand(field, row, preset, filters, world) for field in _DEMANDS}
    active = {field: demand for field, demand in demands.items() if demand is not None}
    found = []
    for field in active:
        rest = _alike(row, preset=preset, world=world)
        for other, demand in active.items():
            if other != field:
                rest &= demand
        rest[row] = False
        if count := int(rest.sum()):
            found.append(_relaxation(field, count=count))
    found.sort(key=lambda relaxation: -relaxation.count)
    if found:
        return tuple(found), found[0].sentence
    return (), _("No single filter is in the way: they do so together. Start again without filters.")


def _alike(row: int, *, preset: Preset, world: World) -> Mask:
    """Cities in the same setting: who lies beside a much larger city meets others who do.

    *Established* follows real twinnings, whatever the setting.
    """
    if preset.rules.learned:
        return np.ones(len(world.table), dtype=bool)
    is_beside = world.beside >= 0
    return np.asarray(is_beside == is_beside[row])


def filter_words(field: str) -> str:
    """How a filter is called."""
    return {
        "country": _("Country"),
        "continent": _("Continent"),
        "population_min": _("People, at least"),
        "population_max": _("People, at most"),
        "language": _("Language spoken there"),
        "distance_min_km": _("Kilometres, at least"),
        "distance_max_km": _("Kilometres, at most"),
        "has_communities": _("Have communities here"),
        "include_twinned": _("not yet twinned"),
        "own_country": _("only abroad"),
        "preset": _("another continent"),
    }[field]


def _relaxation(field: str, *, count: int) -> Relaxation:
    sentence = ngettext(
        "Without the filter “%(filter)s” there would be %(count)s city.",
        "Without the filter “%(filter)s” there would be %(count)s cities.",
        count,
    ) % {"filter": filter_words(field), "count": number(count)}
    return Relaxation(field, filter_words(field), count, sentence)


def _country(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if filters.country is None:
        return None
    return np.asarray(world.table.country == world.table.countries.index(filters.country))


def _continent(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if filters.continent is None:
        return None
    there = np.array([continent == filters.continent for continent in world.table.continents])
    return there[world.table.country]


def _language(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if filters.language is None:
        return None
    share = world.table.language_share[:, world.table.languages.index(filters.language)]
    return np.asarray((share >= SPOKEN_BY)[world.table.country])


def _population_min(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    return None if filters.population_min is None else world.table.population >= filters.population_min


def _population_max(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    return None if filters.population_max is None else world.table.population <= filters.population_max


def _distance_min(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if filters.distance_min_km is None:
        return None
    return distances_km(row, to=slice(None), world=world) >= filters.distance_min_km


def _distance_max(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if filters.distance_max_km is None:
        return None
    return distances_km(row, to=slice(None), world=world) <= filters.distance_max_km


def _has_communities(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if not filters.has_communities:
        return None
    # Those that anybody may find: a city tells of no community that does not stand in lists.
    return np.isin(world.table.geonameid, np.array(sorted(cities_with_communities()), dtype=np.int64))


def _untwinned(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if filters.include_twinned:
        return None
    fresh = np.ones(len(world.table), dtype=bool)
    fresh[world.twins(row)] = False
    return fresh


def _abroad(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    # Who asks for a country by name means it, even if it is the own one.
    if not preset.rules.abroad or filters.own_country or filters.country is not None:
        return None
    return np.asarray(world.table.country != world.table.country[row])


def _other_continent(row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    if not preset.rules.other_continent:
        return None
    return np.asarray(world.continent != world.continent[row])


_Demand = Callable[[int, Preset, Filters, World], Mask | None]
_DEMANDS: Mapping[str, _Demand] = {
    "country": _country,
    "continent": _continent,
    "language": _language,
    "population_min": _population_min,
    "population_max": _population_max,
    "distance_min_km": _distance_min,
    "distance_max_km": _distance_max,
    "has_communities": _has_communities,
    "include_twinned": _untwinned,
    "own_country": _abroad,
    "preset": _other_continent,
}


def _demand(field: str, row: int, preset: Preset, filters: Filters, world: World) -> Mask | None:
    return _DEMANDS[field](row, preset, filters, world)


def _one_of(
    value: str | None, *, among: tuple[str, ...], field: str, spell: Callable[[str], str]
) -> str | None:
    if value is None:
        return None
    spelled = spell(value.strip())
    if spelled not in among:
        message = {
            "country": _(
                "No city of the atlas is in “%(value)s”. Name a country by its two letters, such as FR."
            ),
            "continent": _("There is no continent “%(value)s”. Choose one of: %(names)s."),
            "language": _("No language “%(value)s” is known here. Name it by its code, such as de."),
        }[field]
        names = ", ".join(sorted(set(among)))
        raise InvalidRequest(message % {"value": value[:40], "names": names}, field=field)
    return spelled


def _check_number(value: float | None, *, field: str, most: int) -> None:
    if value is None:
        return
    if not math.isfinite(value) or value < 0:
        raise InvalidRequest(_("This must be a number, 0 or more."), field=field)
    if value > most:
        raise InvalidRequest(_("This must be at most %(le)s.") % {"le": number(most)}, field=field)


def _check_order(least: float | None, most: float | None, *, field: str) -> None:
    if least is not None and most is not None and least > most:
        raise InvalidRequest(_("The smallest must not be above the largest."), field=field)
