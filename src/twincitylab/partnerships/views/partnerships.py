"""All partnerships of a person, and the front page of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.models import Community, Person
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.operations.meeting import open_workspace
from twincitylab.partnerships.queries.activities import next_activities
from twincitylab.partnerships.queries.faces import public_activities
from twincitylab.partnerships.queries.inside import next_step, seats_of, shores, waiting_counts
from twincitylab.partnerships.queries.introductions import meeting
from twincitylab.partnerships.queries.proposals import proposals_of
from twincitylab.partnerships.queries.succession import named_roles
from twincitylab.partnerships.queries.workspaces import (
    Workspace,
    public_face,
    side_cards,
    workspace,
    workspaces_of,
)
from twincitylab.partnerships.rules.signals import standings
from twincitylab.partnerships.views.asking import signed_in


@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """``/partnerships/``: the partnerships of my communities, and what waits in each."""
    found = workspaces_of(signed_in(request), card_facts=False)
    waiting = waiting_counts(found)
    lines = [(one, waiting[one.partnership.pk]) for one in found]
    return render(request, "partnerships/partnerships.html", {"lines": lines})


@never_cache
def partnership(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/``: from inside for its people, its public face for everybody else."""
    if isinstance(request.user, Person):
        as_slug = request.GET.get("as", "")
        inside = workspace(slug, person=request.user, as_slug=as_slug, topics=True, languages=False)
        if inside is not None:
            return _from_inside(request, inside)
    face = public_face(slug)
    if face is None:
        raise Http404
    context = {
        "partnership": face,
        "sides": [one for one in side_cards(face) if one.side.is_active],
        "activities": public_activities(face),
        "here": request.build_absolute_uri(request.path),
    }
    return render(request, "partnerships/public_face.html", context)


@never_cache
@login_required
@require_POST
def open_it(request: HttpRequest, pk: int) -> HttpResponse:
    """``/introductions/<pk>/workspace/``: the workspace of two that have met."""
    reader, now = signed_in(request), timezone.now()
    found = meeting(pk, reader=reader, as_slug=request.POST.get("as", ""), now=now)
    if found is None:
        raise Http404
    if found.us is None:
        raise PermissionDenied
    side = Community(pk=found.us.pk)
    try:
        opened = open_workspace(introduction=found.introduction, side=side, by=reader, now=now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("partnerships:introduction", pk)
    return redirect("partnerships:partnership", opened.slug)


def _from_inside(request: HttpRequest, inside: Workspace) -> HttpResponse:
    now = timezone.now()
    waiting, seats = proposals_of(inside, only_living=True), seats_of(inside)
    context = {
        "workspace": inside,
        "here": "home",
        "next_activities": next_activities(inside, now=now),
        "next_step": next_step(inside, waiting, now=now),
        "waiting": waiting,
        "shores": shores(inside, seats),
        "standings": standings(inside.partnership.warned.get("words", {})),
        "roles": named_roles(inside, seats, today=timezone.localdate()),
    }
    return render(request, "partnerships/partnership.html", context)
