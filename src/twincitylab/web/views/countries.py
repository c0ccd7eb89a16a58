"""Countries: all of them, and where the twinnings of one go."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from twincitylab.atlas import queries as atlas
from twincitylab.partnerships.queries.faces import faces_in_country
from twincitylab.web.forms import PageForm
from twincitylab.web.queries import oldest_first, partner_countries
from twincitylab.web.refusals import form_problems, unprocessable

CITIES = 60
TWINNINGS = 10


def countries(request: HttpRequest) -> HttpResponse:
    """``/countries/``"""
    atlas.require_atlas()
    return render(request, "web/countries.html", {"lines": atlas.countries()})


def country(request: HttpRequest, iso2: str) -> HttpResponse:
    """``/countries/<iso2>/``: its cities and where its twinnings go."""
    atlas.require_atlas()
    form = PageForm(request.GET)
    if not form.is_valid():
        return unprocessable(request, problems=form_problems(form))
    place = atlas.country_by_code(iso2)
    if iso2 != place.iso2.lower():
        return redirect("web:country", place.iso2.lower())
    cities = place.cities.order_by("-population", "geonameid")
    context = {
        "country": place,
        "name": atlas.country_name(place.iso2, english=place.name),
        "languages": atlas.languages_of(place.iso2),
        "page": Paginator(cities, CITIES).get_page(form.cleaned_data["page"]),
        "partners": partner_countries(place.iso2),
        "twinnings": oldest_first(atlas.twinnings_of_country(place.iso2))[:TWINNINGS],
        "faces": faces_in_country(place.iso2),
        "sources": [place.source],
    }
    return render(request, "web/country.html", context)
