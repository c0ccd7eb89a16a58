"""Talking in threads, and telling the other sides that somebody has written."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_ABOUT, LONGEST_NAME, Notice, Person
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.models import Activity, Message, Partnership, Side, Thread
from twincitylab.partnerships.operations.workspaces import (
    lock_partnership,
    require_side,
    tell_sides,
    write_down,
)

WRITTEN = "talk-written"


def start_thread(
    *,
    partnership: Partnership,
    side: Side,
    title: str,
    text: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
    activity: Activity | None = None,
) -> Thread:
    """Begin to talk of something; the same form again gives the same thread."""
    with transaction.atomic():
        found, sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by)
        before = _sent_before(form_key, partnership=found)
        if before is not None:
            return before.thread
        named = fitting_text(title, longest=LONGEST_NAME, field="title")
        if not named:
            raise Refused(_("Say in a few words what it is about."), field="title")
        said = _fitting_message(text, language=language)
        thread = Thread.objects.create(
            partnership=found, title=named, activity=activity, made_at=now, last_at=now
        )
        message = _say(thread, ours, said, language=language, form_key=form_key, by=by, now=now)
        _tell(thread, sides=sides, ours=ours, by=by, now=now)
        write_down(found, "start thread", by=by, now=now, side=ours, thread=thread.pk, message=message.pk)
    return thread


def say(
    *,
    thread: Thread,
    side: Side,
    text: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Message:
    """Add a message to a thread; the same form again gives the same message."""
    with transaction.atomic():
        found, sides = lock_partnership(thread.partnership)
        ours = require_side(found, side, by=by)
        before = _sent_before(form_key, partnership=found)
        if before is not None:
            return before
        said = _fitting_message(text, language=language)
        message = _say(thread, ours, said, language=language, form_key=form_key, by=by, now=now)
        Thread.objects.filter(pk=thread.pk).update(last_at=now)
        _tell(thread, sides=sides, ours=ours, by=by, now=now)
        write_down(found, "say", by=by, now=now, side=ours, thread=thread.pk, message=message.pk)
    return message


def _sent_before(form_key: uuid.UUID, *, partnership: Partnership) -> Message | None:
    before = Message.objects.select_related("thread").filter(form_key=form_key).first()
    if before is not None and before.thread.partnership_id != partnership.pk:
        raise PermissionDenied
    return before


def _fitting_message(text: str, *, language: str) -> str:
    said = fitting_text(text, longest=LONGEST_ABOUT, field="text", one_line=False)
    if not said:
        raise Refused(_("Write a few words first."), field="text")
    if language not in written_codes():
        raise Refused(_("Choose one of the languages."), field="language")
    return said


def _say(
    thread: Thread,
    side: Side,
    text: str,
    *,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Message:
    return Message.objects.create(
        thread=thread,
        side=side,
        person=by,
        text=text,
        language=language,
        written_at=now,
        form_key=form_key,
    )


def _tell(thread: Thread, *, sides: tuple[Side, ...], ours: Side, by: Person, now: dt.datetime) -> None:
    """One notice a thread, as long as it waits unread and unmailed: a lively talk fills nobody's inbox."""
    address = reverse("partnerships:thread", args=[thread.partnership.slug, thread.pk])
    others = tuple(one for one in sides if one.is_active and one.pk != ours.pk)
    Notice.objects.filter(
        kind=WRITTEN,
        address=address,
        read_at__isnull=True,
        mailed_at__isnull=True,
        community__in=[one.community_id for one in others],
    ).delete()
    tell_sides(thread.partnership, WRITTEN, now=now, but=by, only=others, address=address)
