"""A partnership year by year."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from twincitylab.partnerships.queries.timeline import timeline as timeline_of
from twincitylab.partnerships.views.entering import entered


@never_cache
@login_required
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/timeline/``: one year open, all years to choose from."""
    workspace = entered(request, slug)
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None
    found = timeline_of(workspace, year=year)
    context = {"workspace": workspace, "here": "activities", "found": found}
    return render(request, "partnerships/timeline.html", context)
