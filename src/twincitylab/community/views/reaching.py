"""Who asks, and the community they ask for."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

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
