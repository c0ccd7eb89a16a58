"""Where the facts come from: one runner; each source is data about itself plus a pure parse."""

from twincitylab.atlas.sources.card import SourceCard
from twincitylab.atlas.sources.files import package_version
from twincitylab.atlas.sources.geonames import LEVELS
from twincitylab.atlas.sources.levels import lowest_level_that_knows
from twincitylab.atlas.sources.runner import (
    CARDS,
    AtlasFacts,
    CityRow,
    city_table_from_sources,
    read_atlas,
    sources_digest,
)
from twincitylab.atlas.sources.slugs import assign_slugs
from twincitylab.atlas.sources.twinning_rows import FileProblem, TwinningLine, parse_twinnings

__all__ = [
    "CARDS",
    "LEVELS",
    "AtlasFacts",
    "CityRow",
    "FileProblem",
    "SourceCard",
    "TwinningLine",
    "assign_slugs",
    "city_table_from_sources",
    "lowest_level_that_knows",
    "package_version",
    "parse_twinnings",
    "read_atlas",
    "sources_digest",
]
