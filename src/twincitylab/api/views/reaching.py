"""The community that is spoken of, for the one who asks, and the key of what is created."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from twincitylab.api.bearer import asker, person
from twincitylab.community.models import Community
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import Standing, standing


def seen(request: HttpRequest, slug: str) -> Community:
    """A community that the asker may see; 404 for any other."""
    found = reachable_by(asker(request)).select_related("city__country").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def reached(
    request: HttpRequest, slug: str, *, least: Standing = Standing.VISITOR
) -> tuple[Community, Standing]:
    """The community and what the asker is to it: 404 when it may not be seen, 403 when that is too little."""
    community = seen(request, slug)
    held = standing(asker(request), community)
    if held < least:
        raise PermissionDenied
    return community, held


def own_key(request: HttpRequest, key: uuid.UUID) -> uuid.UUID:
    """The key as it counts: for this person at this address, so that nobody meets the keys of others."""
    return uuid.uuid5(key, f"{person(request).pk} {request.path}")
