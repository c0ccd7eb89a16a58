"""In which language the pages speak."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from twincitylab.community.operations.accounts import speak
from twincitylab.web.middleware import signed_in


def choose(request: HttpRequest) -> HttpResponse:
    """``/language/?next=``: a button for each language; the choice itself is a POST."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    return render(request, "web/language.html", {"next": back})


@require_POST
def choice(request: HttpRequest) -> HttpResponseBase:
    """``/language/choice/``: kept in a cookie and, for somebody with an account, in their settings."""
    language = request.POST.get("language", "")
    person = signed_in(request)
    if person is not None and language in dict(settings.LANGUAGES):
        speak(by=person, language=language, now=timezone.now())
    return set_language(request)
