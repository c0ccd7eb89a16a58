"""What a log keeps of a request: no key that opens something, and one line for what a stranger can cause."""

import logging
import re

KEYS = ("calendars", "join", "unsubscribe", "no-invitations")
_KEY = re.compile(
    rf"((?:/|%2F)(?:{'|'.join(KEYS)})(?:/|%2F))[^/\s\"'?&#]+",
    re.IGNORECASE,
)


class KeepSecrets(logging.Filter):
    """Writes “…” for the part of an address that is a key, and no traceback for what was only refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        hidden = _KEY.sub(r"\1…", text)
        if hidden != text:
            record.msg, record.args = hidden, ()
        if _is_refusal(record):
            record.exc_info, record.exc_text = None, None
        return True


def _is_refusal(record: logging.LogRecord) -> bool:
    if record.name.startswith("django.security"):
        return True
    return record.name.startswith("django") and record.levelno <= logging.WARNING
