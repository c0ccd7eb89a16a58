"""A small atlas of real cities for tests that need places but not all of them."""
# ruff: noqa: E501 - one city on one line

import datetime as dt

from twincitylab.atlas.models import AtlasLoad, City, CityName, Country, CountryLanguage, Source, Twinning
from twincitylab.atlas.operations.names import NAME_COLUMNS, name_rows

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

COUNTRIES = {
    # iso2: iso3, name, continent, people, area, languages
    "DE": ("DEU", "Germany", "EU", 83_000_000, 357_021.0, {"de": 0.91, "en": 0.64}),
    "FR": ("FRA", "France", "EU", 67_000_000, 547_030.0, {"fr": 1.0, "en": 0.39}),
    "GB": ("GBR", "United Kingdom", "EU", 66_000_000, 244_820.0, {"en": 0.98, "fr": 0.17}),
    "PL": ("POL", "Poland", "EU", 38_000_000, 312_685.0, {"pl": 0.96, "en": 0.33}),
    "HU": ("HUN", "Hungary", "EU", 9_700_000, 93_030.0, {"hu": 0.98, "en": 0.2}),
    "US": ("USA", "United States", "NA", 330_000_000, 9_629_091.0, {"en": 0.96, "es": 0.1}),
    "JP": ("JPN", "Japan", "AS", 126_000_000, 377_835.0, {"ja": 0.95}),
    "KE": ("KEN", "Kenya", "AF", 53_000_000, 582_650.0, {"sw": 0.9, "en": 0.2}),
    "EG": ("EGY", "Egypt", "AF", 100_000_000, 1_001_450.0, {"ar": 0.94, "en": 0.35}),
    "FJ": ("FJI", "Fiji", "OC", 900_000, 18_270.0, {"en": 0.2, "fj": 0.4}),
}

CITIES = (
    # id, name, slug, country, latitude, longitude, people, time zone, climate, km to the sea, other names
    (2892794, "Karlsruhe", "karlsruhe-de", "DE", 49.00937, 8.40444, 283_799, "Europe/Berlin", "Cfb", 447.0, ()),
    (2867714, "Munich", "munich-de", "DE", 48.13743, 11.57549, 1_260_391, "Europe/Berlin", "Cfb", 290.0, ("München", "ميونخ")),
    (2825297, "Stuttgart", "stuttgart-de", "DE", 48.78232, 9.17702, 589_793, "Europe/Berlin", "Cfb", 470.0, ()),
    (2990999, "Nancy", "nancy-fr", "FR", 48.68439, 6.18496, 105_334, "Europe/Paris", "Cfb", 330.0, ()),
    (2973783, "Strasbourg", "strasbourg-fr", "FR", 48.58392, 7.74553, 274_845, "Europe/Paris", "Cfb", 440.0, ()),
    (3031582, "Bordeaux", "bordeaux-fr", "FR", 44.84044, -0.5805, 231_844, "Europe/Paris", "Cfb", 45.0, ()),
    (2641170, "Nottingham", "nottingham-gb", "GB", 52.9536, -1.15047, 323_632, "Europe/London", "Cfb", 100.0, ()),
    (2644688, "Leeds", "leeds-gb", "GB", 53.79648, -1.54785, 455_123, "Europe/London", "Cfb", 80.0, ()),
    (2653822, "Cardiff", "cardiff-gb", "GB", 51.48, -3.18, 447_287, "Europe/London", "Cfb", 2.0, ()),
    (3094802, "Kraków", "krakow-pl", "PL", 50.06143, 19.93658, 804_237, "Europe/Warsaw", "Dfb", 480.0, ("Krakau", "Cracow")),
    (3083829, "Szczecin", "szczecin-pl", "PL", 53.42894, 14.55302, 407_811, "Europe/Warsaw", "Cfb", 60.0, ("Stettin",)),
    (3052009, "Győr", "gyor-hu", "HU", 47.68333, 17.63512, 129_301, "Europe/Budapest", "Cfb", 400.0, ("Raab",)),
    (4250542, "Springfield", "springfield-il-us", "US", 39.80172, -89.64371, 116_565, "America/Chicago", "Dfa", 900.0, ()),
    (4409896, "Springfield", "springfield-mo-us", "US", 37.21533, -93.29824, 166_810, "America/Chicago", "Cfa", 850.0, ()),
    (4951788, "Springfield", "springfield-ma-us", "US", 42.10148, -72.58981, 154_341, "America/New_York", "Dfa", 95.0, ()),
    (5391997, "San Francisco", "san-francisco-us", "US", 37.77493, -122.41942, 864_816, "America/Los_Angeles", "Csb", 1.0, ()),
    (1857910, "Kyoto", "kyoto-jp", "JP", 35.02107, 135.75385, 1_459_640, "Asia/Tokyo", "Cfa", 40.0, ("京都", "Kioto")),
    (1862415, "Hiroshima", "hiroshima-jp", "JP", 34.4, 132.45, 1_143_841, "Asia/Tokyo", "Cfa", 3.0, ("広島",)),
    (184745, "Nairobi", "nairobi-ke", "KE", -1.28333, 36.81667, 2_750_547, "Africa/Nairobi", "Cwb", 440.0, ()),
    (191245, "Kisumu", "kisumu-ke", "KE", -0.10221, 34.76171, 322_734, "Africa/Nairobi", "Af", 610.0, ()),
    (360630, "Cairo", "cairo-eg", "EG", 30.06263, 31.24967, 9_606_916, "Africa/Cairo", "BWh", 120.0, ("القاهرة", "Kairo")),
    (361058, "Alexandria", "alexandria-eg", "EG", 31.20176, 29.91582, 3_811_516, "Africa/Cairo", "BWh", 1.0, ()),
    (2198148, "Suva", "suva-fj", "FJ", -18.14161, 178.44149, 77_366, "Pacific/Fiji", "Af", 1.0, ()),
)  # fmt: skip

