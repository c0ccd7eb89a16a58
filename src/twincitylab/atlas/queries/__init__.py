"""Everything that reads the atlas."""

from twincitylab.atlas.queries.city_table import (
    CityColumns,
    CityTable,
    assemble_city_table,
    city_table,
    standard_offset,
    twinning_pairs,
)

__all__ = [
    "CityColumns",
    "CityTable",
    "assemble_city_table",
    "city_table",
    "standard_offset",
    "twinning_pairs",
]
