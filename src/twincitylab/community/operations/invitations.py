"""Inviting people into a community, by link or by mail, and coming in."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from twincitylab.base import mail
from twincitylab.base.audit import record
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Invitation, Membership, NoMoreInvitations, Person
from twincitylab.community.operations.seats import lock_seats
from twincitylab.community.queries.invitations import addresses_of
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.invitations import (
    MOST_DAYS,
    MOST_MAILS_A_DAY,
    MOST_TO_ONE_ADDRESS,
    MOST_USES,
    TO_ONE_ADDRESS_WITHIN,
    digest_of,
    digest_of_address,
    no_more_token,
    token_of,
    trouble_with,
)
from twincitylab.community.rules.refusals import Refused


@transaction.atomic
def invite(
    *,
    community: Community,
    role: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
    email: str = "",
    language: str = "",
    uses: int = 1,
    days: int = 14,
) -> Invitation:
    """A way in, by mail to one address or, without one, by link; the same form sent again makes no second.

    The link is made of ``rules.invitations.token_of``; it is never stored. ``language`` is that of the mail.
    """
    community = lock_seats(community)
    require_standing(by, community, Standing.STEWARD)
    token = token_of(form_key, community=community, by=by)
    if made := Invitation.objects.filter(digest=digest_of(token)).first():
        return made
    email = email.strip().lower()
    _refuse_unfit(community, role=role, uses=uses, days=days)
    if email:
        _refuse_mail(community, email=email, by=by, now=now)
    invitation = Invitation.objects.create(
        community=community,
        role=role,
        email=email,
        digest=digest_of(token),
        made_by=by,
        made_at=now,
        expires_at=now + dt.timedelta(days=days),
        uses_left=1 if email or role == Role.STEWARD else uses,
    )
    if email:
        _mail(invitation, token=token, by=by, language=language)
    _note("invite", invitation=invitation, by=by, now=now, way="mail" if email else "link", role=role)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Person, now: dt.datetime) -> Invitation:
    """Take an invitation back: from now on it opens nothing."""
    community = lock_seats(invitation.community)
    require_standing(by, community, Standing.STEWARD)
    invitation = Invitation.objects.get(pk=invitation.pk)
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        invitation.save(update_fields=["revoked_at"])
        _note("revoke invitation", invitation=invitation, by=by, now=now)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: Person, now: dt.datetime) -> Membership:
    """Take the seat that is offered; who has it already uses nothing up."""
    community = lock_seats(invitation.community)
    invitation = Invitation.objects.select_related("community").get(pk=invitation.pk)
    seat = Membership.objects.filter(community=community, person=by).first()
    if seat and (seat.role == Role.STEWARD or invitation.role == Role.MEMBER):
        return seat
    if trouble := trouble_with(invitation, now=now):
        raise Refused(trouble)
    if invitation.email and invitation.email not in addresses_of(by):
        raise Refused(
            _(
                "This invitation was sent to another address than yours. "
                "Sign in with that address, or ask for an invitation by link."
            )
        )
    invitation.uses_left -= 1
    invitation.save(update_fields=["uses_left"])
    if seat:
        seat.role = Role.STEWARD
        seat.save(update_fields=["role"])
    else:
        seat = Membership.objects.create(community=community, person=by, role=invitation.role, since=now)
    _note("accept invitation", invitation=invitation, by=by, now=now, role=invitation.role)
    return seat


def want_no_more(digest: str, *, now: dt.datetime) -> None:
    """Whoever reads the mails to this address gets no more invitations; there need be no account."""
    with transaction.atomic():
        _row, is_new = NoMoreInvitations.objects.get_or_create(digest=digest, defaults={"said_at": now})
        if is_new:
            record(
                actor="reader of a mail", action="want no more invitations", subject="invitations", now=now
            )


def _refuse_unfit(community: Community, *, role: str, uses: int, days: int) -> None:
    if community.closed_at:
        raise Refused(_("This community is closed."))
    if role not in Role.values:
        raise Refused(_("Somebody is a steward or a member."), field="role")
    if not 1 <= uses <= MOST_USES:
        raise Refused(_("From 1 to %(most)d people may use a link.") % {"most": MOST_USES}, field="uses")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("An invitation lasts from 1 to %(most)d days.") % {"most": MOST_DAYS}, field="days")


def _refuse_mail(community: Community, *, email: str, by: Person, now: dt.datetime) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("This is no e-mail address."), field="email") from None
    today = Invitation.objects.filter(made_at__gt=now - dt.timedelta(days=1)).exclude(email="")
    if today.filter(made_by=by).count() >= MOST_MAILS_A_DAY:
        raise Refused(
            _("You have sent %(count)d invitations within a day. Go on tomorrow, or give a link.")
            % {"count": MOST_MAILS_A_DAY},
            field="email",
        )
    if today.filter(community=community).count() >= MOST_MAILS_A_DAY:
        raise Refused(
            _("Your community has sent %(count)d invitations within a day. Go on tomorrow, or give a link.")
            % {"count": MOST_MAILS_A_DAY},
            field="email",
        )
    if _has_enough(email, now=now):
        raise Refused(
            _("This address gets no more invitations by mail for now. Make a link and hand it over."),
            field="email",
        )


def _has_enough(email: str, *, now: dt.datetime) -> bool:
    """Whether the reader wants no more, or has got as many as anybody should; which of both is theirs.

    Those taken back count too: the mail has been sent.
    """
    if NoMoreInvitations.objects.filter(digest=digest_of_address(email)).exists():
        return True
    written = [email, digest_of_address(email)]  # a digest where the community is closed
    lately = Invitation.objects.filter(email__in=written, made_at__gt=now - TO_ONE_ADDRESS_WITHIN)
    return lately.count() >= MOST_TO_ONE_ADDRESS


def _mail(invitation: Invitation, *, token: str, by: Person, language: str) -> None:
    """One mail, in the reader's language where there is an account. In safety mode nobody is named in it."""
    account = Person.objects.filter(email__iexact=invitation.email).first()
    language = account.language if account else language or by.language
    community = invitation.community
    way_out = mail.absolute(reverse("community:no-invitations", args=[no_more_token(invitation.email)]))
    with translation.override(language):
        words = {"person": by.name, "community": community.shown_name, "role": invitation.get_role_display()}
        told = (
            _("%(community)s invites you to take part in it on Twin City Lab (as: %(role)s).")
            if community.is_safe_mode
            else _("%(person)s invites you to take part in %(community)s on Twin City Lab (as: %(role)s).")
        )
        text = "\n\n".join(
            (
                told % words,
                _("To accept, open this page:")
                + "\n"
                + mail.absolute(reverse("community:join", args=[token])),
                _("If you do not know who this is, do nothing: without you nothing happens."),
                _("No more invitations to this address, from anybody here:") + "\n" + way_out,
            )
        )
        subject = _("An invitation to %(community)s") % words
    mail.send(invitation.email, language=language, subject=subject, text=text + "\n", unsubscribe_url=way_out)


def _note(action: str, *, invitation: Invitation, by: Person, now: dt.datetime, **detail: object) -> None:
    record(
        actor=f"person {by.pk}",
        action=action,
        subject=f"community {invitation.community_id}",
        now=now,
        detail={"invitation": invitation.pk, **detail},
    )
