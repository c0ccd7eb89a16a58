"""Who may verify communities and introduce them: decided on the server, by whoever runs it."""

import datetime as dt

from django.db import transaction

from twincitylab.base.audit import record
from twincitylab.community.models import Person

ACTOR = "command line"


class NobodyThere(Exception):
    """No account has this address."""


@transaction.atomic
def appoint_facilitator(*, email: str, is_facilitator: bool, now: dt.datetime) -> Person:
    """Make the person with this address a facilitator, or none any more."""
    person = Person.objects.select_for_update().filter(email__iexact=email.strip()).first()
    if person is None:
        raise NobodyThere
    if person.is_facilitator != is_facilitator:
        person.is_facilitator = is_facilitator
        person.save(update_fields=["is_facilitator"])
        record(
            actor=ACTOR,
            action="appoint facilitator" if is_facilitator else "dismiss facilitator",
            subject=f"person {person.pk}",
            now=now,
        )
    return person
