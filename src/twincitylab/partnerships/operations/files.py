"""Keeping files in the data home: whole or not at all."""

import datetime as dt
import hashlib
import os
import uuid
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_LINE, Person
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.models import Activity, Partnership, SharedFile, Side
from twincitylab.partnerships.operations.workspaces import lock_partnership, require_side, write_down
from twincitylab.partnerships.queries.papers import path_of
from twincitylab.partnerships.rules.files import MOST_BYTES, MOST_FILES, fitting_file


def share_file(
    *,
    partnership: Partnership,
    side: Side,
    content: bytes,
    name: str,
    about: str,
    form_key: uuid.UUID,
    by: Person,
    now: dt.datetime,
    activity: Activity | None = None,
    declared: str = "",
) -> SharedFile:
    """Keep a file for all sides; the same form again gives the same file.

    ``Refused`` says what would be right.
    """
    fit = fitting_file(content, name=name, declared=declared)
    said = fitting_text(about, longest=LONGEST_LINE, field="about")
    key = uuid.uuid4()
    path = path_of(partnership.pk, key)
    try:
        with transaction.atomic():
            found, _sides = lock_partnership(partnership)
            ours = require_side(found, side, by=by)
            before = SharedFile.objects.filter(form_key=form_key).first()
            if before is not None:
                return _same(before, partnership=found)
            _require_room(found, size=len(fit.content))
            _write(path, fit.content)
            file = SharedFile.objects.create(
                key=key,
                partnership=found,
                activity=activity,
                name=fit.name,
                about=said,
                media_type=fit.kind.media_type,
                size=len(fit.content),
                digest=hashlib.sha256(fit.content).hexdigest(),
                side=ours,
                made_by=by,
                made_at=now,
                form_key=form_key,
            )
            write_down(found, "share file", by=by, now=now, side=ours, file=file.pk, size=file.size)
    except BaseException:
        _remove(path)
        raise
    return file


def delete_file(*, file: SharedFile, side: Side, by: Person, now: dt.datetime) -> None:
    """Only the side that shared it takes it out, and its bytes with it."""
    with transaction.atomic():
        found, _sides = lock_partnership(file.partnership)
        ours = require_side(found, side, by=by)
        if file.side_id != ours.pk:
            raise Refused(_("Only the side that shared this file can take it out."))
        SharedFile.objects.filter(partnership=found, pk=file.pk).delete()
        write_down(found, "delete file", by=by, now=now, side=ours, file=file.pk, digest=file.digest)
        transaction.on_commit(lambda: _remove(path_of(found.pk, file.key)))


def _same(file: SharedFile, *, partnership: Partnership) -> SharedFile:
    """What the same form has shared before; in another partnership it is nobody's business here."""
    if file.partnership_id != partnership.pk:
        raise PermissionDenied
    return file


def _require_room(partnership: Partnership, *, size: int) -> None:
    held = SharedFile.objects.filter(partnership=partnership).aggregate(bytes=Sum("size"), count=Count("pk"))
    if (held["bytes"] or 0) + size > MOST_BYTES:
        raise Refused(
            _(
                "Your partnership has room for %(most)d MB of files, and that is used up. "
                "Take out what nobody needs."
            )
            % {"most": MOST_BYTES // 1024 // 1024},
            field="file",
        )
    if held["count"] >= MOST_FILES:
        raise Refused(
            _("Your partnership has room for %(most)d files. Take out what nobody needs.")
            % {"most": MOST_FILES},
            field="file",
        )


def _write(path: Path, content: bytes) -> None:
    """All of it under its name, or nothing: it is written beside and then moved."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        _remove(part)
        raise Refused(
            _(
                "The file could not be kept, because the server has no room at the moment. "
                "Nothing else is lost; please try again later."
            ),
            field="file",
        ) from None


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
