"""The cities with communities as the map draws them: those that the directory lists for the same reader."""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np

from twincitylab.community.queries.directory import Wanted, found_in_directory
from twincitylab.community.queries.directory_places import CityDot, city_dots
from twincitylab.community.rules.access import AnyPerson
from twincitylab.web.map_files import packed
from twincitylab.web.still_map import large_dots

# As the island tells sizes apart: few communities, or more.
SIZES = ((1, 114.0), (3, 126.0))


@dataclass(frozen=True)
class CommunityMap:
    """Cities ordered by country, then by how many communities they have; ``version`` changes with them."""

    dots: tuple[CityDot, ...]
    version: str

    def of_country(self, iso2: str) -> tuple[CityDot, ...]:
        """All of them, or those of one country."""
        return tuple(dot for dot in self.dots if iso2 in ("", dot.country))

    @property
    def counts(self) -> Counter[str]:
        """How many communities each country has."""
        counts: Counter[str] = Counter()
        for dot in self.dots:
            counts[dot.country] += dot.count
        return counts

    def file(self) -> bytes:
        """What the island reads."""
        return packed(
            np.array([dot.latitude for dot in self.dots]),
            np.array([dot.longitude for dot in self.dots]),
            size=np.array([_size(dot.count) for dot in self.dots]),
            countries=Counter(dot.country for dot in self.dots),
        )

    def picture(self, iso2: str) -> bytes:
        """What lies over the still land without scripts."""
        shown = self.of_country(iso2)
        return large_dots(
            np.array([dot.latitude for dot in shown]), np.array([dot.longitude for dot in shown])
        )


def community_map_of(person: AnyPerson, wanted: Wanted, *, today: dt.date) -> CommunityMap:
    """What the directory would list for this person, wherever it is: two queries."""
    found = found_in_directory(person, wanted.without("country"), today=today)
    dots = sorted(city_dots(found), key=lambda dot: (dot.country, -dot.count, dot.geonameid))
    told = repr([(dot.geonameid, dot.count) for dot in dots]).encode()
    return CommunityMap(tuple(dots), hashlib.blake2b(told, digest_size=8).hexdigest())


def _size(count: int) -> float:
    return next(size for least, size in reversed(SIZES) if count >= least)
