"""Mails that were kept as files because there is no mail server; read only for the demonstration."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from twincitylab.base.mail import goes_to_files

# How Django's backend parts the mails of one file.
_BETWEEN = b"\n" + b"-" * 79 + b"\n"
MOST_FILES, MOST_BYTES = 200, 100_000


@dataclass(frozen=True)
class KeptMail:
    """One mail, as its reader would see it."""

    to: str
    language: str
    subject: str
    text: str
    sent_at: dt.datetime | None


def newest_mails(folder: Path, *, to: Collection[str], most: int) -> list[KeptMail]:
    """The newest mails to one of these addresses; nothing where a mail server takes them away."""
    if not goes_to_files():
        return []
    wanted = {address.lower() for address in to}
    return list(islice((mail for mail in _mails(folder) if mail.to.lower() in wanted), most))


def _mails(folder: Path) -> Iterator[KeptMail]:
    """Newest first: the name of a file begins with its moment."""
    for file in sorted(folder.glob("*.log"), reverse=True)[:MOST_FILES]:
        try:
            with file.open("rb") as stream:
                content = stream.read(MOST_BYTES)
        except OSError:
            continue
        for part in reversed(content.split(_BETWEEN)):
            if part.strip():
                yield _mail(part.strip() + b"\n")


def _mail(content: bytes) -> KeptMail:
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    return KeptMail(
        to=str(message.get("To", "")),
        language=str(message.get("Content-Language", "")),
        subject=str(message.get("Subject", "")),
        text=str(body.get_content()) if body else "",
        sent_at=_moment(str(message.get("Date", ""))),
    )


def _moment(text: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
