"""The partners of a community, two communities side by side, and setting one aside."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.choices import Role
from twincitylab.community.models import Community
from twincitylab.community.queries.cards import CommunityCard, card
from twincitylab.community.queries.mine import seats
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.languages import base_code
from twincitylab.community.views.reaching import asker, reached, require_person
from twincitylab.matching.engine.communities import matches_of, pair_of
from twincitylab.matching.engine.communities.store import StillGathering
from twincitylab.matching.forms.communities import AsideForm, MatchFiltersForm
from twincitylab.matching.operations.communities import set_aside
from twincitylab.matching.queries.pair_states import state_between

UNPROCESSABLE = 422


@never_cache
@login_required
def matches(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/matches/``: for those who have a seat in it."""
    community, is_steward = _own(request, slug)
    form = MatchFiltersForm(request.GET)
    if not form.is_valid():
        context = {"own": card(community), "form": form}
        return render(request, "matching/matches.html", context, status=UNPROCESSABLE)
    try:
        found = matches_of(community.pk, filters=form.filters, now=timezone.now())
    except StillGathering:
        return render(request, "matching/gathering.html", {"own": card(community)})
    form.offer(found.choices)
    context = {
        "own": found.community,
        "form": form,
        "found": found,
        "is_steward": is_steward,
        "reads": _reads(found.community),
    }
    return render(request, "matching/matches.html", context)


@never_cache
@login_required
def pair(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """``/communities/<slug>/matches/<slug>/``: what each would get and give, and what they share."""
    return _pair(request, slug, other, form=AsideForm())


@never_cache
@login_required
@require_POST
def aside(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """``/communities/<slug>/matches/<slug>/aside/``: not for us, and why."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    them = get_object_or_404(reachable_by(asker(request)).exclude(pk=community.pk), slug=other)
    form = AsideForm(request.POST)
    if not form.is_valid():
        return _pair(request, slug, other, form=form, status=UNPROCESSABLE)
    set_aside(
        community=community,
        other=them,
        reason=form.cleaned_data["reason"],
        by=require_person(request),
        now=timezone.now(),
    )
    messages.success(request, _("Set aside. Your list learns from it; nobody is told."))
    return redirect("matching:matches", community.slug)


def _own(request: HttpRequest, slug: str) -> tuple[Community, bool]:
    """The community in which the reader has a seat, and whether it is a steward's: one query for those."""
    seat = seats(require_person(request)).filter(community__slug=slug).first()
    if seat is not None:
        return seat.community, seat.role == Role.STEWARD
    community, held = reached(request, slug, least=Standing.MEMBER)
    return community, held is Standing.STEWARD


def _reads(own: CommunityCard) -> frozenset[str]:
    """The languages that the reader is taken to read: that of the page, and those of the own community."""
    return frozenset({base_code(get_language() or "en"), *own.languages})


def _pair(request: HttpRequest, slug: str, other: str, *, form: AsideForm, status: int = 200) -> HttpResponse:
    community, is_steward = _own(request, slug)
    them = get_object_or_404(reachable_by(asker(request)), slug=other)
    if them.pk == community.pk:
        raise Http404
    try:
        found = pair_of(community.pk, them.pk, now=timezone.now())
    except StillGathering:
        return render(request, "matching/gathering.html", {"own": card(community)})
    context = {
        "pair": found,
        "form": form,
        "is_steward": is_steward,
        "said": state_between(community.pk, them.pk, now=timezone.now()) if is_steward else None,
        "reads": _reads(found.here),
    }
    return render(request, "matching/pair.html", context, status=status)
