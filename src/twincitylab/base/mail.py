"""Sending mails: plain text, after the transaction they tell of, never a reason for an error page."""

import logging
import os
import smtplib
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.db import transaction

log = logging.getLogger(__name__)


def send(to: str, *, language: str, subject: str, text: str, unsubscribe_url: str = "") -> None:
    """Send one mail once the running transaction is through; nothing is sent when it fails.

    ``language`` is the one ``subject`` and ``text`` are written in. ``unsubscribe_url`` takes a POST.
    """
    headers = {"Content-Language": language, "Auto-Submitted": "auto-generated"}
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMessage(" ".join(subject.split()), text.strip() + "\n", to=[to], headers=headers)
    transaction.on_commit(partial(_deliver, message))


def absolute(path: str) -> str:
    """The whole address of a page, for a link in a mail."""
    return f"{settings.SITE_ADDRESS}{path}"


def goes_to_files() -> bool:
    """True when there is no mail server, and mails are files in ``settings.MAIL_FOLDER``."""
    return str(settings.EMAIL_BACKEND).endswith("mail.Folder")


class Folder(FileBackend):
    """Keeps mails as files which only their owner may read: codes to sign in stand in them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        folder = Path(kwargs.get("file_path") or settings.MAIL_FOLDER)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, **kwargs)

    def open(self) -> bool:
        opened = bool(super().open())
        if opened:
            os.chmod(self.stream.name, 0o600)  # noqa: PTH101 - the name is what the backend keeps
        return opened


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as trouble:
        # Neither to whom nor what: an answer of a mail server may hold the address.
        log.error("a mail could not be sent: %s", type(trouble).__name__)  # noqa: TRY400
