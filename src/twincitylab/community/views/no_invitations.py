"""The way out of invitations for people without an account: one click from the mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from twincitylab.community.operations.invitations import want_no_more
from twincitylab.community.rules.invitations import digest_of_no_more


@csrf_exempt  # the signature in the address proves what a cookie would; mail programs have none (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_invitations(request: HttpRequest, token: str) -> HttpResponse:
    """``/no-invitations/<token>/``: a GET only asks, because mail filters follow links."""
    digest = digest_of_no_more(token)
    if digest is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        want_no_more(digest, now=timezone.now())
    response = render(request, "community/no_invitations.html", {"is_done": is_done})
    # The address is a key: no other site is told it.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
