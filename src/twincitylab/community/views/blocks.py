"""From whom a community does not want to hear."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.models import CommunityBlock
from twincitylab.community.operations.blocks import block_community, unblock_community
from twincitylab.community.queries.blocks import blocks_of
from twincitylab.community.queries.cards import card
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.reaching import reached, require_person


@never_cache
@login_required
def blocks(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/blocks/``: who is blocked; a POST names in ``blocked`` another one."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    person, problem = require_person(request), ""
    if request.method == "POST":
        named = request.POST.get("blocked", "").replace("\x00", "")
        other = get_object_or_404(reachable_by(person).select_related("city__country"), slug=named)
        try:
            block_community(community=community, blocked=other, by=person, now=timezone.now())
        except Refused as refused:
            problem = refused.message
        else:
            messages.success(
                request, _("You will not hear from %(name)s any more.") % {"name": card(other).name}
            )
            return redirect("community:blocks", community.slug)
    context = {"card": card(community), "lines": blocks_of(community), "problem": problem}
    return render(request, "community/blocks.html", context, status=422 if problem else 200)


@require_POST
@login_required
def removal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/blocks/<pk>/removal/``"""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    block = get_object_or_404(CommunityBlock, pk=pk, community=community)
    unblock_community(block=block, by=require_person(request), now=timezone.now())
    messages.success(request, _("They can write to you again."))
    return redirect("community:blocks", community.slug)
