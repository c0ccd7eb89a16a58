"""Finding a city, and the page of one city."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from twincitylab.atlas.queries import CityHit, require_atlas, resolve_city, search_cities, twinnings_of
from twincitylab.base.components.words import number
from twincitylab.base.text import fold
from twincitylab.community.models import Person
from twincitylab.community.queries.directory_places import communities_in
from twincitylab.matching.engine import matches_for
from twincitylab.partnerships.queries.faces import faces_in_city
from twincitylab.web.forms import LONGEST_QUERY, SearchForm
from twincitylab.web.refusals import form_problems, unprocessable

SUGGESTIONS = 8
RESULTS = 40
PREVIEW = 3
COMMUNITIES = 6


def search(request: HttpRequest) -> HttpResponse:
    """``/cities/?q=``: all cities of that name; the only one is opened at once."""
    require_atlas()
    form = SearchForm(request.GET)
    if not form.is_valid():
        return unprocessable(request, problems=form_problems(form))
    text = form.cleaned_data["q"]
    hits = search_cities(text, limit=RESULTS, country=form.cleaned_data["country"] or None) if text else []
    named = [hit for hit in hits if fold(hit.matched_name) == fold(text)]
    if len(named) == 1:
        return redirect("web:city", named[0].slug)
    return render(
        request, "web/cities.html", {"q": text, "hits": hits, "is_guess": _is_guess(text, hits=hits)}
    )


def suggest(request: HttpRequest) -> HttpResponse:
    """``/cities/suggest.json?q=``: what the search box shows while typing."""
    require_atlas()
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    hits = search_cities(text, limit=SUGGESTIONS) if text else []
    status = ngettext("%(count)s city found", "%(count)s cities found", len(hits)) % {"count": len(hits)}
    return JsonResponse({"hits": [_suggestion(hit) for hit in hits], "status": status})


def city(request: HttpRequest, slug: str) -> HttpResponse:
    """``/cities/<slug>/``: facts, twinnings and the first matches of a city."""
    require_atlas()
    place = resolve_city(slug)
    if place.slug != slug:
        return redirect("web:city", place.slug)
    found = matches_for(place.pk, top=PREVIEW)
    context = {
        "city": place,
        "card": found.city,
        "twinnings": twinnings_of(place),
        "found": found,
        "communities": communities_in(place.pk, _reader(request), limit=COMMUNITIES),
        "faces": faces_in_city(place.pk),
    }
    return render(request, "web/city.html", context)


def _reader(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def _is_guess(text: str, *, hits: list[CityHit]) -> bool:
    """True when no name begins with what was typed, so that a mistake was forgiven."""
    typed = fold(text.partition(",")[0])
    return not any(fold(hit.matched_name).startswith(typed) for hit in hits)


def _suggestion(hit: CityHit) -> dict[str, object]:
    matched = f" ({hit.matched_name})" if hit.matched_name != hit.name else ""
    return {
        "name": hit.name + matched,
        "place": hit.place,
        "people": number(hit.population),
        "slug": hit.slug,
        "url": reverse("web:city", args=[hit.slug]),
    }
