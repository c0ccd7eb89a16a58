"""The actor map as a CSV file: its columns, how a line is written, and how a file is read line by line.

A bad line is told by its number and never stops the rest. What is written here can be read here again.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override

from twincitylab.base.text import bare_cell, fold, inert_cell
from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector, Topic
from twincitylab.community.models import LONGEST_DISTRICT, LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT
from twincitylab.community.rules.refusals import Refused, fitting_text

COLUMNS = (
    "number", "kind", "name", "sector", "district", "topic", "age_group", "reach", "note",
    "recommended_by", "asked_further_date", "consent", "consent_date",
)  # fmt: skip
LARGEST_FILE = 500_000
MOST_LINES = 1000
LONGEST_RECORD = 400
"""Lines of a file that one quoted cell may run over."""
MOST_OPEN_MARKS = 20
"""Quotation marks that are never closed, each of which spoils a line."""

_CHOICES: Mapping[str, type[TextChoices]] = {
    "kind": ContactKind, "sector": Sector, "topic": Topic, "age_group": AgeGroup, "consent": Consent,
}  # fmt: skip
_LONGEST = {
    "name": LONGEST_NAME, "district": LONGEST_DISTRICT, "reach": LONGEST_LINE, "note": LONGEST_TEXT,
}  # fmt: skip
_DELIMITERS = ",;\t"
_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DATE_WITH_DOTS = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})")


@dataclass(frozen=True)
class Line:
    """One contact of a file: ``number`` is its line; ``own_number``, ``recommended_by`` as written."""

    number: int
    own_number: str
    kind: ContactKind
    name: str
    sector: str
    district: str
    topic: str
    age_group: str
    reach: str
    note: str
    recommended_by: str
    asked_further_date: dt.date | None
    consent: Consent
    consent_date: dt.date | None

    @property
    def key(self) -> tuple[str, str]:
        return name_key(self.kind, self.name)

    def repeats(self, before: "Line") -> bool:
        """Whether both are called the same, and no numbers of their own tell them apart."""
        has_numbers = bool(self.own_number and before.own_number)
        return self.key == before.key and not (has_numbers and self.own_number != before.own_number)


@dataclass(frozen=True)
class Remark:
    """What is to be said about one line; ``is_left_out`` when nothing of it was taken in."""

    number: int
    sentence: str
    is_left_out: bool


@dataclass(frozen=True)
class Read:
    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...]


def name_key(kind: str, name: str) -> tuple[str, str]:
    """However a name is written, by this it is found again."""
    return kind, fold(name) or name.casefold()


def write(rows: Iterable[Mapping[str, str]]) -> str:
    """The file; spreadsheets run nothing of it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([inert_cell(row.get(column, "")) for column in COLUMNS] for row in rows)
    return target.getvalue()


def read(data: bytes, *, latest: dt.date) -> Read:
    """All lines of a file; ``Refused`` when it is none that can be read at all.

    ``latest`` is the last day that is not in the future anywhere.
    """
    records = _records(_text(data))
    heading = next(records, (0, []))[1]
    columns = _columns(heading)
    lines: list[Line] = []
    remarks: list[Remark] = []
    try:
        for number, cells in records:
            if not any(cell.strip() for cell in cells):
                continue
            if len(lines) + len(remarks) == MOST_LINES:
                sentence = _("From here on nothing was read: a file may have %(most)d contacts. Divide it.")
                remarks.append(Remark(number, sentence % {"most": MOST_LINES}, is_left_out=True))
                break
            try:
                lines.append(_line(number, _cells(cells, columns), latest=latest))
            except Refused as refused:
                remarks.append(Remark(number, str(refused), is_left_out=True))
    except _TooManyOpenMarks as broken:
        sentence = _(
            "From here on nothing was read: too many quotation marks are not closed. Save the file anew "
            "in the spreadsheet, as “CSV UTF-8”."
        )
        remarks.append(Remark(broken.number, sentence, is_left_out=True))
    return Read(tuple(lines), tuple(remarks))


