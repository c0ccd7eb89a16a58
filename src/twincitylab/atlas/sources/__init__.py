"""Where the facts come from: one runner; each source is data about itself plus a pure parse."""

from twincitylab.atlas.sources.geonames import LEVELS
from twincitylab.atlas.sources.runner import (
    CARDS,
    AtlasFacts,
    CityRow,
    city_table_from_sources,
    read_atlas,
    sources_digest,
)

__all__ = [
    "CARDS",
    "LEVELS",
    "AtlasFacts",
    "CityRow",
    "city_table_from_sources",
    "read_atlas",
    "sources_digest",
]
