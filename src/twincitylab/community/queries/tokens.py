"""Whom an API token speaks for."""

import datetime as dt
import hashlib
import hmac

from django.db.models import Q, QuerySet
from django.utils import timezone

from twincitylab.community.models import ApiToken, Person

PREFIX = "tcl_"
READ, WRITE = "read", "write"
LONGEST_TOKEN = 100
NOTED_EVERY = dt.timedelta(minutes=1)


def digest_of(text: str) -> str:
    """What is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def person_of_token(text: str, scope: str) -> Person | None:
    """The person who gave this token for ``scope``; None when it is unknown, over, or for something else.

    One query, and once a minute a second that notes the use.
    """
    if not text.startswith(PREFIX) or len(text) > LONGEST_TOKEN:
        return None
    digest = digest_of(text)
    token = ApiToken.objects.select_related("person").filter(digest=digest).first()
    if token is None or not hmac.compare_digest(token.digest, digest):
        return None
    now = timezone.now()
    if token.expires_at <= now or scope not in token.scopes or not token.person.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(due, pk=token.pk).update(last_used_at=now)
    return token.person


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    """The person's tokens, the newest first."""
    return person.api_tokens.order_by("-created_at", "-pk")
