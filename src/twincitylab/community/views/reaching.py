"""Who asks, and the community they ask for."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from twincitylab.community.models import Community, Person
from twincitylab.community.queries.reaching import reached_by
from twincitylab.community.rules.access import AnyPerson, Standing


def asker(request: HttpRequest) -> AnyPerson:
    """The person who is signed in; None for a visitor."""
    return request.user if request.user.is_authenticated else None


def require_person(request: HttpRequest) -> Person:
    """The person who is signed in, for views that only such people reach."""
    person = asker(request)
    if person is None:
        raise PermissionDenied
    return person


def reached(
    request: HttpRequest, slug: str, *, least: Standing = Standing.VISITOR
) -> tuple[Community, Standing]:
    """The community and what the asker is to it: 404 when it may not be seen, 403 when that is too little."""
    try:
        return reached_by(asker(request), slug, least=least)
    except Community.DoesNotExist:
        raise Http404 from None


def kept_private(answer: HttpResponse, request: HttpRequest) -> HttpResponse:
    """What somebody who is signed in reads stays in no cache, so that nobody after them finds it there."""
    if asker(request) is not None:
        add_never_cache_headers(answer)
    return answer
