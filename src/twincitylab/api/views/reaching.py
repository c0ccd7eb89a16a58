"""The community that is spoken of, for the one who asks, and the key of what is created."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema

from twincitylab.api.bearer import asker, person
from twincitylab.api.refusals import Overtaken
from twincitylab.community.models import Community
from twincitylab.community.operations.sent_keys import SentSomethingElse, remember_key
from twincitylab.community.queries.reaching import reached_by, seen_by
from twincitylab.community.rules.access import Standing


def seen(request: HttpRequest, slug: str) -> Community:
    """A community that the asker may see; 404 for any other."""
    return seen_by(asker(request), slug)


def reached(
    request: HttpRequest, slug: str, *, least: Standing = Standing.VISITOR
) -> tuple[Community, Standing]:
    """The community and what the asker is to it: 404 when it may not be seen, 403 when that is too little."""
    return reached_by(asker(request), slug, least=least)


@contextmanager
def created_once(
    request: HttpRequest, key: uuid.UUID, *, sent: Schema, of: QuerySet[Any]
) -> Iterator[uuid.UUID]:
    """The key under which to create a row of this kind, once.

    409 when the key was sent before with another content, or when what it created has been deleted since.
    """
    own = _own_key(request, key)
    with transaction.atomic():
        try:
            is_new = remember_key(own, content=sent.model_dump_json(), now=timezone.now())
        except SentSomethingElse:
            sentence = _(
                "This Idempotency-Key was sent before with another content. Make a new one for each thing."
            )
            raise Overtaken(sentence, current={}) from None
        if not is_new and not of.filter(form_key=own).exists():
            sentence = _(
                "What this Idempotency-Key created has been deleted since. Send a new key to create it anew."
            )
            raise Overtaken(sentence, current={})
        yield own


def _own_key(request: HttpRequest, key: uuid.UUID) -> uuid.UUID:
    """The key as it counts: for this person at this address, so that nobody meets the keys of others."""
    return uuid.uuid5(key, f"{person(request).pk} {request.path}")
