"""What the answers of several subjects have in common: pages, sources, refusals."""

from collections.abc import Sequence, Set
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.api.schemas.atlas import RefusalOut
from twincitylab.api.schemas.refusals import ConflictOut
from twincitylab.atlas.models import City, Source
from twincitylab.atlas.queries import UnknownCountry, country_by_code, require_atlas, resolve_city
from twincitylab.community.rules.languages import written_codes
from twincitylab.matching.engine.pairs import PLACE_SOURCES
from twincitylab.matching.engine.results import InvalidRequest

Plain = dict[str, Any]

REFUSALS = {frozenset({404, 409, 422, 429, 503}): RefusalOut}
READING = {frozenset({401, 403, 404, 422, 429, 503}): RefusalOut}
WRITING = {frozenset({400, 401, 403, 404, 413, 422, 429}): RefusalOut, 409: ConflictOut}


def page(found: QuerySet[Any] | Sequence[Any], asked: Any) -> Plain:
    """One part of a long list; ``asked`` has its limit and offset."""
    return {
        "count": found.count() if isinstance(found, QuerySet) else len(found),
        "limit": asked.limit,
        "offset": asked.offset,
        "items": list(found[asked.offset : asked.offset + asked.limit]),
    }


def sources(keys: Set[str] = frozenset()) -> Plain:
    """The sources of what is shown: those of every place, and these; and where all are."""
    shown = Source.objects.filter(key__in={*PLACE_SOURCES, *keys})
    return {"sources": list(shown.order_by("title", "key")), "all_sources": reverse("api:list_sources")}


def city_by_text(text: str) -> City:
    """By GeoNames id, slug or name."""
    require_atlas()
    return resolve_city(text)


def country_code(text: str) -> str:
    """The code of a country of the atlas."""
    try:
        return country_by_code(text).iso2
    except UnknownCountry as unknown:
        raise InvalidRequest(str(unknown), field="country") from None


def chosen(entry: TextChoices | None) -> str:
    """The plain value of an entry of a vocabulary; nothing for none."""
    return str(entry.value) if entry else ""


def known_language(code: str | None) -> str:
    """The code of a language that texts can be in, or nothing."""
    if code and code not in written_codes():
        raise InvalidRequest(_("Choose the code of a language, such as de."), field="language")
    return code or ""
