"""Who a person is to a community, and what that allows. Pages, the API and operations all ask here."""

from enum import IntEnum

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Membership, Person

AnyPerson = Person | None
"""Somebody who asks; None is a visitor without an account."""


class Standing(IntEnum):
    """What somebody is to one community; whoever stands higher may do all that is below."""

    VISITOR = 0
    PERSON = 1
    MEMBER = 2
    STEWARD = 3


def standing(person: AnyPerson, community: Community) -> Standing:
    """One query for a person with an account, none for a visitor."""
    if person is None or not person.is_active:
        return Standing.VISITOR
    seat = Membership.objects.filter(person=person, community=community).first()
    if seat is None:
        return Standing.PERSON
    return Standing.STEWARD if seat.role == Role.STEWARD else Standing.MEMBER


def require_standing(person: AnyPerson, community: Community, least: Standing) -> Person:
    """The person, when it stands high enough; otherwise ``PermissionDenied``, which says for whom it is."""
    if person is None or standing(person, community) < least:
        raise PermissionDenied(for_whom(least))
    return person


def for_whom(least: Standing) -> str:
    """What the page of a refusal says to somebody who may see the community but stands lower than this."""
    if least >= Standing.STEWARD:
        return _("Only stewards of this community can see this page, or change something with it.")
    if least == Standing.MEMBER:
        return _("Only members of this community can see this page.")
    return _("Sign in to see this page.")


def may_facilitate(person: Person) -> bool:
    """Whether the person is a facilitator or an administrator."""
    return person.is_active and (person.is_facilitator or person.is_superuser)


def require_facilitator(person: AnyPerson) -> Person:
    """The person, when it is a facilitator or an administrator."""
    if person is None or not may_facilitate(person):
        raise PermissionDenied(_("Only facilitators can see this page."))
    return person