TWINNINGS = (
    (2892794, 2990999, 1955),
    (2641170, 2892794, 1969),
    (2867714, 2653822, None),
    (2990999, 3094802, 1991),
    (2198148, 5391997, None),
)


def store_sample_atlas() -> None:
    """Put the sample into an empty database."""
    source = Source.objects.create(
        key="geonames", title="GeoNames", licence="CC BY 4.0", url="https://www.geonames.org/", loaded_at=NOW
    )
    _store_countries(source)
    _store_cities(source)
    for first, second, since in TWINNINGS:
        a, b = sorted((first, second))
        Twinning.objects.create(a_id=a, b_id=b, since=since, source=source, imported_at=NOW)
    AtlasLoad.objects.create(
        level=15000, inputs="sample", fingerprint="sample", city_count=len(CITIES), finished_at=NOW
    )


def _store_countries(source: Source) -> None:
    for iso2, (iso3, name, continent, population, area, languages) in COUNTRIES.items():
        country = Country.objects.create(
            iso2=iso2,
            iso3=iso3,
            name=name,
            continent=continent,
            population=population,
            area_km2=area,
            source=source,
        )
        for language, share in languages.items():
            CountryLanguage.objects.create(
                country=country, language=language, share=share, is_official=share > 0.5
            )


def _store_cities(source: Source) -> None:
    for number, name, slug, country, lat, lon, population, zone, climate, sea, others in CITIES:
        City.objects.create(
            geonameid=number, name=name, slug=slug, country_id=country, latitude=lat, longitude=lon,
            population=population, timezone=zone, climate=climate, sea_km=sea, source=source,
        )  # fmt: skip
        rows = name_rows(geonameid=number, country=country, population=population, main=name, others=others)
        CityName.objects.bulk_create(CityName(**dict(zip(NAME_COLUMNS, row, strict=True))) for row in rows)
