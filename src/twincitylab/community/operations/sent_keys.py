"""Remembering under which key a program has created something: once, and never again with anything else."""

import datetime as dt
import uuid

from django.utils.crypto import constant_time_compare, salted_hmac

from twincitylab.community.models import SentKey


class SentSomethingElse(Exception):
    """The key was sent before, with another content."""


def remember_key(key: uuid.UUID, *, content: str, now: dt.datetime) -> bool:
    """Keep the key with a digest of what was sent; False when the same was sent before.

    Call it inside the transaction that creates the thing: what is refused is not remembered.
    """
    digest = salted_hmac("twincitylab.sent", content, algorithm="sha256").hexdigest()
    row, is_new = SentKey.objects.get_or_create(key=key, defaults={"digest": digest, "sent_at": now})
    if not constant_time_compare(row.digest, digest):
        raise SentSomethingElse
    return is_new
