"""Everything that reads the atlas."""

from twincitylab.atlas.queries.city_table import (
    STANDARD_TIME_YEAR,
    CityColumns,
    CityTable,
    assemble_city_table,
    city_table,
    standard_offset,
    twinning_pairs,
)
from twincitylab.atlas.queries.state import (
    AtlasMissing,
    AtlasState,
    atlas_fingerprint,
    atlas_state,
    require_atlas,
    sources,
    twinnings_fingerprint,
)

__all__ = [
    "STANDARD_TIME_YEAR",
    "AtlasMissing",
    "AtlasState",
    "CityColumns",
    "CityTable",
    "assemble_city_table",
    "atlas_fingerprint",
    "atlas_state",
    "city_table",
    "require_atlas",
    "sources",
    "standard_offset",
    "twinning_pairs",
    "twinnings_fingerprint",
]
