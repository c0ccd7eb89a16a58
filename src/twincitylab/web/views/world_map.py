"""The world map: the page with its list, and the files the map draws from."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from twincitylab.atlas.models import City
from twincitylab.atlas.queries import (
    all_twinnings,
    countries,
    country_by_code,
    country_name,
    require_atlas,
    twinnings_of_country,
)
from twincitylab.base.components.words import number
from twincitylab.web.forms import MapForm
from twincitylab.web.map_files import map_cities, map_twinnings, map_version
from twincitylab.web.queries import oldest_first
from twincitylab.web.refusals import form_problems, unprocessable
from twincitylab.web.still_map import map_arcs, map_dots

LINES = 40
A_YEAR = 31_536_000


def world_map(request: HttpRequest) -> HttpResponse:
    """``/map/``: every city and twinning, and the same as a list."""
    require_atlas()
    form = MapForm(request.GET, label_suffix="")
    if not form.is_valid():
        return unprocessable(request, problems=form_problems(form))
    chosen = country_by_code(form.cleaned_data["country"]) if form.cleaned_data["country"] else None
    found = twinnings_of_country(chosen.iso2) if chosen else all_twinnings()
    form.offer(countries())
    context = {
        "form": form,
        "chosen": chosen.iso2 if chosen else "",
        "chosen_name": country_name(chosen.iso2, english=chosen.name) if chosen else "",
        "page": Paginator(oldest_first(found), LINES).get_page(form.cleaned_data["page"]),
        "map_version": map_version(),
    }
    return render(request, "web/map.html", context)


def cities_file(request: HttpRequest) -> HttpResponse:
    """``/map/cities.bin``: the cities as bytes."""
    require_atlas()
    version = map_version()
    return _kept(request, HttpResponse(map_cities(version).data, "application/octet-stream"), version)


def twinnings_file(request: HttpRequest) -> HttpResponse:
    """``/map/twinnings.bin``: the twinnings as pairs of rows."""
    require_atlas()
    version = map_version()
    return _kept(request, HttpResponse(map_twinnings(version), "application/octet-stream"), version)


def dots_file(request: HttpRequest) -> HttpResponse:
    """``/map/dots.svg``: the larger cities as a picture."""
    require_atlas()
    version = map_version()
    return _kept(request, HttpResponse(map_dots(version), "image/svg+xml"), version)


def arcs_file(request: HttpRequest) -> HttpResponse:
    """``/map/arcs.svg?country=``: the twinnings as a picture."""
    require_atlas()
    version = map_version()
    try:
        picture = map_arcs(version, request.GET.get("country", "").upper())
    except KeyError as unknown:
        raise Http404 from unknown
    return _kept(request, HttpResponse(picture, "image/svg+xml"), version)


def place(request: HttpRequest) -> HttpResponse:
    """``/map/place.json?row=``: which city a dot is."""
    require_atlas()
    ids = map_cities(map_version()).geonameid
    row = request.GET.get("row", "")
    if not (row.isascii() and row.isdigit() and len(row) < 10 and int(row) < len(ids)):
        raise Http404
    city = City.objects.select_related("country").get(pk=int(ids[int(row)]))
    label = _("%(city)s, %(country)s · %(people)s people") % {
        "city": city.name,
        "country": country_name(city.country_id, english=city.country.name),
        "people": number(city.population),
    }
    response = JsonResponse({"label": label, "url": reverse("web:city", args=[city.slug])})
    patch_cache_control(response, private=True, max_age=600)
    return response


def _kept(request: HttpRequest, response: HttpResponse, version: str) -> HttpResponse:
    response.headers["ETag"] = f'"{version}"'
    if request.GET.get("v") == version:
        patch_cache_control(response, public=True, immutable=True, max_age=A_YEAR)
    return response
