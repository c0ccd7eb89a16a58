"""The secret addresses of calendars."""

import datetime as dt
import secrets

from django.db import transaction

from twincitylab.community.models import Person
from twincitylab.partnerships.models import CalendarKey, Partnership
from twincitylab.partnerships.operations.workspaces import write_down
from twincitylab.partnerships.queries.calendar import digest_of

SECRET_BYTES = 32


def make_calendar_key(*, partnership: Partnership, by: Person, now: dt.datetime) -> str:
    """A new secret, told this once; one that was there before opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        CalendarKey.objects.update_or_create(
            partnership=partnership, person=by, defaults={"digest": digest_of(secret), "made_at": now}
        )
        write_down(partnership, "make calendar address", by=by, now=now)
    return secret


def revoke_calendar_key(*, partnership: Partnership, by: Person, now: dt.datetime) -> None:
    """From now on the address opens nothing."""
    with transaction.atomic():
        gone, _kinds = CalendarKey.objects.filter(partnership=partnership, person=by).delete()
        if gone:
            write_down(partnership, "revoke calendar address", by=by, now=now)
