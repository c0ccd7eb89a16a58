"""What changes about a person: signing up, the settings, and what is tidied away."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.choices import Digest
from twincitylab.community.models import Person
from twincitylab.community.rules.names import fitting_name
from twincitylab.community.rules.refusals import Refused

DAYS_TO_CONFIRM = 2


@dataclass(frozen=True)
class Wishes:
    """How a person wants to be spoken to."""

    name: str
    language: str
    timezone: str
    digest: str


def actor(person: Person) -> str:
    """How the audit trail names a person: by number, never by name or address."""
    return f"person {person.pk}"


def reader_language() -> str:
    """The language now spoken, as one of ours."""
    spoken = translation.get_language() or settings.LANGUAGE_CODE
    return spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def welcome(*, person: Person, name: str, zone: str = "", now: dt.datetime) -> None:
    """Give a person who has just signed up a name, the language and the clock with which they did."""
    with transaction.atomic():
        person.name = fitting_name(name, field="name")
        person.language = reader_language()
        if zone in available_timezones():
            person.timezone = zone
        person.save(update_fields=["name", "language", "timezone"])
        record(actor=actor(person), action="sign up", subject=actor(person), now=now)


def change_wishes(*, by: Person, wishes: Wishes, now: dt.datetime) -> Person:
    """Change how the person is called and spoken to."""
    name = fitting_name(wishes.name, field="name")
    if not name:
        raise Refused(_("Write how others may call you."), field="name")
    if wishes.language not in dict(settings.LANGUAGES):
        raise Refused(_("Choose one of the languages in the list."), field="language")
    if wishes.timezone not in available_timezones():
        raise Refused(_("Choose one of the time zones in the list."), field="timezone")
    if wishes.digest not in Digest.values:
        raise Refused(_("Choose one of the answers in the list."), field="digest")
    new = {
        "name": name,
        "language": wishes.language,
        "timezone": wishes.timezone,
        "digest": wishes.digest,
    }
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=by.pk)
        changed = sorted(field for field, value in new.items() if getattr(person, field) != value)
        for field in changed:
            setattr(person, field, new[field])
        if changed:
            person.save(update_fields=changed)
            record(
                actor=actor(by),
                action="change settings",
                subject=actor(by),
                now=now,
                detail={"changed": changed},
            )
    return person


def speak(*, by: Person, language: str, now: dt.datetime) -> None:
    """Change the person's language alone."""
    wishes = Wishes(name=by.name, language=language, timezone=by.timezone, digest=by.digest)
    change_wishes(by=by, wishes=wishes, now=now)


def never_confirmed(email: str) -> list[Person]:
    """Accounts under this address that nobody has ever shown to be theirs, and that nothing hangs on."""
    return list(_unused().filter(emailaddress__email__iexact=email))


def tidy(*, now: dt.datetime) -> int:
    """Forget sign-ups that were never confirmed, and sessions that are over; returns how many sign-ups."""
    from django.contrib.sessions.models import Session

    Session.objects.filter(expire_date__lt=now).delete()
    old = _unused().filter(joined_at__lt=now - dt.timedelta(days=DAYS_TO_CONFIRM))
    return sum(1 for person in old if person.delete())


def _unused() -> QuerySet[Person]:
    from allauth.account.models import EmailAddress

    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return Person.objects.filter(
        Exists(addresses.filter(verified=False)),
        ~Exists(addresses.filter(verified=True)),
        last_login__isnull=True,
        memberships__isnull=True,
        is_staff=False,
        is_demonstration=False,
    )
