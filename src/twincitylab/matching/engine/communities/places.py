"""Where a community is, as far as it may be known: its city, or only its country."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from twincitylab.base.text import fold
from twincitylab.community.models import Community
from twincitylab.matching.engine.clocks import offset_hours
from twincitylab.matching.engine.communities.rows import largest_city
from twincitylab.matching.engine.store import newest_world
from twincitylab.matching.engine.words import country_name
from twincitylab.matching.engine.world import World


@dataclass(frozen=True)
class Place:
    """A row of the city table; where only the country may be known, that of its largest city."""

    row: int
    timezone: str
    is_country_only: bool

    def offset(self, now: dt.datetime) -> float:
        """Hours ahead of UTC on the day of ``now``."""
        return offset_hours(self.timezone, day=now.date())


def place_of(community: Community, *, world: World) -> Place | None:
    """The place of a community; None where the atlas in memory does not have its city."""
    if community.hides_city:
        row = largest_city(world, community.city.country_id)
    else:
        row = world.row(community.city_id)
    if row is None:
        return None
    return Place(row, world.timezones[int(world.timezone[row])], community.hides_city)


def country_choices() -> tuple[tuple[str, str], ...]:
    """The countries of the atlas as code and name, in the order of their names."""
    return _choices(newest_world().table.countries, get_language() or "en")


@lru_cache(maxsize=16)
def _choices(codes: tuple[str, ...], language: str) -> tuple[tuple[str, str], ...]:
    del language  # part of the key of the cache: the names are those of the reader's language
    return tuple(sorted(((code, country_name(code)) for code in codes), key=lambda pair: fold(pair[1])))
