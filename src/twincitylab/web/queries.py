"""What pages ask beyond the atlas' own queries: attribution, the oldest twinnings, what was perhaps meant."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from twincitylab.atlas.choices import SourceKind
from twincitylab.atlas.models import Source, Twinning
from twincitylab.atlas.queries import CityHit, CountryCount, country_twinning_counts, search_cities

NEAREST = 5


@dataclass(frozen=True)
class Attribution:
    """Where the atlas comes from: what describes all places, and what tells of single twinnings."""

    places: list[Source]
    twinnings: list[Source]


@dataclass(frozen=True)
class Footer:
    """What stands under every page: what describes all places, and how many sources tell of twinnings."""

    places: list[Source]
    twinning_count: int


@dataclass(frozen=True)
class PartnerCountry:
    """Where a country's twinnings go: ``share`` is relative to the most frequent partner."""

    iso2: str
    name: str
    count: int
    share: float


def attribution() -> Attribution:
    """All sources by title, in two groups: one query."""
    sources = list(Source.objects.order_by("title", "key"))
    return Attribution(
        [source for source in sources if source.kind == SourceKind.PLACES],
        [source for source in sources if source.kind == SourceKind.TWINNINGS],
    )


def footer() -> Footer:
    """The sources of places by title, and the number of the others: one query, as it is on every page."""
    sources = attribution()
    return Footer(sources.places, len(sources.twinnings))


def oldest_first(twinnings: QuerySet[Twinning]) -> QuerySet[Twinning]:
    """By the year they began; those without a year last."""
    return twinnings.order_by(F("since").asc(nulls_last=True), "a__name", "b__name", "pk")


def partner_countries(iso2: str) -> list[PartnerCountry]:
    """The partner countries, the most frequent first; the country itself may be one."""
    counts: list[CountryCount] = country_twinning_counts(iso2)
    most = max((line.count for line in counts), default=1)
    return [PartnerCountry(line.iso2, line.name, line.count, line.count / most) for line in counts]


def perhaps_meant(text: str) -> list[CityHit]:
    """Cities whose names are near: the text as it stands, else without its last word."""
    words = text.replace("-", " ").split()
    hits = search_cities(" ".join(words), limit=NEAREST)
    return hits or (search_cities(" ".join(words[:-1]), limit=NEAREST) if len(words) > 1 else [])
