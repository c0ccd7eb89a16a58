"""The questions asked of the name index, in SQL that both databases answer from the index alone."""

import json
from typing import Any, NamedTuple

from django.db import connection

from twincitylab.atlas.queries.typos import begins_alike, variants
from twincitylab.atlas.rules import TIERS

# Sorts behind every letter, in the order of bytes as well.
LAST = "\U0010ffff"
# Beginnings that a mistake may have led to are many, so more of them are looked at than will be shown.
MISTAKE_ROWS = 60
ANY_TIER = f"tier IN ({', '.join(map(str, range(TIERS)))})"
_WHOLE = """SELECT * FROM (SELECT city_id, max(weight) AS weight, 1 AS whole FROM atlas_cityname
 WHERE {place} AND key = %s GROUP BY city_id ORDER BY weight DESC, city_id LIMIT %s) AS t"""
_BEGINNING = """SELECT * FROM (SELECT city_id, max(weight) AS weight, 0 AS whole FROM atlas_cityname
 WHERE {place} AND key >= %s AND key < %s GROUP BY city_id ORDER BY weight DESC, city_id LIMIT %s) AS t"""
_MISTAKE = """SELECT * FROM (SELECT n.city_id, n.weight, n.key FROM {texts} CROSS JOIN atlas_cityname AS n
 WHERE {place} AND n.key >= v.value AND n.key < v.value || %s
 ORDER BY n.weight DESC, n.city_id LIMIT %s) AS t"""
_INTACT = """SELECT max(length(v.value)) FROM {texts} WHERE EXISTS (
 SELECT 1 FROM atlas_cityname AS n WHERE {place} AND n.key >= v.value AND n.key < v.value || %s)"""


class NameMatch(NamedTuple):
    """A city found by one of its names."""

    city_id: int
    weight: int
    is_whole: bool


def by_beginning(key: str, *, country: str | None, limit: int) -> list[NameMatch]:
    """Cities with a name that is ``key``, then those with one that begins with it, by weight: one query.

    The tiers are asked one after the other, the heaviest first, and none behind the last row needed; otherwise
    the one letter 'a' would have to sort a tenth of all names.
    """
    place, values = _place(country)
    parts, arguments = [_WHOLE.format(place=place)], [*values, key, limit]
    for place, values in _steps(country):
        parts.append(_BEGINNING.format(place=place))
        arguments += [*values, key, key + LAST, limit]
    rows = _rows(" UNION ALL ".join(parts) + " LIMIT %s", [*arguments, 2 * limit])
    return [NameMatch(city_id, weight, bool(whole)) for city_id, weight, whole in rows]


def by_mistake(key: str, *, country: str | None) -> list[NameMatch]:
    """Cities with a name that begins with ``key`` but for one typing mistake, by weight: two queries."""
    place, values = _place(country)
    starts = [key[:length] for length in range(1, len(key) + 1)]
    sql = _INTACT.format(place=place, texts=_texts())
    ((intact,),) = _rows(sql, [_packed(starts), *values, LAST])
    packed = _packed(variants(key, intact=intact or 0))
    parts, arguments = [], []
    for place, values in _steps(country):
        parts.append(_MISTAKE.format(place=place, texts=_texts()))
        arguments += [packed, *values, LAST, MISTAKE_ROWS]
    rows = _rows(" UNION ALL ".join(parts) + " LIMIT %s", [*arguments, MISTAKE_ROWS])
    # Long texts are looked up by their beginning only.
    alike = [(city_id, weight) for city_id, weight, name in rows if begins_alike(name, text=key)]
    return [NameMatch(city_id, weight, is_whole=False) for city_id, weight in alike]


def _place(country: str | None) -> tuple[str, list[Any]]:
    return (ANY_TIER, []) if country is None else ("country_id = %s", [country])


def _steps(country: str | None) -> list[tuple[str, list[Any]]]:
    return [("tier = %s", [tier]) for tier in range(TIERS)] if country is None else [_place(country)]


def _texts() -> str:
    """Many texts as a table ``v`` with the column ``value``."""
    return "unnest(%s::text[]) AS v(value)" if connection.vendor == "postgresql" else "json_each(%s) AS v"


def _packed(texts: list[str]) -> object:
    return texts if connection.vendor == "postgresql" else json.dumps(texts)


def _rows(sql: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
