"""Invitations that still open something, and whose a link is."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from twincitylab.community.models import Community, Invitation, Person
from twincitylab.community.rules.invitations import digest_of


def open_invitations(community: Community, *, now: dt.datetime) -> QuerySet[Invitation]:
    """Those that somebody could still use, the newest first."""
    return (
        Invitation.objects.filter(
            community=community, revoked_at__isnull=True, uses_left__gt=0, expires_at__gt=now
        )
        .select_related("made_by")
        .order_by("-made_at", "-pk")
    )


def invitation_of(token: str) -> Invitation | None:
    """The invitation whose link this is."""
    return (
        Invitation.objects.filter(digest=digest_of(token))
        .select_related("community__city__country", "made_by")
        .first()
    )


def addresses_of(person: Person) -> set[str]:
    """The e-mail addresses that the person has shown to be theirs."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return {address.lower() for address in confirmed}
