"""The rows by which cities are found: every name folded, the main one weighing more."""

from collections.abc import Iterable, Iterator

from twincitylab.atlas.rules import name_tier, name_weight
from twincitylab.base.text import fold

LONGEST_NAME = 200
NameRow = tuple[int, str, str, str, int, int]
NAME_COLUMNS = ("city_id", "country_id", "key", "name", "weight", "tier")


def name_rows(
    *, geonameid: int, country: str, population: int, main: str, others: Iterable[str]
) -> Iterator[NameRow]:
    """Rows (city, country, key, name, weight, tier) of one city: one for each different key."""
    names: dict[str, str] = {}
    main_key = fold(main)
    for name in (main, *others):
        key = fold(name)
        # Of names with one key show the main one, else the one with most accents: 'München', not 'Munchen'.
        if key and (key not in names or (names[key] != main and _accents(name) > _accents(names[key]))):
            names[key] = name[:LONGEST_NAME]
    heavy, light = (name_weight(population, is_main=is_main) for is_main in (True, False))
    standings = {True: (heavy, name_tier(heavy)), False: (light, name_tier(light))}
    for key, name in names.items():
        yield geonameid, country, key, name, *standings[key == main_key]


def _accents(name: str) -> int:
    return 0 if name.isascii() else len(name.encode()) - len(name)
