"""The secret of an invitation, and when it no longer opens anything."""

import base64
import datetime as dt
import hashlib
import uuid

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from twincitylab.community.models import Community, Invitation, Person

MOST_DAYS = 60
MOST_USES = 100
MOST_MAILS_A_DAY = 20
"""By mail: of one community, and of one person for all of theirs."""
MOST_TO_ONE_ADDRESS = 3
TO_ONE_ADDRESS_WITHIN = dt.timedelta(days=30)
_NO_MORE = "twincitylab.no-invitations"


def token_of(form_key: uuid.UUID, *, community: Community, by: Person) -> str:
    """What stands in the link: from the form, so that the same form sent twice makes one invitation.

    Nobody can make it without the server's secret, and nothing from which it can be made is stored.
    """
    mac = salted_hmac("twincitylab.invitation", f"{community.pk} {by.pk} {form_key.hex}", algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()[:24]).decode()


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def digest_of_address(email: str) -> str:
    """What is stored of an address that wants no more; without the server's secret it says nothing."""
    return salted_hmac(_NO_MORE, email.strip().lower(), algorithm="sha256").hexdigest()


def no_more_token(email: str) -> str:
    """What stands in the link by which the reader of a mail of invitation wants no more: good for ever."""
    return signing.Signer(salt=_NO_MORE).sign(digest_of_address(email))


def digest_of_no_more(token: str) -> str | None:
    """Of which address the link is; None when we have not made it."""
    try:
        return signing.Signer(salt=_NO_MORE).unsign(token)
    except signing.BadSignature:
        return None


def trouble_with(invitation: Invitation, *, now: dt.datetime) -> str:
    """Why the invitation no longer opens its community; empty when it does."""
    if invitation.revoked_at or invitation.community.closed_at:
        return _("This invitation was taken back. Ask for a new one.")
    if invitation.expires_at <= now:
        return _("This invitation was not used in time. Ask for a new one.")
    if invitation.uses_left < 1:
        return _("This invitation has been used already. Ask for a new one.")
    return ""
