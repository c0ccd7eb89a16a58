"""Giving and taking back the badge of a community."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.models import LONGEST_LINE, Community, Person
from twincitylab.community.operations.verification import (
    ask_for_verification,
    ask_no_more,
    verify_community,
    withdraw_verification,
)
from twincitylab.community.queries.cards import card
from twincitylab.community.queries.visible import reachable_by, verifiable_by
from twincitylab.community.rules.access import Standing, may_facilitate, require_facilitator
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.reaching import asker, reached, require_person


@never_cache
@login_required
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/verify/``: a facilitator says how they know who this is."""
    community, person = _verifiable(request, slug)
    typed, problem = community.verified_reason, ""
    if request.method == "POST":
        typed = request.POST.get("reason", "")
        try:
            verify_community(community=community, reason=typed, by=person, now=timezone.now())
        except Refused as refused:
            problem = refused.message
        else:
            messages.success(request, _("The community is verified."))
            return _back(community, person=person)
    context = {
        "card": card(community),
        "reason": typed,
        "problem": problem,
        "longest": LONGEST_LINE,
        "is_verified": community.verified_at is not None,
        "is_asked": community.verification_asked_at is not None,
        "is_seen": _sees(person, community),
    }
    return render(request, "community/verify.html", context, status=422 if problem else 200)


@require_POST
@login_required
def withdrawal(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/verify/withdrawal/``"""
    community, person = _verifiable(request, slug)
    withdraw_verification(community=community, by=person, now=timezone.now())
    messages.success(request, _("The community is no longer verified."))
    return _back(community, person=person)


@require_POST
@login_required
def asking(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/verify/asking/``: stewards ask to be verified, or take it back (``drop``)."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    person = require_person(request)
    try:
        if "drop" in request.POST:
            ask_no_more(community=community, by=person, now=timezone.now())
            messages.success(request, _("Taken back: facilitators see no more of you than others do."))
        else:
            ask_for_verification(community=community, by=person, now=timezone.now())
            messages.success(request, _("Facilitators are asked. Tell one of them yourselves who you are."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("community:community", community.slug)


def _verifiable(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    """What the facilitator may look at, asked for or seen; to anybody else it is as if they had not asked."""
    person = asker(request)
    if person is None or not may_facilitate(person):
        reached(request, slug)
    person = require_facilitator(person)
    found = verifiable_by(person).select_related("city__country")
    return get_object_or_404(found, slug=slug), person


def _sees(person: Person, community: Community) -> bool:
    return reachable_by(person).filter(pk=community.pk).exists()


def _back(community: Community, *, person: Person) -> HttpResponse:
    """To the page of the community, or, for who sees it for this alone, to where it is verified."""
    page = "community:community" if _sees(person, community) else "community:verify"
    return redirect(page, community.slug)
