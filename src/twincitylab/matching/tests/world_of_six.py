"""Six cities in three countries, by hand, for tests of the encoder and of *established*."""

import numpy as np

from twincitylab.atlas.queries import CityTable


def six_cities() -> CityTable:
    return CityTable(
        geonameid=np.array([10, 20, 30, 40, 50, 60], dtype=np.int64),
        population=np.array([300_000, 310_000, 20_000, 2_000_000, 90_000, 0], dtype=np.int64),
        latitude=np.array([49.0, 52.9, 48.6, 35.7, 34.7, -90.0]),
        longitude=np.array([8.4, -1.1, 7.8, 139.7, 135.5, 180.0]),
        sea_km=np.array([350.0, 90.0, 400.0, 5.0, 10.0, 0.0], dtype=np.float32),
        utc_offset=np.array([1.0, 0.0, 1.0, 9.0, 9.0, -3.5], dtype=np.float32),
        country=np.array([0, 1, 0, 2, 2, 1], dtype=np.int16),
        countries=("DE", "GB", "JP"),
        continents=("EU", "EU", "AS"),
        climate=np.array([1, 1, 1, 0, 0, 2], dtype=np.int8),
        climates=("Cfa", "Cfb", "EF"),
        languages=("de", "en", "ja"),
        language_share=np.array([[0.95, 0.6, 0.0], [0.05, 0.98, 0.0], [0.0, 0.1, 0.99]], dtype=np.float32),
        names=["Karlsruhe", "Nottingham", "Offenburg", "Tōkyō", "Ōsaka", "Tokyo"],
        slugs=["karlsruhe-de", "nottingham-gb", "offenburg-de", "tokyo-jp", "osaka-jp", "tokyo-gb"],
    )
