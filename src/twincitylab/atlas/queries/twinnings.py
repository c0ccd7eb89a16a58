"""Twinnings as seen from one city, or from one country."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from twincitylab.atlas.models import City, Country, Source, Twinning, TwinningChange
from twincitylab.atlas.queries.words import country_name


@dataclass(frozen=True)
class KnownTwinning:
    """A twinning seen from one side: ``city`` is the other one, with its country."""

    city: City
    country_name: str
    kind: str
    status: str
    since: int | None
    until: int | None
    reason: str
    source: Source
    earlier_sources: tuple[Source, ...]
    imported_at: dt.datetime


@dataclass(frozen=True)
class CountryCount:
    """How many twinnings lead to a country."""

    iso2: str
    name: str
    count: int


def all_twinnings() -> QuerySet[Twinning]:
    """Every twinning with its cities and source, in a lasting order."""
    related = ("a__country", "b__country", "source")
    return Twinning.objects.select_related(*related).order_by("a_id", "b_id")


def twinnings_of(city: City) -> list[KnownTwinning]:
    """The twinnings of a city, by the name of the other one: one query, two with earlier sources."""
    rows = list(all_twinnings().filter(Q(a=city) | Q(b=city)))
    told = earlier_sources(rows)
    seen = [_seen_from(row, here=city.geonameid, earlier=told[row.pk]) for row in rows]
    return sorted(seen, key=lambda twinning: (twinning.city.name.casefold(), twinning.city.geonameid))


def twinnings_of_country(country: str) -> QuerySet[Twinning]:
    """The twinnings of all cities of a country."""
    return all_twinnings().filter(Q(a__country_id=country) | Q(b__country_id=country))


def country_twinning_counts(country: str) -> list[CountryCount]:
    """Where the twinnings of a country lead, most frequent first; its own country counts too: two queries."""
    pairs = (
        Twinning.objects.filter(Q(a__country_id=country) | Q(b__country_id=country))
        .order_by()
        .values_list("a__country_id", "b__country_id")
        .annotate(Count("id"))
    )
    counts: Counter[str] = Counter()
    for first, second, count in pairs:
        counts[second if first == country else first] += count
    english = dict(Country.objects.filter(iso2__in=counts).values_list("iso2", "name"))
    rows = [CountryCount(code, country_name(code, english=english[code]), n) for code, n in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, row.name.casefold(), row.iso2))


def twinning_between(first: City, second: City) -> Twinning | None:
    """What is known of the twinning of two cities, in whichever order."""
    a, b = sorted((first.geonameid, second.geonameid))
    return all_twinnings().filter(a_id=a, b_id=b).first()


def twinning_history(first: City, second: City) -> list[TwinningChange]:
    """What the town halls of two cities have corrected about their twinning, newest first: one query."""
    a, b = sorted((first.geonameid, second.geonameid))
    found = TwinningChange.objects.filter(twinning__a_id=a, twinning__b_id=b)
    return list(found.select_related("source").order_by("-changed_at", "-pk"))


def earlier_sources(rows: Iterable[Twinning]) -> dict[int, tuple[Source, ...]]:
    """For each twinning who told the facts that its own source leaves open: at most one query."""
    keys = {row.pk: sorted({*row.earlier_sources.values()}) for row in rows}
    wanted = {key for some in keys.values() for key in some}
    known = Source.objects.in_bulk(wanted) if wanted else {}
    return {pk: tuple(known[key] for key in some if key in known) for pk, some in keys.items()}


def _seen_from(row: Twinning, *, here: int, earlier: tuple[Source, ...]) -> KnownTwinning:
    other = row.b if row.a_id == here else row.a
    return KnownTwinning(
        city=other,
        country_name=country_name(other.country_id, english=other.country.name),
        kind=row.kind,
        status=row.status,
        since=row.since,
        until=row.until,
        reason=row.reason,
        source=row.source,
        earlier_sources=earlier,
        imported_at=row.imported_at,
    )
