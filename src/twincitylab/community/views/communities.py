"""Founding a community, its page, changing it and giving it up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.atlas.models import City
from twincitylab.base.cleaning import tell_if_cleaned
from twincitylab.base.components.words import zone_name
from twincitylab.community.forms.clashes import Clash, decided, form_of_both, still_open
from twincitylab.community.forms.communities import STEPS, CommunityForm, form_as_typed, form_of, new_form
from twincitylab.community.models import Community, Person
from twincitylab.community.operations.communities import (
    ChangedMeanwhile,
    close_community,
    edit_community,
    found_community,
)
from twincitylab.community.queries.cards import card
from twincitylab.community.queries.community_page import community_page
from twincitylab.community.queries.scouting import active_here
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.facts import facts_of
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.reaching import asker, kept_private, reached, require_person

CONFLICT = 409
NOBODY_CHOSE = Person._meta.get_field("timezone").get_default()


@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """``/communities/new/``: the form, the search for its city, and the new community."""
    if request.method != "POST":
        named = request.GET.get("city", "")[:120].replace("\x00", "")
        city = City.objects.select_related("country").filter(slug=named).first()
        return _form_page(request, new_form(city=city))
    if request.POST.get("step") in STEPS:
        return _form_page(request, form_as_typed(request.POST))
    form = CommunityForm(request.POST)
    if form.is_valid():
        person = require_person(request)
        try:
            community = found_community(facts=form.facts, form_key=form.key, by=person, now=timezone.now())
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Your community is here now. Say next what you seek and bring."))
            _propose_clock(request, person.timezone, zone=community.city.timezone)
            tell_if_cleaned(request)
            return redirect("community:community", community.slug)
    return _form_page(request, form, status=422)


def community(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/``: what it is, what it seeks and brings, and the next step."""
    found, held = reached(request, slug)
    page = community_page(found, reader=asker(request), standing=held, now=timezone.now())
    context = {
        "page": page,
        "card": page.card,
        "lines": page.lines,
        "may_write": page.is_steward and not page.is_closed,
        "active": active_here(found),
    }
    return kept_private(render(request, "community/community.html", context), request)


@never_cache
@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/edit/``: what two change at once is shown to the second, side by side."""
    found, _held = reached(request, slug, least=Standing.STEWARD)
    if request.method != "POST":
        facts = facts_of(found)
        form = form_of(facts, before=facts, revision=found.revision, city=found.city)
        return _form_page(request, form, community=found)
    if request.POST.get("step") in STEPS:
        return _form_page(request, form_as_typed(request.POST), community=found)
    form = CommunityForm(decided(request.POST))
    if not form.is_valid():
        return _form_page(request, form, community=found, status=422)
    try:
        changed = edit_community(
            community=found,
            facts=form.facts,
            revision=form.cleaned_data["revision"] or 0,
            by=require_person(request),
            now=timezone.now(),
        )
    except ChangedMeanwhile as told:
        again, clashes = form_of_both(form, current=told.community)
        return _form_page(request, again, community=told.community, status=CONFLICT, clashes=clashes)
    except Refused as refused:
        _tell(form, refused)
        return _form_page(request, form, community=found, status=422)
    messages.success(request, _("Your changes are saved."))
    tell_if_cleaned(request)
    return redirect("community:community", changed.slug)


@never_cache
@login_required
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/close/``: asks once, then gives the community up."""
    found, _held = reached(request, slug, least=Standing.STEWARD)
    if request.method != "POST":
        return render(request, "community/close.html", {"card": card(found)})
    close_community(community=found, by=require_person(request), now=timezone.now())
    messages.success(request, _("Your community is closed. It stands in no list any more."))
    return redirect("community:me")


def _form_page(
    request: HttpRequest,
    form: CommunityForm,
    *,
    community: Community | None = None,
    status: int = 200,
    clashes: list[Clash] | None = None,
) -> HttpResponse:
    if clashes is None and form.open_facts:
        clashes = still_open(form, sent=request.POST)
    context = {
        "form": form,
        "card": card(community) if community else None,
        "clashes": clashes,
        "open_clashes": [clash for clash in clashes or () if clash.is_open],
        "settled_clashes": [clash for clash in clashes or () if not clash.is_open],
    }
    return render(request, "community/edit.html", context, status=status)


def _propose_clock(request: HttpRequest, own: str, *, zone: str) -> None:
    """Whoever still has the clock that nobody chose is asked about that of the city."""
    if own != NOBODY_CHOSE or zone == own:
        return
    words = _("Hours are shown to you in UTC. Would you rather have the time of %(city)s?")
    address = f"{reverse('community:settings')}?{urlencode({'timezone': zone})}"
    sentence = words % {"city": zone_name(zone)}
    messages.info(request, format_html('{} <a href="{}">{}</a>', sentence, address, _("Look at it")))


def _tell(form: CommunityForm, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
