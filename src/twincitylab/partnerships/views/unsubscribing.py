"""The way out of mails: one click from any mail, without signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from twincitylab.community.choices import Digest
from twincitylab.community.emails import person_of_token
from twincitylab.community.operations.notices import choose_digest
from twincitylab.partnerships.forms import DigestForm

UNPROCESSABLE = 422


@csrf_exempt  # the signature in the address proves what a cookie would; mail programs have none (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """``/unsubscribe/<token>/``: a GET only asks, because mail filters follow links; a POST without a choice
    of how often turns mails off."""
    person = person_of_token(token)
    if person is None:
        raise Http404
    saved = False
    with translation.override(person.language):
        form = DigestForm(
            request.POST if "digest" in request.POST else None, initial={"digest": Digest.NEVER}
        )
        if request.method == "POST":
            wish = request.POST.get("digest", Digest.NEVER)
            if wish in Digest.values:
                person = choose_digest(person=person, digest=wish, now=timezone.now())
                saved = True
        context = {"form": form, "saved": saved, "digest": Digest(person.digest)}
        status = 200 if saved or request.method != "POST" else UNPROCESSABLE
        response = render(request, "partnerships/unsubscribe.html", context, status=status)
    response.headers["Content-Language"] = person.language
    # The address is a key: no other site is told it.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
