"""Erasing a person: all that is theirs goes, and what others depend on stays without a name."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.choices import Role
from twincitylab.community.emails import send_last_mail
from twincitylab.community.models import Community, Invitation, Membership, Person
from twincitylab.community.operations.accounts import actor
from twincitylab.community.rules.invitations import digest_of_address
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.signals import community_closed

Farewell = Callable[[Person, dt.datetime], None]
Dependence = Callable[[Community], bool]

_farewells: dict[str, Farewell] = {}
_dependences: dict[str, Dependence] = {}


def register_farewell(name: str, farewell: Farewell) -> None:
    """Let an app above take a leaving person out of what it keeps, inside the same transaction."""
    _farewells[name] = farewell


def register_dependence(name: str, depends: Dependence) -> None:
    """Let an app above say that others depend on a community, beside its members."""
    _dependences[name] = depends


def held_by(person: Person) -> tuple[list[Community], list[Community]]:
    """The open communities whose last steward the person is and on which others depend; and those on which
    nobody else does, whether they are open or closed."""
    seats = Membership.objects.filter(community=OuterRef("pk"))
    alone = _with_others(
        Community.objects.filter(Exists(seats.filter(person=person))).exclude(
            Exists(seats.filter(role=Role.STEWARD).exclude(person=person))
        )
    )
    needed = [community for community in alone if community.closed_at is None and _is_needed(community)]
    free = [community for community in alone if not _is_needed(community)]
    return needed, free


def erase_person(*, by: Person, now: dt.datetime) -> None:
    """Erase the person who asks for it. ``Refused`` while others depend on a community only they can lead."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=by.pk)
        mine = Community.objects.filter(memberships__person=person).order_by("pk")
        list(mine.select_for_update(of=("self",)).values_list("pk", flat=True))
        needed, free = held_by(person)
        if needed:
            names = ", ".join(community.shown_name for community in needed)
            raise Refused(
                _(
                    "You are the last steward of %(names)s, and others depend on it. Make somebody else a "
                    "steward, or close the community first."
                )
                % {"names": names}
            )
        who = actor(person)
        for farewell in _farewells.values():
            farewell(person, now)
        for community in free:
            _delete(community, by=person, now=now)
        _forget(person)
        record(
            actor=who, action="erase person", subject=who, now=now, detail={"communities_deleted": len(free)}
        )
        send_last_mail(person, now=now)


def _is_needed(community: Community) -> bool:
    others = int(getattr(community, "others", 0))
    return others > 1 or any(depends(community) for depends in _dependences.values())


def _delete(community: Community, *, by: Person, now: dt.datetime) -> None:
    """Whoever waits for an answer of the community hears that none will come."""
    if community.closed_at is None:
        community_closed.send(sender=Community, community=community, by=by, now=now)
    community.delete()


def _with_others(communities: QuerySet[Community]) -> QuerySet[Community]:
    return communities.annotate(others=Count("memberships", distinct=True)).order_by("name", "pk")


def _forget(person: Person) -> None:
    """The sessions, invitations to any address of theirs, and the person with all that hangs on it."""
    from allauth.account.models import EmailAddress
    from allauth.usersessions.models import UserSession

    for session in UserSession.objects.filter(user=person):
        session.end()
    addresses = [person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)]
    for address in addresses:
        Invitation.objects.filter(Q(email__iexact=address) | Q(email=digest_of_address(address))).delete()
    person.delete()
