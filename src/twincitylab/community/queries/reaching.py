"""A community by its address, for the one who asks: what may not be seen is like what does not exist."""

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Membership
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import AnyPerson, Standing, for_whom

SEAT = "seat_of_the_reader"


def seen_by(person: AnyPerson, slug: str) -> Community:
    """The community with its place; raises ``Community.DoesNotExist`` when the person may not see it."""
    return _reachable(person).get(slug=slug)


def reached_by(person: AnyPerson, slug: str, *, least: Standing) -> tuple[Community, Standing]:
    """The community and what the person is to it, in one query; raises ``PermissionDenied`` when that is too
    little."""
    if person is None or not person.is_active:
        community, held = seen_by(person, slug), Standing.VISITOR
    else:
        seats = Membership.objects.filter(person=person, community=OuterRef("pk"))
        community = _reachable(person).annotate(**{SEAT: Subquery(seats.values("role")[:1])}).get(slug=slug)
        held = _standing(getattr(community, SEAT))
    if held < least:
        raise PermissionDenied(for_whom(least))
    return community, held


def _reachable(person: AnyPerson) -> QuerySet[Community]:
    return reachable_by(person).select_related("city__country")


def _standing(role: str | None) -> Standing:
    if role is None:
        return Standing.PERSON
    return Standing.STEWARD if role == Role.STEWARD else Standing.MEMBER