def _text(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise Refused(
            _("This file is larger than %(most)d kB. Divide it.") % {"most": LARGEST_FILE // 1000},
            field="file",
        )
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(
            _("This is no text in UTF-8. In the spreadsheet choose “Save as” and “CSV UTF-8”."), field="file"
        ) from None


class _TooManyOpenMarks(Exception):
    """So many quotation marks are never closed that what follows cannot be told apart."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of its first line, and the cells, of each record. A quotation mark that is never closed
    spoils its own line only; to find that out takes a look ahead, so there may be only a few of them."""
    lines = list(io.StringIO(text, newline=""))
    delimiter = max(_DELIMITERS, key=lines[0].count) if lines else ","
    width, here, open_marks = 0, 0, 0
    while here < len(lines):
        cells, looked_at = _record(lines[here : here + LONGEST_RECORD], delimiter=delimiter)
        width = width or len(cells or ())
        used = looked_at
        if cells is None or (looked_at > 1 and len(cells) > width):
            cells, used = _plain(lines[here], delimiter=delimiter), 1
            width = width or len(cells)
            open_marks += looked_at > 1
        if open_marks > MOST_OPEN_MARKS:
            raise _TooManyOpenMarks(here + 1)
        yield here + 1, cells
        here += used


def _record(lines: Sequence[str], *, delimiter: str) -> tuple[list[str] | None, int]:
    """The cells that begin in the first line, None where a mark is wrong; and how many lines were read."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return next(reader, []), max(reader.line_num, 1)
    except csv.Error:
        return None, max(reader.line_num, 1)


def _plain(line: str, *, delimiter: str) -> list[str]:
    """One line, whatever its quotation marks."""
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(delimiter)]


def _columns(heading: Sequence[str]) -> list[str]:
    """The column of each cell, in our words; empty for one that is not ours."""
    known = {fold(column): column for column in COLUMNS}
    known |= {fold(label): column for column, label in column_labels().items()}
    columns = [known.get(fold(cell), "") for cell in heading]
    absent = [column for column in ("name", "kind") if column not in columns]
    if absent:
        raise Refused(
            _("The first line must name the columns, and does not name %(absent)s. They are: %(columns)s.")
            % {"absent": " + ".join(absent), "columns": ", ".join(COLUMNS)},
            field="file",
        )
    return columns


def column_labels() -> dict[str, str]:
    """What the columns are called in the reader's language."""
    return {
        "number": _("Number"),
        "kind": _("Kind"),
        "name": _("Name"),
        "sector": _("Sector"),
        "district": _("District"),
        "topic": _("Topic"),
        "age_group": _("Age group"),
        "reach": _("How to reach them"),
        "note": _("Note"),
        "recommended_by": _("Recommended by"),
        "asked_further_date": _("Asked for further contacts on"),
        "consent": _("Agrees to be named"),
        "consent_date": _("Date of the answer"),
    }


def _cells(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise Refused(
            _("This line has %(count)d cells, the first line has %(columns)d.")
            % {"count": len(cells), "columns": len(columns)}
        )
    return {column: bare_cell(cell.strip()) for column, cell in zip(columns, cells, strict=False) if column}


def _line(number: int, cells: Mapping[str, str], *, latest: dt.date) -> Line:
    values: dict[str, Any] = {
        column: _written(column, cells.get(column, ""), longest=longest)
        for column, longest in _LONGEST.items()
    }
    if not values["name"]:
        raise Refused(_("There is no name in this line."), field="name")
    values |= {column: _choice(column, cells.get(column, "")) for column in _CHOICES}
    if not values["kind"]:
        raise Refused(_("It says nowhere what this is: write person, organisation or place."), field="kind")
    asked = _day("asked_further_date", cells.get("asked_further_date", ""), latest=latest)
    answered = _day("consent_date", cells.get("consent_date", ""), latest=latest)
    consent = Consent(values.pop("consent") or Consent.NOT_ASKED)
    if consent == Consent.GIVEN and answered is None:
        raise Refused(_("Who agrees needs the date on which they did."), field="consent_date")
    return Line(
        number=number,
        own_number=cells.get("number", "").strip(),
        recommended_by=cells.get("recommended_by", "").strip()[:LONGEST_NAME],
        asked_further_date=asked,
        consent=consent,
        consent_date=None if consent == Consent.NOT_ASKED else answered,
        kind=ContactKind(values.pop("kind")),
        **values,
    )


def _written(column: str, text: str, *, longest: int) -> str:
    try:
        return fitting_text(text, longest=longest, one_line=column != "note", field=column)
    except Refused as refused:
        raise Refused(f"{column_labels()[column]}: {refused}", field=column) from None


def _choice(column: str, text: str) -> str:
    """The value that stands in the cell, or that is called so in the reader's language or in English."""
    choices = _CHOICES[column]
    if not text:
        return ""
    named = {fold(str(value)): str(value) for value in choices.values}
    for language in (None, "en"):
        if language is None:
            labels = [str(label) for label in choices.labels]
        else:
            with override(language):
                labels = [str(label) for label in choices.labels]
        named |= {fold(label): str(value) for label, value in zip(labels, choices.values, strict=True)}
    if fold(text) in named:
        return named[fold(text)]
    raise Refused(
        _("%(column)s: there is no “%(text)s”, only these: %(values)s.")
        % {
            "text": text[:40],
            "column": column_labels()[column],
            "values": ", ".join(map(str, choices.values)),
        },
        field=column,
    )


def _day(column: str, text: str, *, latest: dt.date) -> dt.date | None:
    if not text:
        return None
    found = _DATE.fullmatch(text) or _DATE_WITH_DOTS.fullmatch(text)
    words = {"text": text[:40], "column": column_labels()[column]}
    try:
        day = dt.date(*(int(found[part]) for part in ("year", "month", "day"))) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("%(column)s: “%(text)s” is no date. Write it as 2026-03-31.") % words, field=column)
    if day > latest:
        raise Refused(_("%(column)s: “%(text)s” has not been yet.") % words, field=column)
    return day
