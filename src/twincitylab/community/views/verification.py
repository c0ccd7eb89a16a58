"""Giving and taking back the badge of a community."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.models import LONGEST_LINE
from twincitylab.community.operations.verification import verify_community, withdraw_verification
from twincitylab.community.queries.cards import card
from twincitylab.community.rules.access import require_facilitator
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.reaching import asker, reached


@never_cache
@login_required
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/verify/``: a facilitator says how they know who this is."""
    community, _held = reached(request, slug)
    person = require_facilitator(asker(request))
    typed, problem = community.verified_reason, ""
    if request.method == "POST":
        typed = request.POST.get("reason", "")
        try:
            verify_community(community=community, reason=typed, by=person, now=timezone.now())
        except Refused as refused:
            problem = refused.message
        else:
            messages.success(request, _("The community is verified."))
            return redirect("community:community", community.slug)
    context = {
        "card": card(community),
        "reason": typed,
        "problem": problem,
        "longest": LONGEST_LINE,
        "is_verified": community.verified_at is not None,
    }
    return render(request, "community/verify.html", context, status=422 if problem else 200)


@require_POST
@login_required
def withdrawal(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/verify/withdrawal/``"""
    community, _held = reached(request, slug)
    withdraw_verification(community=community, by=require_facilitator(asker(request)), now=timezone.now())
    messages.success(request, _("The community is no longer verified."))
    return redirect("community:community", community.slug)
