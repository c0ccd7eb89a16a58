"""Finding a city by what is typed: any script, no accents, one mistake forgiven, larger cities first."""

from collections.abc import Iterable, Sequence

from twincitylab.atlas.models import City
from twincitylab.atlas.queries.name_index import (
    NameMatch,
    by_beginning,
    by_mistake,
    by_mistake_in_whole,
    by_region,
    cards,
)
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
# Somebody who typed the whole name of a city this heavy (as main name: 26,000 people) made no mistake.
SURELY_MEANT = 520
SHORTEST_WITH_A_MISTAKE = 4
LONGEST_COUNTRY_WORDS = 4
LONGEST_REGION_WORDS = 3
MOST_CHOICES = 10
# One of several namesakes is meant when it is twice as large as the next (100 times log10 of 2).
CLEARLY_LARGER = 30


def search_cities(text: str, *, limit: int = 10, country: str | None = None) -> list[CityHit]:
    """Cities with a name that begins with ``text``, best first; a handful of queries.

    ``country`` is a code or a name; 'Munich, Germany' and 'munich germany' name their country themselves,
    'Springfield, IL' and 'springfield illinois' their region.
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
        return city_by_id(int(text))
    by_slug = City.objects.select_related("country", "source").filter(slug=text.lower().replace("\x00", ""))
    if country is None and "-" in text and (city := by_slug.first()):
        return city
    matches, key = _find(text, country=country, limit=MOST_HITS)
    whole = [match for match in matches if match.is_whole]
    if not whole:
        raise UnknownCity(text, nearest=_hits(matches[:5], key=key))
    if len(whole) > 1 and whole[0].weight < whole[1].weight + CLEARLY_LARGER:
        raise AmbiguousCity(text, choices=_choices(whole, key=key))
    return city_by_id(whole[0].city_id)


def _choices(namesakes: list[NameMatch], *, key: str) -> list[CityHit]:
    """Largest first. Who has another main name must be about as weighty as the first to be meant at all."""
    least = namesakes[0].weight - CLEARLY_LARGER
    weighty = {match.city_id for match in namesakes if match.weight > least}
    hits = [hit for hit in _hits(namesakes, key=key) if hit.geonameid in weighty or fold(hit.name) == key]
    return sorted(hits, key=lambda hit: -hit.population)[:MOST_CHOICES]


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
        return _behind_comma(fold(head), tail=tail, limit=limit)
    return _with_spoken_country(fold(text), limit=limit)


def _behind_comma(key: str, *, tail: str, limit: int) -> tuple[list[NameMatch], str]:
    """IL is Israel and Illinois: the country counts where it has a city of that very name."""
    code = country_meant(tail)
    found = _in_order(key, country=code, limit=limit) if code else ([], "")
    if not any(match.is_whole for match in found[0]):
        in_region = _in_region([(key, fold(tail))], country=None)
        found = in_region if in_region[0] else found
    return found if found[0] else _in_order(key, country=None, limit=limit)


def _in_region(pairs: list[tuple[str, str]], *, country: str | None) -> tuple[list[NameMatch], str]:
    """Of several ways to part the words the one with the longest name counts."""
    found = by_region(pairs, country=country)
    longest = max((key for key, _match in found), key=len, default="")
    return _ranked(match for key, match in found if key == longest), longest


def _parted(words: list[str]) -> list[tuple[str, str]]:
    sizes = range(1, min(LONGEST_REGION_WORDS, len(words) - 1) + 1)
    return [(" ".join(words[:-size]), " ".join(words[-size:])) for size in sizes]


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
        in_region = _in_region(_parted(words), country=None)
        if in_region[0]:
            return in_region
    return _with_mistakes(matches, key=key, country=None, limit=limit), key


def _in_order(key: str, *, country: str | None, limit: int) -> tuple[list[NameMatch], str]:
    matches = _ranked(by_beginning(key, country=country, limit=limit)) if key else []
    in_region = ([], "") if matches else _in_region(_parted(key.split(" ")), country=country)
    if in_region[0]:
        return in_region
    return _with_mistakes(matches, key=key, country=country, limit=limit), key


def _with_mistakes(matches: list[NameMatch], *, key: str, country: str | None, limit: int) -> list[NameMatch]:
    """Behind what was typed, what may have been meant: whole names, or beginnings when nothing was found."""
    is_sure = any(match.is_whole and match.weight >= SURELY_MEANT for match in matches)
    if is_sure or len(matches) >= limit or len(key) < SHORTEST_WITH_A_MISTAKE:
        return matches
    if matches:
        meant = _ranked(by_mistake_in_whole(key, country=country, limit=limit))
    else:
        meant = _ranked(by_mistake(key, country=country))
    return _each_city_once([*matches, *(match._replace(is_whole=False) for match in meant)])


def _ranked(matches: Iterable[NameMatch]) -> list[NameMatch]:
    def order(match: NameMatch) -> tuple[int, int, int]:
        return -(match.weight + WHOLE_NAME_BONUS * match.is_whole), -match.population, match.city_id

    return _each_city_once(sorted(matches, key=order))


def _each_city_once(matches: Iterable[NameMatch]) -> list[NameMatch]:
    first: dict[int, NameMatch] = {}
    for match in matches:
        first.setdefault(match.city_id, match)
    return list(first.values())


def _hits(matches: Sequence[NameMatch], *, key: str) -> list[CityHit]:
    """The cities of the matches, in their order: one query."""
    ids = [match.city_id for match in matches]
    found = cards(ids, key=key) if ids else {}
    return [
        CityHit(
            geonameid=geonameid,
            slug=slug,
            name=name,
            country=country,
            country_name=country_name(country, english=english),
            population=population,
            matched_name=matched or name,
            region=region,
        )
        for geonameid, slug, name, country, english, population, matched, region in (
            found[i] for i in ids if i in found
        )
    ]
