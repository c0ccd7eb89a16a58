"""The world map of communities: the page with its list, and what the map draws."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.atlas.queries import country_name, require_atlas
from twincitylab.base.components.words import number
from twincitylab.base.rate import admit
from twincitylab.base.text import fold
from twincitylab.community.forms.directory import DirectoryForm, as_address, filters_in
from twincitylab.community.queries.directory_places import CityDot
from twincitylab.community.views.reaching import asker
from twincitylab.web.community_map import CommunityMap, community_map_of
from twincitylab.web.refusals import form_problems, unprocessable

LINES = 40
A_MINUTE = 60


def community_map(request: HttpRequest) -> HttpResponse:
    """``/map/communities/``: where those are that the directory lists for the same address, and a list."""
    require_atlas()
    if request.GET.get("q"):
        admit(request)
    form = DirectoryForm(request.GET)
    if not form.is_valid():
        return unprocessable(request, problems=form_problems(form))
    shown, chosen = _map_for(request, form), form.cleaned_data["country"]
    _offer_countries(form, shown)
    dots = sorted(shown.of_country(chosen), key=lambda dot: (-dot.count, fold(dot.name), dot.geonameid))
    filters = filters_in(request.GET, leave_out=["country"])
    context = {
        "form": form,
        "chosen": chosen,
        "chosen_name": country_name(chosen, english=chosen) if chosen else "",
        "is_narrowed": bool(filters_in(request.GET, leave_out=["country", "order"])),
        "asked": as_address(filters_in(request.GET)),
        "page": Paginator([(dot, _directory_of(dot, request)) for dot in dots], LINES).get_page(
            form.cleaned_data["page"]
        ),
        "total": sum(dot.count for dot in dots),
        "map_version": shown.version,
        "map_filters": f"&{filters.urlencode()}" if filters else "",
    }
    return render(request, "web/map_communities.html", context)


def communities_file(request: HttpRequest) -> HttpResponse:
    """``/map/communities.bin``: the cities with communities as bytes, narrowed like the page."""
    shown = _map_for(request, _understood(request))
    return _for_a_minute(HttpResponse(shown.file(), "application/octet-stream"))


def dots_file(request: HttpRequest) -> HttpResponse:
    """``/map/communities.svg?country=``: the same as a picture."""
    form = _understood(request)
    picture = _map_for(request, form).picture(form.cleaned_data["country"])
    return _for_a_minute(HttpResponse(picture, "image/svg+xml"))


def place(request: HttpRequest) -> HttpResponse:
    """``/map/communities.json?row=&v=``: which city a dot is; a map that has changed since does not know."""
    shown, row = _map_for(request, _understood(request)), request.GET.get("row", "")
    is_known = row.isascii() and row.isdigit() and len(row) < 10 and int(row) < len(shown.dots)
    if not is_known or request.GET.get("v") != shown.version:
        raise Http404
    dot = shown.dots[int(row)]
    label = ngettext(
        "%(city)s, %(country)s · %(count)s community",
        "%(city)s, %(country)s · %(count)s communities",
        dot.count,
    ) % {"city": dot.name, "country": dot.country_name, "count": number(dot.count)}
    return _for_a_minute(JsonResponse({"label": label, "url": _directory_of(dot, request)}))


def _understood(request: HttpRequest) -> DirectoryForm:
    if request.GET.get("q"):
        admit(request)
    form = DirectoryForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form


def _map_for(request: HttpRequest, form: DirectoryForm) -> CommunityMap:
    return community_map_of(asker(request), form.wanted, today=timezone.now().date())


def _directory_of(dot: CityDot, request: HttpRequest) -> str:
    """The directory with the communities of one dot, narrowed like the map."""
    filters = filters_in(request.GET, leave_out=["country", "continent"])
    filters["city"] = dot.slug
    return f"{reverse('community:directory')}{as_address(filters)}"


def _offer_countries(form: DirectoryForm, shown: CommunityMap) -> None:
    form.offer_countries(shown.counts)
    field = cast("Any", form.fields["country"])
    form["country"].label = _("Communities of")
    field.choices = [("", _("the whole world")), *list(field.choices)[1:]]


def _for_a_minute(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, max_age=A_MINUTE)
    return response
