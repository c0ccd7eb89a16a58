"""Who belongs to a community, as what, and leaving it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.models import Community, Membership
from twincitylab.community.operations.seats import change_role, leave_community, remove_member
from twincitylab.community.queries.cards import card
from twincitylab.community.queries.members import members_of
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.reaching import reached, require_person


@never_cache
@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/members/``: names, for members only; stewards change roles here."""
    community, held = reached(request, slug, least=Standing.MEMBER)
    return _page(request, community, held=held)


@require_POST
@login_required
def role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/members/<seat>/role/``"""
    community, held = reached(request, slug, least=Standing.STEWARD)
    seat = get_object_or_404(
        Membership.objects.select_related("community", "person"), pk=pk, community=community
    )
    try:
        given = request.POST.get("role", "")
        seat = change_role(seat=seat, role=given, by=require_person(request), now=timezone.now())
    except Refused as refused:
        return _page(request, community, held=held, problem=refused.message)
    words = {"name": seat.person.name, "role": seat.get_role_display()}
    messages.success(request, _("%(name)s is now: %(role)s.") % words)
    return redirect("community:members", community.slug)


@require_POST
@login_required
def removal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/members/<seat>/removal/``"""
    community, held = reached(request, slug, least=Standing.STEWARD)
    seat = get_object_or_404(
        Membership.objects.select_related("community", "person"), pk=pk, community=community
    )
    name = seat.person.name
    try:
        remove_member(seat=seat, by=require_person(request), now=timezone.now())
    except Refused as refused:
        return _page(request, community, held=held, problem=refused.message)
    messages.success(request, _("%(name)s no longer belongs to your community.") % {"name": name})
    return redirect("community:members", community.slug)


@never_cache
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/leave/``: asks once, then gives up one's own seat."""
    community, _held = reached(request, slug, least=Standing.MEMBER)
    shown = card(community)
    if request.method != "POST":
        return render(request, "community/leave.html", {"card": shown})
    try:
        leave_community(community=community, by=require_person(request), now=timezone.now())
    except Refused as refused:
        return render(
            request, "community/leave.html", {"card": shown, "problem": refused.message}, status=422
        )
    messages.success(request, _("You have left %(name)s.") % {"name": shown.name})
    return redirect("community:me")


def _page(request: HttpRequest, community: Community, *, held: Standing, problem: str = "") -> HttpResponse:
    lines = members_of(community, reader=require_person(request))
    context = {
        "card": card(community),
        "lines": lines,
        "steward_count": sum(line.is_steward for line in lines),
        "is_steward": held >= Standing.STEWARD,
        "problem": problem,
    }
    return render(request, "community/members.html", context, status=422 if problem else 200)
