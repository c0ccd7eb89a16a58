"""Reading a file of twinnings line by line: a pure parse that never stops at a bad line."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from twincitylab.atlas.choices import TwinningKind, TwinningStatus
from twincitylab.atlas.models import EARLIEST_TWINNING_YEAR, LATEST_TWINNING_YEAR
from twincitylab.base.text import bare_cell

REQUIRED: Final = ("geonameid_a", "geonameid_b")
LONGEST_REASON: Final = 500
LONGEST_SOURCE: Final = 200
LONGEST_LICENCE: Final = 120
LONGEST_RECORD: Final = 20
SHORTEST_TELLING: Final = 16
_ID = re.compile(r"[0-9]{1,18}")
_BEGINS_A_RECORD = re.compile(r'\s*"?[0-9]+"?\s*[,;\t]\s*"?[0-9]+')
_YEAR = re.compile(r"([0-9]{1,4})(?:\.0)?")


class FileProblem(ValueError):
    """Raised when nothing of a file can be read; the message says why and what would be right."""


class LineProblem(ValueError):
    """What is wrong with one line."""


@dataclass(frozen=True)
class TwinningLine:
    """One line: either a twinning (a < b), a club membership to leave out, or a problem."""

    number: int
    problem: str = ""
    is_membership: bool = False
    a: int = 0
    b: int = 0
    kind: str = ""
    status: str = ""
    since: int | None = None
    until: int | None = None
    reason: str = ""
    source: str = ""
    source_url: str = ""
    licence: str = ""


def parse_twinnings(content: bytes, *, this_year: int) -> Iterator[TwinningLine]:
    """The lines of a CSV file after its header, numbered as in an editor; empty lines are passed over.

    Comma, semicolon and tab all separate. Raises FileProblem before the first line when the header is no use.
    """
    lines = _text_lines(content)
    if not lines:
        raise FileProblem(
            _("The file is empty. Its first line must name the columns: %(columns)s.") % _COLUMNS
        )
    separator, columns = _header(lines[0])
    return _parse(lines, separator=separator, columns=columns, this_year=this_year)


_COLUMNS: Final = {"columns": ", ".join(REQUIRED)}


def _text_lines(content: bytes) -> list[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace").removeprefix("\ufeff")
    else:
        if _looks_like_utf_16(content):
            raise FileProblem(_("The file looks like UTF-16; save it as UTF-8."))
        text = content.decode("utf-8-sig", errors="surrogateescape")
    # Not splitlines(): a reason may hold a line separator that no editor counts.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if text.strip() else []


def _looks_like_utf_16(content: bytes) -> bool:
    """Without the mark at its beginning; then every other byte of plain letters is zero."""
    start = content[:200]
    return len(start) >= SHORTEST_TELLING and any(
        start[k::2].count(0) * 4 > len(start[k::2]) * 3 for k in (0, 1)
    )


def _header(line: str) -> tuple[str, list[str]]:
    for separator in ",;\t":
        columns = [name.strip().strip('"').lower() for name in line.split(separator)]
        missing = [name for name in REQUIRED if name not in columns]
        if not missing:
            break
    else:
        columns = [name.strip().strip('"').lower() for name in line.split(",")]
        missing = [name for name in REQUIRED if name not in columns]
        raise FileProblem(
            _("Line 1: the columns %(missing)s are missing. The first line must name: %(columns)s.")
            % (_COLUMNS | {"missing": ", ".join(missing)})
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise FileProblem(_("Line 1: the column %(name)s stands there twice.") % {"name": twice[0]})
    return separator, columns


def _parse(
    lines: Sequence[str], *, separator: str, columns: Sequence[str], this_year: int
) -> Iterator[TwinningLine]:
    number = 1
    while number < len(lines):
        start, size = number, _record_size(lines, number)
        number += max(size, 1)
        record = "\n".join(lines[start : start + size])
        if size and not record.strip():
            continue
        if not size:
            yield TwinningLine(start + 1, problem=_("a quotation mark is opened and not closed"))
            continue
        try:
            yield _line(start + 1, _cells(record, separator=separator, columns=columns), this_year=this_year)
        except LineProblem as problem:
            yield TwinningLine(start + 1, problem=str(problem))


def _record_size(lines: Sequence[str], start: int) -> int:
    """How many lines belong to one record, as quoted text may span several; 0 when its quotes never close."""
    quotes = 0
    for size, line in enumerate(lines[start : start + LONGEST_RECORD], start=1):
        if size > 1 and _BEGINS_A_RECORD.match(line):
            return 0
        quotes += line.count('"')
        if quotes % 2 == 0:
            return size
    return 0


def _cells(record: str, *, separator: str, columns: Sequence[str]) -> dict[str, str]:
    if "\x00" in record:
        raise LineProblem(_("it holds a zero byte, which no text has"))
    if not record.isprintable() and any("\udc80" <= letter <= "\udcff" for letter in record):
        raise LineProblem(_("it is not UTF-8 text and looks like Latin-1; save the file as UTF-8"))
    try:
        cells = next(csv.reader(io.StringIO(record, newline=""), delimiter=separator))
    except csv.Error:
        raise LineProblem(_("it cannot be read as CSV")) from None
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise LineProblem(
            _("it has %(found)s columns, the first line names %(named)s")
            % {"found": len(cells), "named": len(columns)}
        )
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}


def _line(number: int, cells: dict[str, str], *, this_year: int) -> TwinningLine:
    a, b = _id(cells, "geonameid_a"), _id(cells, "geonameid_b")
    if a == b:
        raise LineProblem(_("a city cannot be twinned with itself (%(id)s)") % {"id": a})
    if cells.get("multilateral", "").lower() in {"1", "1.0", "true", "yes"}:
        return TwinningLine(number, is_membership=True)
    since, until = _year(cells, "since"), _year(cells, "until")
    if since is not None and since > this_year:
        raise LineProblem(_("since %(year)s lies in the future") % {"year": since})
    if since is not None and until is not None and until < since:
        raise LineProblem(_("until %(until)s lies before since %(since)s") % {"until": until, "since": since})
    return TwinningLine(
        number,
        a=min(a, b),
        b=max(a, b),
        kind=_choice(cells, "kind", TwinningKind.values),
        status=_choice(cells, "status", TwinningStatus.values),
        since=since,
        until=until,
        reason=_text(cells, "reason", longest=LONGEST_REASON),
        source=_text(cells, "source", longest=LONGEST_SOURCE),
        source_url=_address(cells, "source_url"),
        licence=_text(cells, "licence", longest=LONGEST_LICENCE),
    )


def _id(cells: dict[str, str], column: str) -> int:
    cell = cells.get(column, "")
    if not cell:
        raise LineProblem(_("%(column)s is empty") % {"column": column})
    if not _ID.fullmatch(cell) or not int(cell):
        raise LineProblem(
            _("%(column)s %(cell)s is not a GeoNames id (a whole number such as 2892794)")
            % {"column": column, "cell": _short(cell)}
        )
    return int(cell)


def _year(cells: dict[str, str], column: str) -> int | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    match = _YEAR.fullmatch(cell)
    if not match or not cell.isascii() or not EARLIEST_TWINNING_YEAR <= int(match[1]) <= LATEST_TWINNING_YEAR:
        raise LineProblem(
            _("%(column)s %(cell)s is not a year between %(earliest)s and %(latest)s")
            % {
                "column": column,
                "cell": _short(cell),
                "earliest": EARLIEST_TWINNING_YEAR,
                "latest": LATEST_TWINNING_YEAR,
            }
        )
    return int(match[1])


def _choice(cells: dict[str, str], column: str, allowed: Sequence[str]) -> str:
    cell = cells.get(column, "").lower()
    if cell and cell not in allowed:
        raise LineProblem(
            _("%(column)s %(cell)s is unknown; use one of %(allowed)s")
            % {"column": column, "cell": _short(cell), "allowed": ", ".join(allowed)}
        )
    return cell


def _text(cells: dict[str, str], column: str, *, longest: int) -> str:
    cell = bare_cell(cells.get(column, ""))
    if len(cell) > longest:
        raise LineProblem(
            _("%(column)s is longer than %(longest)s letters") % {"column": column, "longest": longest}
        )
    return cell


def _address(cells: dict[str, str], column: str) -> str:
    cell = _text(cells, column, longest=LONGEST_SOURCE)
    if cell and not cell.startswith(("https://", "http://")):
        raise LineProblem(
            _("%(column)s %(cell)s is not a web address") % {"column": column, "cell": _short(cell)}
        )
    return cell


def _short(cell: str) -> str:
    shown = cell if len(cell) <= 40 else cell[:39] + "…"
    return f"“{shown}”"
