"""In which language the pages speak."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def choose(request: HttpRequest) -> HttpResponse:
    """``/language/?next=``: a button for each language; the choice itself is a POST."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    return render(request, "web/language.html", {"next": back})
