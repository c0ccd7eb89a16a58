"""Writing countries, cities and names; the parts of one load."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from twincitylab.atlas.models import City, CityName, Country, CountryLanguage
from twincitylab.atlas.operations.bulk import delete_all, delete_by_id, insert_rows
from twincitylab.atlas.operations.names import NAME_COLUMNS, name_rows
from twincitylab.atlas.sources import AtlasFacts, CityRow, assign_slugs

CITY_SOURCE: Final = "geonames"
CITY_COLUMNS: Final = (
    "geonameid", "name", "country_id", "admin1", "latitude", "longitude", "population", "timezone", "climate",
    "sea_km", "region", "source_id", "slug",
)  # fmt: skip
CityValues = tuple[Any, ...]


def store_countries(facts: AtlasFacts) -> None:
    """Write all countries and replace their languages. A country is never removed."""
    Country.objects.bulk_create(
        [Country(**row._asdict(), source_id=CITY_SOURCE) for row in facts.countries],
        update_conflicts=True,
        unique_fields=["iso2"],
        update_fields=["iso3", "name", "continent", "population", "area_km2", "source"],
    )
    CountryLanguage.objects.all().delete()
    languages = [
        CountryLanguage(
            country_id=row.country, language=row.language, share=row.share, is_official=row.is_official
        )
        for row in facts.languages
    ]
    CountryLanguage.objects.bulk_create(languages, batch_size=2000)


def cities_to_keep(facts: AtlasFacts) -> list[CityRow]:
    """Towns that the new atlas does not hold but that a twinning, or anything else, refers to."""
    leaving = set(City.objects.values_list("geonameid", flat=True)) - {
        city.geonameid for city in facts.cities
    }
    if not leaving:
        return []
    referred: set[int] = set()
    references = list(_references_to_cities())
    _hold_still(model for model, _column in references)
    for model, column in references:
        referred.update(QuerySet(model).order_by().values_list(column, flat=True).distinct())
    kept = leaving & referred
    names: dict[int, list[str]] = {geonameid: [] for geonameid in kept}
    for geonameid, name in CityName.objects.order_by("id").values_list("city_id", "name").iterator():
        if geonameid in kept:
            names[geonameid].append(name)
    rows = City.objects.order_by("geonameid").values_list(*CITY_COLUMNS[:11])
    return [CityRow._make((*row, tuple(names[row[0]]))) for row in rows if row[0] in kept]


def store_cities(facts: AtlasFacts, *, kept: list[CityRow], progress: Callable[[float], None]) -> None:
    """Make the cities and their names exactly those of the facts and the kept ones."""
    cities = [*facts.cities, *kept]
    slugs = assign_slugs((c.geonameid, c.name, c.country, c.population, c.alternates) for c in cities)
    old: dict[int, CityValues] = {row[0]: row for row in City.objects.values_list(*CITY_COLUMNS)}
    new: dict[int, CityValues] = {c.geonameid: (*c[:11], CITY_SOURCE, slugs[c.geonameid]) for c in cities}
    delete_all("atlas_cityname")
    delete_by_id("atlas_city", column="geonameid", ids=sorted(old.keys() - new.keys()))
    _update([pk for pk in old.keys() & new.keys() if old[pk] != new[pk]], old=old, new=new)
    added = [row for pk, row in new.items() if pk not in old]
    insert_rows("atlas_city", columns=CITY_COLUMNS, rows=added, progress=lambda share: progress(0.2 * share))
    names = [
        row
        for city in cities
        for row in name_rows(
            geonameid=city.geonameid,
            country=city.country,
            population=city.population,
            main=city.name,
            others=city.alternates,
        )
    ]
    # In the order of the search index, which then grows at its end only.
    names.sort(key=lambda row: (row[5], row[2]))
    insert_rows(
        "atlas_cityname", columns=NAME_COLUMNS, rows=names, progress=lambda share: progress(0.3 + 0.7 * share)
    )


def _references_to_cities() -> Iterable[tuple[type[Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is City and model is not CityName:
                yield model, field.attname


def _hold_still(models: Iterable[type[Model]]) -> None:
    """Until the load is through, nobody refers to a city that is about to leave."""
    # SQLite's immediate transaction already shuts out a second writer.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in sorted({model._meta.db_table for model in models}):
                cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE MODE")


def _update(changed: list[int], *, old: Mapping[int, CityValues], new: Mapping[int, CityValues]) -> None:
    # A slug may pass from one city to another, so all that move let go of theirs first.
    moving = [City(geonameid=pk, slug=f"moving-{pk}") for pk in changed if old[pk][-1] != new[pk][-1]]
    City.objects.bulk_update(moving, ["slug"], batch_size=500)
    cities = [City(**dict(zip(CITY_COLUMNS, new[pk], strict=True))) for pk in changed]
    fields = [column.removesuffix("_id") for column in CITY_COLUMNS[1:]]
    City.objects.bulk_update(cities, fields, batch_size=500)
