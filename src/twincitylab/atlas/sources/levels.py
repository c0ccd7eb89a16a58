"""Which level of the atlas would know a city that the atlas in use does not."""

import re
from collections.abc import Iterable

from twincitylab.atlas.sources.geonames import LEVELS, read_cities

_ID = re.compile(rb'"geonameid": ?(\d+)')


def lowest_level_that_knows(ids: Iterable[int], *, above: int) -> dict[int, int]:
    """For each id the level nearest to ``above`` that holds it; ids that no level holds are left out."""
    missing = set(ids)
    known: dict[int, int] = {}
    for level in LEVELS:
        if level >= above or not missing:
            continue
        # The ids alone, without reading the whole file as JSON: a fifth of a second instead of three.
        found = missing.intersection(map(int, _ID.findall(read_cities(level))))
        known.update(dict.fromkeys(found, level))
        missing -= found
    return known
