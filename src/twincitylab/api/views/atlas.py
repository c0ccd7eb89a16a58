"""Cities, their twinnings and partners: every address is read-only and open to everybody."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from twincitylab import __version__
from twincitylab.api.parameters import (
    Cities,
    CityFilter,
    Matching,
    MatchQuery,
    Search,
    SearchQuery,
    SourceFilter,
    Sources,
    Text,
    TwinningFilter,
    Twinnings,
)
from twincitylab.api.refusals import only, plain_hit
from twincitylab.api.schemas import atlas as schemas
from twincitylab.api.views.answering import REFUSALS, city_by_text, country_code, page, sources
from twincitylab.atlas.models import City, Source, Twinning
from twincitylab.atlas.queries import (
    KnownTwinning,
    all_twinnings,
    countries,
    require_atlas,
    search_cities,
    twinnings_of,
)
from twincitylab.matching import engine
from twincitylab.matching.engine.plain import (
    plain_city,
    plain_match_list,
    plain_pair,
    plain_preset,
    plain_progress,
)
from twincitylab.matching.engine.presets import presets
from twincitylab.matching.engine.results import InvalidRequest

Plain = dict[str, Any]

router = Router()


@router.get("/cities", response={200: schemas.CityPage, **REFUSALS}, summary="List cities", tags=["cities"])
@only(CityFilter)
def list_cities(request: HttpRequest, asked: Cities) -> Plain:
    """Cities, the largest first."""
    require_atlas()
    found = City.objects.order_by("-population", "geonameid")
    if asked.country:
        found = found.filter(country_id=country_code(asked.country))
    if asked.population_min is not None:
        found = found.filter(population__gte=asked.population_min)
    if asked.population_max is not None:
        found = found.filter(population__lte=asked.population_max)
    return {**page(found, asked), **sources()}


@router.get(
    "/cities/{city}", response={200: schemas.CityDetail, **REFUSALS}, summary="One city", tags=["cities"]
)
@only()
def show_city(request: HttpRequest, city: Text) -> Plain:
    """The facts of a city, by GeoNames id, slug or name, and its twinnings."""
    found = city_by_text(city)
    (card,) = engine.city_cards([found.geonameid])
    twinnings = twinnings_of(found)
    return {
        "city": plain_city(card),
        "twinnings": [{"city": twinning.city, **_told(twinning)} for twinning in twinnings],
        **sources({twinning.source.pk for twinning in twinnings}),
    }


@router.get(
    "/search", response={200: schemas.SearchOut, **REFUSALS}, summary="Find a city by name", tags=["cities"]
)
@only(SearchQuery)
def search(request: HttpRequest, asked: Search) -> Plain:
    """Cities whose name begins so, in any script; one typing mistake is forgiven."""
    require_atlas()
    country = country_code(asked.country) if asked.country else None
    hits = search_cities(asked.q, limit=asked.limit, country=country)
    return {"query": asked.q, "items": [plain_hit(hit) for hit in hits], **sources()}


@router.get(
    "/matches/{city}",
    response={200: schemas.MatchesOut, **REFUSALS},
    summary="Partners of a city",
    tags=["matches"],
)
@only(MatchQuery)
def matches(request: HttpRequest, city: Text, asked: Matching) -> Plain:
    """Ranked partners with reasons. Known twins and the own country are left out unless asked for."""
    found = engine.matches_for(
        city_by_text(city).geonameid,
        preset=asked.preset,
        weights=_weights(asked.weights),
        filters=asked.filters(),
        top=asked.top,
        compare_with=city_by_text(asked.compare).geonameid if asked.compare else None,
    )
    return {**plain_match_list(found), **sources()}


@router.get(
    "/pairs/{a}/{b}",
    response={200: schemas.PairOut, **REFUSALS},
    summary="Two cities side by side",
    tags=["pairs"],
)
@only()
def pair(request: HttpRequest, a: Text, b: Text) -> Plain:
    """What two cities share, where they differ, and what each has from the other."""
    first, second = city_by_text(a), city_by_text(b)
    return plain_pair(engine.pair_analysis(first.geonameid, second.geonameid, now=timezone.now()))


@router.get(
    "/twinnings",
    response={200: schemas.TwinningPage, **REFUSALS},
    summary="List twinnings",
    tags=["twinnings"],
)
@only(TwinningFilter)
def list_twinnings(request: HttpRequest, asked: Twinnings) -> Plain:
    """Known twinnings in the order of their GeoNames ids."""
    require_atlas()
    found = all_twinnings()
    if asked.city:
        city = city_by_text(asked.city)
        found = found.filter(Q(a=city) | Q(b=city))
    if asked.country:
        code = country_code(asked.country)
        found = found.filter(Q(a__country_id=code) | Q(b__country_id=code))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.status:
        found = found.filter(status=asked.status)
    part = page(found, asked)
    return {
        **part,
        "items": [_twinning(row) for row in part["items"]],
        **sources({row.source_id for row in part["items"]}),
    }


@router.get(
    "/countries",
    response={200: schemas.CountriesOut, **REFUSALS},
    summary="All countries",
    tags=["countries"],
)
@only()
def list_countries(request: HttpRequest) -> Plain:
    """Countries with a city in the atlas, by name."""
    require_atlas()
    return {"items": countries(), **sources()}


@router.get(
    "/sources", response={200: schemas.SourcePage, **REFUSALS}, summary="All sources", tags=["sources"]
)
@only(SourceFilter)
def list_sources(request: HttpRequest, asked: Sources) -> Plain:
    """Where everything in the atlas came from, by title."""
    require_atlas()
    return page(Source.objects.order_by("title", "key"), asked)


@router.get(
    "/presets",
    response={200: schemas.PresetsOut, **REFUSALS},
    summary="Ways to look for partners",
    tags=["matches"],
)
@only()
def list_presets(request: HttpRequest) -> Plain:
    """The presets with their weights and rules, and the factors that can be weighed."""
    return {"presets": [plain_preset(preset) for preset in presets()], "factors": engine.blocks()}


@router.get(
    "/status", response={200: schemas.StatusOut, **REFUSALS}, summary="What is loaded", tags=["status"]
)
@only()
def status(request: HttpRequest) -> Plain:
    """The atlas in use, and where the fair lists of each preset stand."""
    state = require_atlas()
    return {
        "version": __version__,
        "city_count": state.city_count,
        "level": state.level,
        "loaded_at": state.loaded_at,
        "fair_lists": {one.preset: plain_progress(one) for one in engine.all_fair_progress()},
    }


def _twinning(row: Twinning) -> Plain:
    return {"a": row.a, "b": row.b, **_told(row)}


def _told(twinning: Twinning | KnownTwinning) -> Plain:
    """What is known of a twinning, whichever city looks at it."""
    return {
        "kind": twinning.kind,
        "status": twinning.status,
        "since": twinning.since,
        "until": twinning.until,
        "reason": twinning.reason,
        "source": twinning.source.title,
    }


def _weights(text: str | None) -> dict[str, float] | None:
    """Read ``size:3,language:1``."""
    if not text:
        return None
    weights = {}
    for part in text.split(","):
        name, _colon, value = part.partition(":")
        try:
            weights[name.strip()] = float(value)
        except ValueError:
            message = _("Write weights as size:3,language:1, not “%(text)s”.") % {"text": part[:40]}
            raise InvalidRequest(message, field="weights") from None
    return weights
