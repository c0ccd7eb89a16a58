"""API tokens: made, shown once, taken back."""

import base64
import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.models import ApiToken, Person
from twincitylab.community.operations.accounts import actor
from twincitylab.community.queries.tokens import PREFIX, READ, WRITE, digest_of
from twincitylab.community.rules.refusals import Refused, fitting_text

MOST_TOKENS = 20
LONGEST_TOKEN_NAME = 80
MOST_DAYS = 365
SHOWN_AGAIN_WITHIN = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class NewToken:
    """A token and its text, which nobody can look up again."""

    token: ApiToken
    text: str


def make_token(
    *, by: Person, name: str, may_write: bool, days: int, form_key: uuid.UUID, now: dt.datetime
) -> NewToken:
    """Make a token. The same form sent twice makes one, and answers twice with the same text.

    The text follows from the form's key and the secret of this installation, so it is stored nowhere.
    """
    name = fitting_text(name, longest=LONGEST_TOKEN_NAME, field="name")
    if not name:
        raise Refused(_("Say what the token is for, so that you know it again."), field="name")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("A token is valid for at most a year."), field="days")
    text = _text(by, form_key)
    digest = digest_of(text)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)
        earlier = ApiToken.objects.filter(person=by, digest=digest).first()
        if earlier is not None:
            if now - earlier.created_at > SHOWN_AGAIN_WITHIN:
                raise Refused(
                    _("This token was made before, and its text is shown only once. Make a new one.")
                )
            return NewToken(earlier, text)
        if ApiToken.objects.filter(person=by).count() >= MOST_TOKENS:
            raise Refused(_("You have %(most)d tokens: take one back first.") % {"most": MOST_TOKENS})
        token = _store(by, name=name, may_write=may_write, days=days, digest=digest, now=now)
    return NewToken(token, text)


def revoke_token(*, by: Person, token_id: int, now: dt.datetime) -> None:
    """Take a token back: from now on it opens nothing. Taking it back twice does no harm."""
    with transaction.atomic():
        deleted, _by_kind = ApiToken.objects.filter(person=by, pk=token_id).delete()
        if deleted:
            record(actor=actor(by), action="revoke token", subject=f"token {token_id}", now=now)


def _store(by: Person, *, name: str, may_write: bool, days: int, digest: str, now: dt.datetime) -> ApiToken:
    scopes = [READ, WRITE] if may_write else [READ]
    try:
        token = ApiToken.objects.create(
            person=by,
            name=name,
            digest=digest,
            scopes=scopes,
            created_at=now,
            expires_at=now + dt.timedelta(days=days),
        )
    except IntegrityError:
        raise Refused(_("This form was used before. Open the page again.")) from None
    detail: dict[str, object] = {"scopes": scopes, "days": days}
    record(actor=actor(by), action="make token", subject=f"token {token.pk}", now=now, detail=detail)
    return token


def _text(by: Person, form_key: uuid.UUID) -> str:
    mac = salted_hmac("api token", f"{by.pk}:{form_key}", algorithm="sha256").digest()
    return PREFIX + base64.urlsafe_b64encode(mac).decode().rstrip("=")
