"""Taking one's data along, and erasing oneself."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.community.models import Person
from twincitylab.community.operations.erase import erase_person, held_by
from twincitylab.community.operations.export import export_chunks
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.confirm import freshly_confirmed


@never_cache
@login_required
def export_mine(request: HttpRequest) -> HttpResponseBase:
    """``/me/export/``: says what the ZIP holds; the download is a POST, so that no link starts it."""
    if request.method != "POST":
        return render(request, "community/export.html")
    now = timezone.now()
    chunks = export_chunks(by=cast("Person", request.user), now=now)
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="twincitylab-{now:%Y-%m-%d}.zip"'
    return response


@never_cache
@freshly_confirmed
def erase_me(request: HttpRequest) -> HttpResponse:
    """``/me/erase/``: says what goes and what stays, and does it when the person says so."""
    person = cast("Person", request.user)
    refusal = ""
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            refusal = _("Tick the box if you want to erase your account for good.")
        else:
            try:
                erase_person(by=person, now=timezone.now())
            except Refused as refused:
                refusal = refused.message
            else:
                logout(request)
                messages.success(request, _("Your account and all that was yours is erased."))
                return redirect("account_login")
    needed, free = held_by(person)
    words = {"needed": needed, "free": free, "refusal": refusal}
    return render(request, "community/erase.html", words, status=422 if refusal else 200)
