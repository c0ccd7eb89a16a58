"""The calendar of a partnership: its secret address, the feed, and one entry."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twincitylab.partnerships.operations.calendars import make_calendar_key, revoke_calendar_key
from twincitylab.partnerships.queries.activities import activity_in
from twincitylab.partnerships.queries.calendar import (
    calendar_file,
    calendar_of,
    has_calendar,
    workspace_of_calendar,
)
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered

MEDIA_TYPE = "text/calendar; charset=utf-8"


@never_cache
@login_required
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/calendar/``: an address of one's own, shown once, and the way to end it."""
    workspace, person, now = entered(request, slug), signed_in(request), timezone.now()
    secret = ""
    if request.method == "POST":
        if request.POST.get("step") == "revoke":
            revoke_calendar_key(partnership=workspace.partnership, by=person, now=now)
            messages.success(request, _("The address opens nothing any more."))
            return redirect("partnerships:calendar", slug)
        secret = make_calendar_key(partnership=workspace.partnership, by=person, now=now)
    context = {
        "workspace": workspace,
        "here": "activities",
        "address": settings.SITE_ADDRESS + reverse("partnerships:feed", args=[secret]) if secret else "",
        "has_calendar": has_calendar(workspace, person=person.pk),
    }
    return render(request, "partnerships/calendar.html", context)


@never_cache
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """``/calendars/<secret>/``: for calendar programs, which cannot sign in."""
    del request
    workspace = workspace_of_calendar(secret)
    if workspace is None:
        raise Http404
    content = calendar_of(workspace, name=_name(workspace), now=timezone.now())
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@login_required
@require_safe
def entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/activities/<pk>/calendar/``: one activity as a file."""
    workspace = entered(request, slug)
    view = activity_in(workspace, pk)
    if view is None:
        raise Http404
    content = calendar_file([view.activity], slug=slug, name=_name(workspace))
    headers = {"Content-Disposition": f'attachment; filename="activity-{pk}.ics"'}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


def _name(workspace: Workspace) -> str:
    return workspace.partnership.name or " – ".join(one.name for one in workspace.sides)
