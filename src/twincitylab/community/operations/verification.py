"""The badge of a community whom a facilitator knows to be who it says it is."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.models import LONGEST_LINE, Community, Person
from twincitylab.community.operations.notices import notify
from twincitylab.community.rules.access import (
    Standing,
    require_facilitator,
    require_standing,
    standing,
)
from twincitylab.community.rules.refusals import Refused, fitting_text

SHORTEST_REASON = 10


@transaction.atomic
def verify_community(*, community: Community, reason: str, by: Person, now: dt.datetime) -> Community:
    """Give the badge, with the reason that is shown beside it; nobody verifies a community of their own."""
    require_facilitator(by)
    community = Community.objects.select_for_update().get(pk=community.pk)
    if standing(by, community) >= Standing.MEMBER:
        raise Refused(_("You belong to this community: let another facilitator look at it."))
    if community.closed_at:
        raise Refused(_("This community is closed."))
    reason = fitting_text(reason, longest=LONGEST_LINE, field="reason")
    if len(reason) < (SHORTEST_REASON if reason.isascii() else 2):
        raise Refused(_("Say in a sentence how you know who they are."), field="reason")
    community.verified_at, community.verified_by, community.verified_reason = now, by, reason
    _save(community, action="verify community", by=by, now=now)
    return community


@transaction.atomic
def withdraw_verification(*, community: Community, by: Person, now: dt.datetime) -> Community:
    """Take the badge back."""
    require_facilitator(by)
    community = Community.objects.select_for_update().get(pk=community.pk)
    if community.verified_at:
        community.verified_at, community.verified_by, community.verified_reason = None, None, ""
        _save(community, action="withdraw verification", by=by, now=now)
    return community


@transaction.atomic
def ask_for_verification(*, community: Community, by: Person, now: dt.datetime) -> Community:
    """Let facilitators open the page on which they verify, whoever may see the community otherwise; they are
    told once."""
    require_standing(by, community, Standing.STEWARD)
    community = Community.objects.select_for_update().get(pk=community.pk)
    if community.closed_at:
        raise Refused(_("This community is closed."))
    if community.verification_asked_at or community.verified_at:
        return community
    community.verification_asked_at = now
    _save(community, action="ask for verification", by=by, now=now)
    facilitators = Person.objects.filter(is_facilitator=True, is_active=True).exclude(
        memberships__community=community
    )
    page = reverse("community:verify", args=[community.slug])
    notify(facilitators, kind="verification-asked", words={}, address=page, now=now)
    return community


@transaction.atomic
def ask_no_more(*, community: Community, by: Person, now: dt.datetime) -> Community:
    """Take the question back: facilitators see no more than anybody else again."""
    require_standing(by, community, Standing.STEWARD)
    community = Community.objects.select_for_update().get(pk=community.pk)
    if community.verification_asked_at:
        community.verification_asked_at = None
        _save(community, action="ask for verification no more", by=by, now=now)
    return community


def _save(community: Community, *, action: str, by: Person, now: dt.datetime) -> None:
    # Not the revision: stewards who edit meanwhile change other things, and nothing of theirs is lost.
    community.save(update_fields=["verified_at", "verified_by", "verified_reason", "verification_asked_at"])
    record(actor=f"person {by.pk}", action=action, subject=f"community {community.pk}", now=now)
