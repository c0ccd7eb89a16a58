"""Shared notes, and decisions written down from a meeting."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_NAME, LONGEST_TEXT, Person
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.models import Activity, Decision, Note, Partnership, Side
from twincitylab.partnerships.operations.workspaces import lock_partnership, require_side, write_down
from twincitylab.partnerships.rules.contributions import FIRST_YEAR

LONGEST_NOTE = 20_000


class NoteChanged(Exception):
    """Somebody else has saved the note since the form was opened; ``note`` is as it is now."""

    def __init__(self, note: Note) -> None:
        super().__init__("changed in the meantime")
        self.note = note


def write_note(
    *,
    partnership: Partnership,
    side: Side,
    title: str,
    text: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
) -> Note:
    """Begin a note that all sides write on; the same form again gives the same note."""
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by)
        before = Note.objects.filter(form_key=form_key).first()
        if before is not None:
            if before.partnership_id != found.pk:
                raise PermissionDenied
            return before
        named, written = _fitting(title, text, language=language)
        note = Note.objects.create(
            partnership=found,
            title=named,
            text=written,
            language=language,
            side=ours,
            changed_by=by,
            made_at=now,
            changed_at=now,
            form_key=form_key,
        )
        write_down(found, "write note", by=by, now=now, side=ours, note=note.pk)
    return note


def change_note(
    *,
    note: Note,
    side: Side,
    title: str,
    text: str,
    language: str,
    revision: int,
    by: Person,
    now: dt.datetime,
) -> Note:
    """All sides write on it; ``NoteChanged`` when somebody else was quicker."""
    with transaction.atomic():
        found, _sides = lock_partnership(note.partnership)
        ours = require_side(found, side, by=by)
        current = Note.objects.select_for_update().filter(partnership=found, pk=note.pk).first()
        if current is None:
            raise Refused(
                _("This note has been taken out in the meantime. Your text can be copied from here.")
            )
        named, written = _fitting(title, text, language=language)
        if current.revision != revision:
            raise NoteChanged(current)
        current.title, current.text, current.language = named, written, language
        current.changed_by, current.changed_at = by, now
        current.revision += 1
        current.save()
        write_down(found, "change note", by=by, now=now, side=ours, note=note.pk, revision=current.revision)
    return current


def delete_note(*, note: Note, side: Side, by: Person, now: dt.datetime) -> None:
    """Only the side that began it takes it out."""
    with transaction.atomic():
        found, _sides = lock_partnership(note.partnership)
        ours = require_side(found, side, by=by)
        if note.side_id != ours.pk:
            raise Refused(_("Only the side that began this note can take it out."))
        Note.objects.filter(partnership=found, pk=note.pk).delete()
        write_down(found, "delete note", by=by, now=now, side=ours, note=note.pk)


def note_decision(
    *,
    partnership: Partnership,
    side: Side,
    day: dt.date,
    text: str,
    language: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
    activity: Activity | None = None,
) -> Decision:
    """Write down what a meeting decided. It binds nobody: what binds is a proposal with every side's yes."""
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        ours = require_side(found, side, by=by)
        before = Decision.objects.filter(form_key=form_key).first()
        if before is not None:
            if before.partnership_id != found.pk:
                raise PermissionDenied
            return before
        written = fitting_text(text, longest=LONGEST_TEXT, field="text", one_line=False)
        if not written:
            raise Refused(_("Write down what was decided."), field="text")
        if day.year < FIRST_YEAR or day > (now + dt.timedelta(days=1)).date():
            raise Refused(_("Choose the day on which it was decided."), field="day")
        if language not in written_codes():
            raise Refused(_("Choose one of the languages."), field="language")
        decision = Decision.objects.create(
            partnership=found,
            day=day,
            text=written,
            language=language,
            activity=activity,
            side=ours,
            made_by=by,
            made_at=now,
            form_key=form_key,
        )
        write_down(found, "note decision", by=by, now=now, side=ours, decision=decision.pk)
    return decision


def _fitting(title: str, text: str, *, language: str) -> tuple[str, str]:
    named = fitting_text(title, longest=LONGEST_NAME, field="title")
    if not named:
        raise Refused(_("Give the note a title."), field="title")
    if language not in written_codes():
        raise Refused(_("Choose one of the languages."), field="language")
    return named, fitting_text(text, longest=LONGEST_NOTE, field="text", one_line=False)
