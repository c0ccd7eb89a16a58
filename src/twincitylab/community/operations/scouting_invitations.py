"""Turning a contact of the actor map into an invitation to the community."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.choices import Consent, Role
from twincitylab.community.models import Contact, Invitation, Person
from twincitylab.community.operations.invitations import invite, revoke_invitation
from twincitylab.community.operations.scouting import locked_contact, save_changed
from twincitylab.community.rules.refusals import Refused


def invite_contact(
    contact: Contact,
    *,
    email: str = "",
    language: str = "",
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Invitation:
    """A way in for the contact as a member, by mail or by a link to pass on; one that was open before is
    taken back. The contact must have been asked first: nobody gets mail because a third one named them."""
    with transaction.atomic():
        locked = locked_contact(contact, by=by)
        if trouble := trouble_with_inviting(locked):
            raise Refused(trouble)
        before = locked.invitation
        made = invite(
            community=locked.community,
            role=Role.MEMBER,
            email=email,
            language=language,
            form_key=form_key,
            by=by,
            now=now,
        )
        if before is not None and before.pk == made.pk:
            return made
        if before is not None:
            revoke_invitation(invitation=before, by=by, now=now)
        locked.invitation = made
        save_changed(locked, now=now)
        record(
            actor=f"person {by.pk}",
            action="invite contact",
            subject=f"community {locked.community_id}",
            now=now,
            detail={"contact": locked.pk, "invitation": made.pk},
        )
    return made


def trouble_with_inviting(contact: Contact) -> str:
    """Why the contact cannot be invited; empty when it can."""
    if contact.consent == Consent.NOT_ASKED:
        return _("Ask them first whether they want to hear from you: nobody is invited behind their back.")
    if contact.consent == Consent.REFUSED:
        return _("They do not agree. Invite them only when they come to you, and note that they agree.")
    return ""
