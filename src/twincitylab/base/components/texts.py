"""What people have written, laid out as they wrote it and safe to show."""

import re
from urllib.parse import urlsplit

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from twincitylab.base.components.library import register

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_ADDRESS = re.compile(r"(https://[^\s<>\"'“”„«»‹›`\\^{}|]+)")
_NOT_AT_ITS_END = ".,;:!?…)]、。，；：！？）」』،؛؟*_~"


@register.filter
def laid_out(text: str) -> SafeString:
    """Paragraphs and lines as they were written, and plain ``https://`` addresses to be followed.

    Nothing else in the text is anything but text.
    """
    written = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    paragraphs = (_lines(part) for part in _PARAGRAPH.split(written) if part.strip())
    # Every piece went through ``escape`` below.
    return mark_safe("\n".join(f"<p>{lines}</p>" for lines in paragraphs))  # noqa: S308


def _lines(paragraph: str) -> str:
    return "<br>".join(_with_links(line) for line in paragraph.split("\n"))


def _with_links(line: str) -> str:
    pieces = _ADDRESS.split(line)
    return "".join(_link(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces))


def _link(found: str) -> str:
    address = found.rstrip(_NOT_AT_ITS_END)
    if found[len(address) :].startswith(")") and address.count("(") > address.count(")"):
        address += ")"
    rest = escape(found[len(address) :])
    if not _leads_where_it_says(address):
        return escape(found)
    link = format_html(
        '<a href="{}" rel="nofollow ugc noopener"><bdi dir="ltr">{}</bdi></a>', address, address
    )
    return f"{link}{rest}"


def _leads_where_it_says(address: str) -> bool:
    """Not with a name before an ``@``, which only looks like the place."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return "." in (parts.hostname or "") and "@" not in parts.netloc
