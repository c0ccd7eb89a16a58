"""One city or one country, and what belongs to it."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, QuerySet
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from twincitylab.atlas.models import City, Country, CountryLanguage, Twinning
from twincitylab.atlas.queries.state import atlas_fingerprint
from twincitylab.atlas.queries.words import country_name, language_name

ID_DIGITS = 18


@dataclass(frozen=True)
class CityHit:
    """A city as a list shows it; ``matched_name`` is the name that was found, in whatever language."""

    geonameid: int
    slug: str
    name: str
    country: str
    country_name: str
    population: int
    matched_name: str
    region: str = ""

    @property
    def place(self) -> str:
        """Where the city lies: 'Illinois, United States', or the country alone."""
        return ", ".join(filter(None, (self.region, self.country_name)))


@dataclass(frozen=True)
class LanguageShare:
    """A language of a country; the share is 0 to 1."""

    code: str
    name: str
    share: float
    is_official: bool


@dataclass(frozen=True)
class CountrySummary:
    """A country in a list of countries."""

    iso2: str
    name: str
    continent: str
    population: int
    city_count: int
    twinning_count: int


class UnknownCity(LookupError):
    """Raised when no city is meant by a text; ``nearest`` holds cities with names like it."""

    def __init__(self, text: str, *, nearest: list[CityHit] | None = None) -> None:
        message = _("There is no city “%(text)s” in this atlas.") if text else _("Name a city.")
        super().__init__(message % {"text": text[:80]})
        self.text = text
        self.nearest = nearest or []


class UnknownCountry(UnknownCity):
    """Raised when no country is meant by a text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.args = (
            _("There is no country “%(text)s”. Use its code of two letters, such as DE.")
            % {"text": text[:80]},
        )


class AmbiguousCity(LookupError):
    """Raised when several cities of a name are so alike in size that none is clearly meant; largest first."""

    def __init__(self, text: str, *, choices: list[CityHit]) -> None:
        super().__init__(_("There are several cities named “%(text)s”. Which one?") % {"text": text[:80]})
        self.text = text
        self.choices = choices


def city_by_id(geonameid: int) -> City:
    """Raises UnknownCity."""
    city = None
    if 0 < geonameid < 10**ID_DIGITS:
        city = _cities().filter(geonameid=geonameid).first()
    if city is None:
        raise UnknownCity(str(geonameid))
    return city


def city_by_slug(slug: str) -> City:
    """The city with its country and source. Raises UnknownCity."""
    city = None if "\x00" in slug else _cities().filter(slug=slug).first()
    if city is None:
        raise UnknownCity(slug)
    return city


def country_by_code(code: str) -> Country:
    """Raises UnknownCountry."""
    country = None
    if len(code) == 2 and code.isascii() and code.isalpha():
        country = Country.objects.select_related("source").filter(iso2=code.upper()).first()
    if country is None:
        raise UnknownCountry(code)
    return country


def largest_cities(country: str, *, limit: int) -> QuerySet[City]:
    """The largest cities of a country, largest first."""
    return City.objects.filter(country_id=country).order_by("-population", "geonameid")[:limit]


def languages_of(country: str) -> list[LanguageShare]:
    """The languages of a country, the most spoken first, named in the language of the page."""
    rows = CountryLanguage.objects.filter(country_id=country).order_by("-share", "language")
    return [
        LanguageShare(row.language, language_name(row.language), row.share, row.is_official) for row in rows
    ]


def countries() -> list[CountrySummary]:
    """All countries with a city in the atlas, by name: two queries, and two more for each new atlas.

    A twinning counts once for each of its countries, and once if both cities are in the same one.
    """
    fingerprint = atlas_fingerprint()
    counted = _counted(fingerprint) if fingerprint else _counted.__wrapped__(fingerprint)
    twinnings = {country.iso2: 0 for country, _count in counted}
    # Grouped by one text: by two columns SQLite would go through all cities of all countries instead.
    both = Concat("a__country_id", "b__country_id")
    pairs = Twinning.objects.order_by().annotate(both=both).values_list("both").annotate(Count("id"))
    for codes, count in pairs:
        for code in {codes[:2], codes[2:]}:
            twinnings[code] += count
    summaries = [
        CountrySummary(
            iso2=country.iso2,
            name=country_name(country.iso2, english=country.name),
            continent=country.continent,
            population=country.population,
            city_count=count,
            twinning_count=twinnings[country.iso2],
        )
        for country, count in counted
    ]
    return sorted(summaries, key=lambda summary: (summary.name.casefold(), summary.iso2))


@lru_cache(maxsize=2)
def _counted(_fingerprint: str) -> tuple[tuple[Country, int], ...]:
    """The countries with their number of cities, which takes a look at every city."""
    cities = dict(City.objects.order_by().values_list("country_id").annotate(Count("geonameid")))
    return tuple((country, cities[country.iso2]) for country in Country.objects.filter(iso2__in=cities))


def _cities() -> QuerySet[City]:
    return City.objects.select_related("country", "source")
