"""All partnerships of a person, and the front page of one."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from twincitylab.community.models import Person
from twincitylab.partnerships.queries.activities import next_activities
from twincitylab.partnerships.queries.workspaces import public_face, side_cards, workspace, workspaces_of
from twincitylab.partnerships.views.asking import signed_in


@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """``/partnerships/``: the partnerships of my communities."""
    return render(
        request, "partnerships/partnerships.html", {"workspaces": workspaces_of(signed_in(request))}
    )


@never_cache
def partnership(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/``: from inside for its people, its public face for everybody else."""
    if isinstance(request.user, Person):
        inside = workspace(slug, person=request.user, as_slug=request.GET.get("as", ""))
        if inside is not None:
            planned = next_activities(inside, now=timezone.now())
            context = {"workspace": inside, "here": "home", "next_activities": planned}
            return render(request, "partnerships/partnership.html", context)
    face = public_face(slug)
    if face is None:
        raise Http404
    return render(request, "partnerships/public_face.html", {"partnership": face, "sides": side_cards(face)})
