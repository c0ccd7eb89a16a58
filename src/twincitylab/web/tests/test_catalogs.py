"""What pages and commands say is translated into every language, with the same placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from twincitylab.web.catalogs import LOCALE

CATALOGS = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_every_message_is_translated(path: Path) -> None:
    assert [message.id for message in _messages(path) if not all(_forms(message))] == []


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_translations_keep_the_placeholders(path: Path) -> None:
    strange = [
        (message.id, form)
        for message in _messages(path)
        for form in _forms(message)
        if not _placeholders(form) <= _placeholders(str(message.id))
    ]
    assert strange == []


def _messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _forms(message: Message) -> list[str]:
    return (
        [message.string]
        if isinstance(message.string, str)
        else [str(form) for form in message.string or [""]]
    )


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))
