"""What a person should know: lines of the inbox, and whose mail is due."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from twincitylab.base import mail
from twincitylab.community.choices import Digest
from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.notice_sentences import sentence

PERIODS = {
    Digest.AT_ONCE: dt.timedelta(0),
    Digest.DAILY: dt.timedelta(days=1),
    Digest.WEEKLY: dt.timedelta(days=7),
}
# What is older has been read, or lost its point; somebody who turns mails on again is not flooded.
MAILED_WITHIN = dt.timedelta(days=14)


@dataclass(frozen=True)
class NoticeLine:
    """One notice as its reader sees it."""

    pk: int
    sentence: str
    address: str
    made_at: dt.datetime
    is_unread: bool


def notices_of(
    person: Person, *, only_unread: bool = False, community: Community | None = None
) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    found = Notice.objects.filter(person=person)
    if only_unread:
        found = found.filter(read_at__isnull=True)
    if community is not None:
        found = found.filter(community=community)
    return found.order_by("-made_at", "-pk")


def unread_count(person: Person) -> int:
    return Notice.objects.filter(person=person, read_at__isnull=True).count()


def notice_counts(person: Person) -> tuple[int, int]:
    """How many notices the person has, and how many of them are unread."""
    found = Notice.objects.filter(person=person).aggregate(
        every=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True))
    )
    return found["every"], found["unread"]


def notice_lines(notices: Iterable[Notice], *, reader: Person) -> tuple[NoticeLine, ...]:
    """The notices in the language in force, with one query for all names in them.

    A community stands under the name it shows now, and only if the reader may see it now: a notice from
    before its safety mode tells nothing.
    """
    notices = tuple(notices)
    names = _names_for(reader, notices)
    return tuple(
        NoticeLine(
            pk=notice.pk,
            sentence=sentence(notice.kind, _words(notice, names)),
            address=notice.address,
            made_at=notice.made_at,
            is_unread=notice.read_at is None,
        )
        for notice in notices
    )


def to_mail(person: Person, *, now: dt.datetime) -> QuerySet[Notice]:
    """What the person has neither read nor been mailed, the oldest first."""
    return Notice.objects.filter(
        person=person, mailed_at__isnull=True, read_at__isnull=True, made_at__gt=now - MAILED_WITHIN
    ).order_by("made_at", "pk")


def people_to_mail(*, now: dt.datetime) -> QuerySet[Person]:
    """People whose digest is due and has something to tell; invented ones only where their mails are files
    that a demonstration shows."""
    is_due = Q()
    for digest, period in PERIODS.items():
        rested = Q(digest_sent_at__isnull=True) | Q(digest_sent_at__lte=now - period)
        is_due |= Q(digest=digest) & (rested if period else Q())
    waiting = Notice.objects.filter(
        person=OuterRef("pk"),
        mailed_at__isnull=True,
        read_at__isnull=True,
        made_at__gt=now - MAILED_WITHIN,
    )
    people = Person.objects.filter(is_due, Exists(waiting), is_active=True).order_by("pk")
    is_shown = settings.DEMONSTRATION and mail.goes_to_files()
    return people if is_shown else people.filter(is_demonstration=False)


def _names_for(reader: Person, notices: Iterable[Notice]) -> dict[int, str]:
    asked = {word for notice in notices for word in (_id(notice, "community"), _id(notice, "other")) if word}
    if not asked:
        return {}
    return {community.pk: community.shown_name for community in reachable_by(reader).filter(pk__in=asked)}


def _words(notice: Notice, names: dict[int, str]) -> dict[str, object]:
    words = dict(notice.words)
    for key in ("community", "other"):
        found = _id(notice, key)
        if found:
            words[key] = names.get(found, "")
    return words


def _id(notice: Notice, key: str) -> int:
    """The community that a notice names: its words hold ids, so that a name is looked up when it is read."""
    named = notice.words.get(f"{key}_id")
    return named if isinstance(named, int) else 0
