"""Which communities somebody may see: every page, list, count, export, feed and mail starts here."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from twincitylab.community.choices import Visibility
from twincitylab.community.models import Community, Disclosure, Membership, Person
from twincitylab.community.rules.access import AnyPerson


def listed_for(person: AnyPerson) -> QuerySet[Community]:
    """Communities that may stand in lists, searches, maps, counts, exports and feeds for this person.

    Never one in safety mode, never a hidden one, never one that was given up; not even one's own, so that
    a list read over somebody's shoulder tells nothing.
    """
    open_ones = Community.objects.filter(closed_at__isnull=True, is_safe_mode=False)
    if person is None:
        return open_ones.filter(visibility=Visibility.PUBLIC)
    return open_ones.filter(visibility__in=[Visibility.PUBLIC, Visibility.MEMBERS])


def reachable_by(person: AnyPerson) -> QuerySet[Community]:
    """Communities whose page this person may open: listed ones, its own, those that let one of its own see
    them, and, for somebody who has a community, those in safety mode under their pseudonym."""
    listed = Q(is_safe_mode=False, closed_at__isnull=True)
    if person is None:
        return Community.objects.filter(listed, visibility=Visibility.PUBLIC)
    seats = Membership.objects.filter(person=person)
    own = Exists(seats.filter(community=OuterRef("pk")))
    shown = Disclosure.objects.filter(community=OuterRef("pk"), to__memberships__person=person)
    return Community.objects.filter(
        (
            Q(closed_at__isnull=True)
            & ~Q(visibility=Visibility.HIDDEN)
            & (Q(is_safe_mode=False) | Exists(seats))
        )
        | own
        | Exists(shown)
    )


def numbered_for(person: AnyPerson) -> QuerySet[Community]:
    """Communities whose needs and offers this person may ask for by a plain number: those it may find in a
    list, and its own. Whoever counts the numbers through must not come upon one in safety mode."""
    reached = reachable_by(person)
    if person is None:
        return reached
    own = Exists(Membership.objects.filter(person=person, community=OuterRef("pk")))
    return reached.filter(Q(is_safe_mode=False) | own)


def verifiable_by(person: Person) -> QuerySet[Community]:
    """Communities that a facilitator may look at to verify them: those it may see anyway, and those that have
    asked for it."""
    seen = reachable_by(person).values("pk")
    return Community.objects.filter(
        Q(pk__in=seen) | Q(verification_asked_at__isnull=False, closed_at__isnull=True)
    )


def matchable() -> QuerySet[Community]:
    """Communities that may be shown to others as a match: never hidden, never given up."""
    return Community.objects.filter(closed_at__isnull=True).exclude(visibility=Visibility.HIDDEN)
