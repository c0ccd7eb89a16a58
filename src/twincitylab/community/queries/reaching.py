"""A community by its address, for the one who asks: what may not be seen is like what does not exist."""

from django.core.exceptions import PermissionDenied

from twincitylab.community.models import Community
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import AnyPerson, Standing, for_whom, standing


def seen_by(person: AnyPerson, slug: str) -> Community:
    """The community with its place; raises ``Community.DoesNotExist`` when the person may not see it."""
    return reachable_by(person).select_related("city__country").get(slug=slug)


def reached_by(person: AnyPerson, slug: str, *, least: Standing) -> tuple[Community, Standing]:
    """The community and what the person is to it; raises ``PermissionDenied`` when that is too little."""
    community = seen_by(person, slug)
    held = standing(person, community)
    if held < least:
        raise PermissionDenied(for_whom(least))
    return community, held
