"""Telling people what they should know: in their inbox, and by mail as often as they wish."""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from smtplib import SMTPException

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.choices import Digest
from twincitylab.community.emails import send_digest
from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.queries.notices import notices_of, people_to_mail, to_mail
from twincitylab.community.rules.refusals import Refused

logger = logging.getLogger(__name__)

MOST_MAILS_PER_ROUND = 500


def notify(
    people: Iterable[Person],
    *,
    kind: str,
    words: Mapping[str, object],
    address: str,
    community: Community | None = None,
    now: dt.datetime,
) -> None:
    """Put a notice into each person's inbox, part of the change it tells of; the worker mails it.

    Name communities in ``words`` by ``community_id`` and ``other_id``: their names are looked up when the
    notice is read, so that safety mode holds for what was written before it.
    """
    Notice.objects.bulk_create(
        Notice(person=person, community=community, kind=kind, words=dict(words), address=address, made_at=now)
        for person in people
    )


def mark_read(
    *, by: Person, now: dt.datetime, pks: Iterable[int] | None = None, address: str | None = None
) -> int:
    """Mark the person's notices as read: those named, those that lead to an address, or all."""
    unread = notices_of(by, only_unread=True)
    if pks is not None:
        unread = unread.filter(pk__in=list(pks))
    if address is not None:
        unread = unread.filter(address=address)
    return unread.order_by().update(read_at=now)


def choose_digest(*, person: Person, digest: str, now: dt.datetime) -> Person:
    """How often mails come from now on."""
    if digest not in Digest.values:
        raise Refused(_("Mails come at once, once a day, once a week or never."), field="digest")
    with transaction.atomic():
        found = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if found.digest != digest:
            found.digest = digest
            found.save(update_fields=["digest"])
            record(
                actor=f"person {found.pk}",
                action="choose how often mails come",
                subject=f"person {found.pk}",
                now=now,
                detail={"digest": digest},
            )
    return found


def send_digests(*, now: dt.datetime) -> int:
    """Mail everybody whose digest is due; returns how many mails. Safe to run in several processes at once.

    While the mail server is away nothing is claimed, so that everything waits until it is back.
    """
    due = list(people_to_mail(now=now).values_list("pk", flat=True)[:MOST_MAILS_PER_ROUND])
    if not due or not _server_answers():
        return 0
    return sum(_send_one(pk, now=now) for pk in due)


def _send_one(pk: int, *, now: dt.datetime) -> bool:
    """Claim one person's notices, and mail them when the claim is kept.

    The mail goes out after the commit: a crash before it leaves everything due, and a crash after it never
    sends the same twice.
    """
    with transaction.atomic():
        due = people_to_mail(now=now).filter(pk=pk)
        person = due.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
        notices = list(to_mail(person, now=now)) if person else []
        if person is None or not notices:
            return False
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
        Person.objects.filter(pk=pk).update(digest_sent_at=now)
        send_digest(person, notices=notices)
    return True


def _server_answers() -> bool:
    """Whether the mail server can be reached; mails that become files can always be written."""
    connection = get_connection()
    if not isinstance(connection, SmtpBackend):
        return True
    try:
        connection.open()
    except (OSError, SMTPException) as trouble:
        logger.warning("mails wait, because the mail server is away: %s", type(trouble).__name__)
        return False
    connection.close()
    return True
