"""The world map of communities: the page with its list, and what the map draws."""

from typing import cast

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.atlas.queries import country_name, require_atlas
from twincitylab.base.components.words import number
from twincitylab.base.text import fold
from twincitylab.web.community_map import CommunityMap, community_map_now
from twincitylab.web.forms import CommunityMapForm
from twincitylab.web.refusals import form_problems, unprocessable

LINES = 40
A_MINUTE = 60


def community_map(request: HttpRequest) -> HttpResponse:
    """``/map/communities/``: every city with communities, and the same as a list."""
    require_atlas()
    form = CommunityMapForm(request.GET, label_suffix="")
    if not form.is_valid():
        return unprocessable(request, problems=form_problems(form))
    shown, chosen = community_map_now(), form.cleaned_data["country"].upper()
    _offer_countries(form, shown)
    dots = sorted(shown.of_country(chosen), key=lambda dot: (-dot.count, fold(dot.name), dot.geonameid))
    context = {
        "form": form,
        "chosen": chosen,
        "chosen_name": country_name(chosen, english=chosen) if chosen else "",
        "page": Paginator(dots, LINES).get_page(form.cleaned_data["page"]),
        "total": sum(dot.count for dot in dots),
        "map_version": shown.version,
    }
    return render(request, "web/map_communities.html", context)


def communities_file(request: HttpRequest) -> HttpResponse:
    """``/map/communities.bin``: the cities with communities as bytes."""
    return _for_a_minute(HttpResponse(community_map_now().file(), "application/octet-stream"))


def dots_file(request: HttpRequest) -> HttpResponse:
    """``/map/communities.svg?country=``: the same as a picture."""
    picture = community_map_now().picture(request.GET.get("country", "").upper()[:2])
    return _for_a_minute(HttpResponse(picture, "image/svg+xml"))


def place(request: HttpRequest) -> HttpResponse:
    """``/map/communities.json?row=&v=``: which city a dot is; a map that has changed since does not know."""
    shown, row = community_map_now(), request.GET.get("row", "")
    is_known = row.isascii() and row.isdigit() and len(row) < 10 and int(row) < len(shown.dots)
    if not is_known or request.GET.get("v") != shown.version:
        raise Http404
    dot = shown.dots[int(row)]
    label = ngettext(
        "%(city)s, %(country)s · %(count)s community",
        "%(city)s, %(country)s · %(count)s communities",
        dot.count,
    ) % {"city": dot.name, "country": dot.country_name, "count": number(dot.count)}
    address = f"{reverse('community:directory')}?city={dot.slug}"
    return _for_a_minute(JsonResponse({"label": label, "url": address}))


def _offer_countries(form: CommunityMapForm, shown: CommunityMap) -> None:
    counts = shown.counts
    names = sorted(
        ((iso2, country_name(iso2, english=iso2)) for iso2 in counts), key=lambda pair: fold(pair[1])
    )
    cast("forms.Select", form.fields["country"].widget).choices = [
        ("", _("the whole world")),
        *((iso2, f"{name} ({number(counts[iso2])})") for iso2, name in names),
    ]


def _for_a_minute(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, max_age=A_MINUTE)
    return response
