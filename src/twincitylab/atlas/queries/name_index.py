"""The questions asked of the name index, in SQL that both databases answer from the index alone."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from twincitylab.atlas.queries.typos import begins_alike, variants
from twincitylab.atlas.rules import TIERS
from twincitylab.base.text import fold

# Sorts behind every letter, in the order of bytes as well.
LAST = "\U0010ffff"
# All namesakes are looked at, as their order among each other is finer than the weight.
NAMESAKES = 100
# Names that begin like a text with a mistake are many, so more of them are looked at than will be shown.
MISTAKE_ROWS = 60
# Mistakes further behind leave so much of the beginning intact that it finds the name by itself.
REACH = 10
# Longer texts are compared as whole names without a mistake only.
LONGEST_MISTAKEN_NAME = 24
ANY_TIER = f"tier IN ({', '.join(map(str, range(TIERS)))})"
_WHOLE = """SELECT * FROM (SELECT city_id, max(weight) AS weight, 1 AS whole FROM atlas_cityname
 WHERE {place} AND key = %s GROUP BY city_id ORDER BY weight DESC, city_id LIMIT %s) AS t"""
_BEGINNING = """SELECT * FROM (SELECT city_id, max(weight) AS weight, 0 AS whole FROM atlas_cityname
 WHERE {place} AND key >= %s AND key < %s GROUP BY city_id ORDER BY weight DESC, city_id LIMIT %s) AS t"""
_MISTAKE = """SELECT * FROM (SELECT n.city_id, n.weight, n.key FROM {names}
 ORDER BY n.weight DESC, n.city_id LIMIT %s) AS t"""
# Weights are coarse, so the few that are found bring their population along.
_WITH_PEOPLE = """SELECT f.*, c.population FROM ({found}) AS f
 JOIN atlas_city AS c ON c.geonameid = f.city_id"""
_IN_REGIONS = """SELECT n.city_id, n.weight, n.key, c.population, c.admin1, c.region
 FROM atlas_cityname AS n JOIN atlas_city AS c ON c.geonameid = n.city_id
 WHERE {place} AND n.key IN ({marks}) AND c.region <> ''"""
# The cards of the cities found, with the weightiest name that begins with the key first.
_CARDS = """SELECT c.geonameid, c.slug, c.name, c.country_id, k.name, c.population, n.name, c.region
 FROM atlas_city AS c JOIN atlas_country AS k ON k.iso2 = c.country_id
 LEFT JOIN atlas_cityname AS n ON n.city_id = c.geonameid AND n.key >= %s AND n.key < %s
 WHERE c.geonameid IN ({marks}) ORDER BY n.weight DESC, n.key"""
# A single value with a limit rather than EXISTS, which PostgreSQL would answer by reading all names.
_INTACT = """SELECT max(length(v.value)) FROM {texts} WHERE (
 SELECT 1 FROM atlas_cityname AS n WHERE {place} AND n.key >= v.value AND n.key < v.value || %s
 LIMIT 1) = 1"""


class NameMatch(NamedTuple):
    """A city found by one of its names."""

    city_id: int
    weight: int
    is_whole: bool
    population: int


def by_beginning(key: str, *, country: str | None, limit: int) -> list[NameMatch]:
    """Cities with a name that is ``key``, then those with one that begins with it, by weight: one query.

    The tiers are asked one after the other, heaviest first, and none behind the last row needed: otherwise
    the one letter 'a' would have to sort a tenth of all names.
    """
    place, values = _place(country)
    whole, arguments = _WHOLE.format(place=place), [*values, key, max(limit, NAMESAKES)]
    parts = []
    for place, values in _steps(country):
        parts.append(_BEGINNING.format(place=place))
        arguments += [*values, key, key + LAST, limit]
    beginnings = " UNION ALL ".join(parts)
    sql = f"{whole} UNION ALL SELECT * FROM ({beginnings} LIMIT %s) AS t"  # noqa: S608 - constants only
    rows = _rows(_WITH_PEOPLE.format(found=sql), [*arguments, limit])
    return [NameMatch(city_id, weight, bool(whole), people) for city_id, weight, whole, people in rows]


def by_region(asked: Iterable[tuple[str, str]], *, country: str | None) -> list[tuple[str, NameMatch]]:
    """Cities whose name is the first key of a pair and whose region or its code is the second: one query.

    Each comes with the key of its name.
    """
    pairs = set(asked)
    keys = sorted({name for name, _region in pairs if name})
    if not keys:
        return []
    place, values = _place(country)
    sql = _IN_REGIONS.format(
        place=place.replace("country_id", "n.country_id"), marks=", ".join(["%s"] * len(keys))
    )
    return [
        (key, NameMatch(city_id, weight, is_whole=True, population=people))
        for city_id, weight, key, people, code, region in _rows(sql, [*values, *keys])
        if (key, fold(region)) in pairs or (key, fold(code)) in pairs
    ]


def by_mistake(key: str, *, country: str | None) -> list[NameMatch]:
    """Cities with a name that begins with ``key`` but for one typing mistake, by weight: two queries."""
    start = key[:REACH]
    texts = variants(start, intact=_intact(start, country=country))
    if start != key:
        texts.append(start)
    packed = _packed(texts)
    parts, arguments = [], []
    for place, values in _steps(country):
        condition = f"{place} AND n.key >= v.value AND n.key < v.value || %s"
        parts.append(_MISTAKE.format(names=_names_for_texts(condition)))
        arguments += [packed, *values, LAST, MISTAKE_ROWS]
    found = " UNION ALL ".join(parts) + " LIMIT %s"
    rows = _rows(_WITH_PEOPLE.format(found=found), [*arguments, MISTAKE_ROWS])
    return [
        NameMatch(city_id, weight, abs(len(name) - len(key)) <= 1, people)
        for city_id, weight, name, people in rows
        if begins_alike(name, text=key)
    ]


def by_mistake_in_whole(key: str, *, country: str | None, limit: int) -> list[NameMatch]:
    """Cities with a name that is ``key`` but for one typing mistake, by weight: two queries."""
    if len(key) > LONGEST_MISTAKEN_NAME:
        return []
    packed = _packed(variants(key, intact=_intact(key, country=country)))
    place, values = _place(country)
    sql = _MISTAKE.format(names=_names_for_texts(f"{place} AND n.key = v.value"))
    rows = _rows(_WITH_PEOPLE.format(found=sql), [packed, *values, limit])
    return [
        NameMatch(city_id, weight, is_whole=True, population=people) for city_id, weight, _key, people in rows
    ]


def cards(ids: list[int], *, key: str) -> dict[int, tuple[Any, ...]]:
    """Rows (id, slug, name, country, its English name, people, matched name or None, region): one query."""
    sql = _CARDS.format(marks=", ".join(["%s"] * len(ids)))
    best: dict[int, tuple[Any, ...]] = {}
    for row in _rows(sql, [key, key + LAST, *ids]):
        best.setdefault(row[0], row)
    return best


def _intact(key: str, *, country: str | None) -> int:
    """How many first letters of the text begin any name at all."""
    place, values = _place(country)
    starts = _packed([key[:length] for length in range(1, len(key) + 1)])
    ((longest,),) = _rows(_INTACT.format(place=place, texts=_texts()), [starts, *values, LAST])
    return longest or 0


def _place(country: str | None) -> tuple[str, list[Any]]:
    return (ANY_TIER, []) if country is None else ("country_id = %s", [country])


def _steps(country: str | None) -> list[tuple[str, list[Any]]]:
    return [("tier = %s", [tier]) for tier in range(TIERS)] if country is None else [_place(country)]


def _texts() -> str:
    """Many texts as a table ``v`` with the column ``value``."""
    return "unnest(%s::text[]) AS v(value)" if connection.vendor == "postgresql" else "json_each(%s) AS v"


def _names_for_texts(condition: str) -> str:
    """The names ``n`` for each of many texts ``v``, looked up text by text in the index."""
    if connection.vendor == "postgresql":
        names = f"SELECT city_id, weight, key FROM atlas_cityname n WHERE {condition}"  # noqa: S608 - of our own
        return f"{_texts()} CROSS JOIN LATERAL ({names} ORDER BY weight DESC LIMIT {MISTAKE_ROWS}) AS n"
    return f"{_texts()} CROSS JOIN atlas_cityname AS n WHERE {condition}"


def _packed(texts: list[str]) -> object:
    return texts if connection.vendor == "postgresql" else json.dumps(texts)


def _rows(sql: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
