"""Finding a city by what is typed: any script, no accents, one mistake forgiven, larger cities first."""

from collections.abc import Iterable, Sequence

from twincitylab.atlas.models import City, CityName
from twincitylab.atlas.queries.name_index import NameMatch, by_beginning, by_mistake
from twincitylab.atlas.queries.places import (
    AmbiguousCity,
    CityHit,
    UnknownCity,
    UnknownCountry,
    city_by_id,
)
from twincitylab.atlas.queries.words import country_meant, country_name
from twincitylab.base.text import fold

MOST_HITS = 50
LONGEST_TEXT = 200
# A name typed in full counts as much as the beginning of a name of a city 16 times larger.
WHOLE_NAME_BONUS = 120
# With fewer hits than this, mistakes are considered too.
ENOUGH_HITS = 3
SHORTEST_WITH_A_MISTAKE = 4
LONGEST_COUNTRY_WORDS = 4
# One of several namesakes is meant when it is three times as large as the next (100 times log10 of 3).
CLEARLY_LARGER = 48


def search_cities(text: str, *, limit: int = 10, country: str | None = None) -> list[CityHit]:
    """Cities with a name that begins with ``text``, best first; at most five queries, whatever is typed.

    ``country`` is a code or a name; 'Munich, Germany' and 'munich germany' name their country themselves.
    """
    limit = min(max(limit, 0), MOST_HITS)
    matches, key = _find(text, country=country, limit=limit)
    return _hits(matches[:limit], key=key)


def resolve_city(text: str, *, country: str | None = None) -> City:
    """The one city meant by a GeoNames id, a slug or a name, with its country and source.

    Raises UnknownCity, UnknownCountry (which is one) or AmbiguousCity.
    """
    text = text.strip()[:LONGEST_TEXT]
    if text.isascii() and text.isdigit():
        return city_by_id(int(text[:19]))
    by_slug = City.objects.select_related("country", "source").filter(slug=text.lower().replace("\x00", ""))
    if country is None and "-" in text and (city := by_slug.first()):
        return city
    matches, key = _find(text, country=country, limit=MOST_HITS)
    whole = [match for match in matches if match.is_whole]
    if not whole:
        raise UnknownCity(text, nearest=_hits(matches[:5], key=key))
    if len(whole) > 1 and whole[0].weight < whole[1].weight + CLEARLY_LARGER:
        raise AmbiguousCity(text, choices=_hits(whole[:10], key=key))
    return city_by_id(whole[0].city_id)


def _find(text: str, *, country: str | None, limit: int) -> tuple[list[NameMatch], str]:
    """Matches in order, each city once, and the key that found them."""
    text = text.strip()[:LONGEST_TEXT]
    if country:
        code = country_meant(country)
        if code is None:
            raise UnknownCountry(country)
        return _in_order(fold(text), country=code, limit=limit)
    head, comma, tail = text.rpartition(",")
    if comma and fold(head):
        code = country_meant(tail)
        found = _in_order(fold(head), country=code, limit=limit) if code else ([], "")
        return found if found[0] else _in_order(fold(head), country=None, limit=limit)
    return _with_spoken_country(fold(text), limit=limit)


def _with_spoken_country(key: str, *, limit: int) -> tuple[list[NameMatch], str]:
    words = key.split(" ")
    matches = _ranked(by_beginning(key, country=None, limit=limit)) if key else []
    if not matches:
        for size in range(1, min(LONGEST_COUNTRY_WORDS, len(words) - 1) + 1):
            code = country_meant(" ".join(words[-size:]))
            if code:
                name = " ".join(words[:-size])
                found = _in_order(name, country=code, limit=limit)
                if found[0]:
                    return found
    return _with_mistakes(matches, key=key, country=None), key


def _in_order(key: str, *, country: str | None, limit: int) -> tuple[list[NameMatch], str]:
    matches = _ranked(by_beginning(key, country=country, limit=limit)) if key else []
    return _with_mistakes(matches, key=key, country=country), key


def _with_mistakes(matches: list[NameMatch], *, key: str, country: str | None) -> list[NameMatch]:
    if len(matches) >= ENOUGH_HITS or len(key) < SHORTEST_WITH_A_MISTAKE:
        return matches
    return _each_city_once([*matches, *by_mistake(key, country=country)])


def _ranked(matches: Iterable[NameMatch]) -> list[NameMatch]:
    def order(match: NameMatch) -> tuple[int, int]:
        return -(match.weight + WHOLE_NAME_BONUS * match.is_whole), match.city_id

    return _each_city_once(sorted(matches, key=order))


def _each_city_once(matches: Iterable[NameMatch]) -> list[NameMatch]:
    first: dict[int, NameMatch] = {}
    for match in matches:
        first.setdefault(match.city_id, match)
    return list(first.values())


def _hits(matches: Sequence[NameMatch], *, key: str) -> list[CityHit]:
    """The cities of the matches in their order: two queries."""
    ids = [match.city_id for match in matches]
    if not ids:
        return []
    fields = ("geonameid", "slug", "name", "country_id", "country__name", "population")
    cities = {row[0]: row for row in City.objects.filter(geonameid__in=ids).values_list(*fields)}
    names = _names_by_key(ids, key=key)
    return [
        CityHit(
            geonameid=row[0],
            slug=row[1],
            name=row[2],
            country=row[3],
            country_name=country_name(row[3], english=row[4]),
            population=row[5],
            matched_name=names.get(row[0], row[2]),
        )
        for row in (cities[geonameid] for geonameid in ids if geonameid in cities)
    ]


def _names_by_key(ids: list[int], *, key: str) -> dict[int, str]:
    """For each city its weightiest, shortest name that begins with the key."""
    names = CityName.objects.filter(city_id__in=ids, key__startswith=key)
    best: dict[int, str] = {}
    for city_id, name in names.order_by("-weight", "key").values_list("city_id", "name"):
        best.setdefault(city_id, name)
    return best
