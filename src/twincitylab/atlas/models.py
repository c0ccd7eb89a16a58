"""Countries, cities, their names, twinnings, and where each row came from."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q

from twincitylab.atlas.choices import Continent, SourceKind, TwinningKind, TwinningStatus

EARLIEST_TWINNING_YEAR = 800
LATEST_TWINNING_YEAR = 2100


class Source(models.Model):
    """Where data came from, shown wherever the data is shown."""

    key = models.SlugField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=10, choices=SourceKind, default=SourceKind.PLACES)
    title = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    url = models.URLField(blank=True)
    version = models.CharField(max_length=60, blank=True)
    attribution = models.TextField(blank=True)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class AtlasLoad(models.Model):
    """One finished load of the atlas. The newest row describes the atlas in use."""

    level = models.PositiveIntegerField(help_text="Smallest population asked for: 15000, 5000, 1000 or 500.")
    inputs = models.CharField(max_length=64, help_text="Digest of the sources and the level asked for.")
    fingerprint = models.CharField(
        max_length=64, help_text="Digest of the loaded facts; equal facts, equal digest."
    )
    city_count = models.PositiveIntegerField()
    finished_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.city_count} cities at level {self.level}"


class Country(models.Model):
    """A country or territory by its ISO 3166 code."""

    iso2 = models.CharField(primary_key=True, max_length=2)
    iso3 = models.CharField(max_length=3)
    name = models.CharField(max_length=80, help_text="English short name.")
    continent = models.CharField(max_length=2, choices=Continent)
    population = models.BigIntegerField()
    area_km2 = models.FloatField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class CountryLanguage(models.Model):
    """The share of a country's people that uses a language (CLDR)."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=20, help_text="CLDR language code, such as 'de' or 'zh_Hant'.")
    share = models.FloatField(help_text="0 to 1; shares of one country may add up to more than 1.")
    is_official = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["country", "language"], name="one_row_per_country_and_language"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="language_share_is_a_share"),
        )

    def __str__(self) -> str:
        return f"{self.language} in {self.country_id}: {self.share:.0%}"


class City(models.Model):
    """A real place by its GeoNames id."""

    geonameid = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="cities")
    admin1 = models.CharField(max_length=20, blank=True, help_text="First-order division code of GeoNames.")
    region = models.CharField(
        max_length=80, blank=True, help_text="Name of the division, for the United States only."
    )
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.BigIntegerField()
    timezone = models.CharField(max_length=40, help_text="IANA name.")
    climate = models.CharField(max_length=3, help_text="Köppen-Geiger class.")
    sea_km = models.FloatField(help_text="Distance to the nearest sea in kilometres.")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="city_is_on_earth",
            ),
        )
        indexes = (models.Index(fields=["country", "-population"], name="city_by_country_and_size"),)

    def __str__(self) -> str:
        return self.name


class KeyField(models.CharField[str, str]):
    """Text in the order of its bytes on every database, so that names with one beginning stand together."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class CityName(models.Model):
    """One way to write a city's name. Found by the beginning of its key, the weightiest tier first."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="other_names", db_index=False)
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = KeyField(max_length=100, help_text="The folded name: small letters, no accents, no punctuation.")
    name = models.CharField(max_length=200)
    weight = models.PositiveSmallIntegerField(
        help_text="100 times log10 of the population, more for the main name."
    )
    tier = models.PositiveSmallIntegerField(help_text="Step of the weight, 0 for the largest cities.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["city", "key"], name="one_row_per_city_and_key"),)
        indexes = (
            models.Index(fields=["tier", "key", "weight", "city"], name="name_by_tier_and_key"),
            models.Index(fields=["country", "key", "weight", "city"], name="name_by_country_and_key"),
        )

    def __str__(self) -> str:
        return self.name


class Twinning(models.Model):
    """An official link of two cities, existing or past; one row for both ways (``a`` has the smaller id)."""

    a = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=TwinningKind, default=TwinningKind.PARTNERSHIP)
    status = models.CharField(max_length=20, choices=TwinningStatus, default=TwinningStatus.UNKNOWN)
    since = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Year.")
    until = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Year.")
    reason = models.TextField(blank=True, max_length=500)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    earlier_sources = models.JSONField(
        default=dict,
        blank=True,
        help_text="Keys of the sources of facts that ``source`` does not tell, by fact.",
    )
    imported_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="twinning_in_one_direction_of_two_cities"),
            models.UniqueConstraint(fields=["a", "b"], name="one_twinning_per_pair"),
            models.CheckConstraint(
                condition=Q(since__isnull=True)
                | Q(since__gte=EARLIEST_TWINNING_YEAR, since__lte=LATEST_TWINNING_YEAR),
                name="twinning_since_is_a_year",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True)
                | Q(until__gte=EARLIEST_TWINNING_YEAR, until__lte=LATEST_TWINNING_YEAR),
                name="twinning_until_is_a_year",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
                name="twinning_ends_after_it_began",
            ),
            models.CheckConstraint(condition=Q(kind__in=TwinningKind.values), name="twinning_kind_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=TwinningStatus.values), name="twinning_status_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.a_id} – {self.b_id}"


class TwinningChange(models.Model):
    """What the town halls of both cities have corrected about their twinning, and what stood there before.

    ``before`` is empty where the twinning was new here. Both hold the facts by name; ``before`` also the
    title of its source. A fact that the town halls have told is never overwritten by an import.
    """

    twinning = models.ForeignKey(Twinning, on_delete=models.CASCADE, related_name="changes")
    facts = models.JSONField(help_text="Names of the facts that changed.")
    before = models.JSONField(default=dict)
    after = models.JSONField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["twinning", "-changed_at"], name="change_by_twinning"),)

    def __str__(self) -> str:
        return f"{self.twinning_id}: {', '.join(self.facts)}"
