"""Importing a file of twinnings: every good line is taken, every other one reported."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.atlas.choices import SourceKind
from twincitylab.atlas.operations.provenance import forget_unused_sources
from twincitylab.atlas.operations.twinning_writer import LineRefused, TwinningWriter, UnknownCities
from twincitylab.atlas.queries import require_atlas
from twincitylab.atlas.signals import twinnings_changed
from twincitylab.atlas.sources import SourceCard, TwinningLine, lowest_level_that_knows, parse_twinnings
from twincitylab.base.audit import record
from twincitylab.base.text import slug

LINES_BETWEEN_PROGRESS = 500
UNSTATED_LICENCE = "not stated"


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken, and why."""

    number: int
    reason: str

    def __str__(self) -> str:
        return _("line %(number)s: %(reason)s") % {"number": self.number, "reason": self.reason}


@dataclass(frozen=True)
class ImportReport:
    """What became of every line; ``levels`` counts the lines that a lower level would have taken."""

    added: int
    updated: int
    unchanged: int
    memberships: int
    refused: tuple[RefusedLine, ...]
    levels: dict[int, int]


def import_twinnings(
    content: bytes,
    *,
    file_name: str,
    now: dt.datetime,
    by: str,
    licence: str = "",
    progress: Callable[[float], None] = lambda _share: None,
) -> ImportReport:
    """Take every good line of a CSV file in one transaction, and report every other.

    Empty cells never erase a known fact. Raises FileProblem when the file has no usable header, and
    AtlasMissing when there is no atlas.
    """
    level = require_atlas().level
    lines = list(parse_twinnings(content, this_year=now.year))
    with transaction.atomic():
        writer = TwinningWriter(own=_file_card(file_name, licence=licence), licence=licence, now=now)
        refused, unknown = _take(lines, writer=writer, progress=progress)
        writer.write()
        forget_unused_sources()
        levels = lowest_level_that_knows((i for ids in unknown.values() for i in ids), above=level)
        refused |= {number: _unknown(ids, levels=levels) for number, ids in unknown.items()}
        report = ImportReport(
            added=writer.added,
            updated=writer.updated,
            unchanged=writer.unchanged,
            memberships=sum(line.is_membership for line in lines),
            refused=tuple(RefusedLine(number, refused[number]) for number in sorted(refused)),
            levels=_level_needed(unknown.values(), levels=levels),
        )
        _note(report, file_name=file_name, now=now, by=by)
    progress(1.0)
    return report


def _take(
    lines: list[TwinningLine], *, writer: TwinningWriter, progress: Callable[[float], None]
) -> tuple[dict[int, str], dict[int, tuple[int, ...]]]:
    refused: dict[int, str] = {}
    unknown: dict[int, tuple[int, ...]] = {}
    for done, line in enumerate(lines):
        if done % LINES_BETWEEN_PROGRESS == 0:
            progress(done / len(lines))
        try:
            if line.problem:
                refused[line.number] = line.problem
            elif not line.is_membership:
                writer.take(line)
        except UnknownCities as problem:
            unknown[line.number] = problem.ids
        except LineRefused as problem:
            refused[line.number] = str(problem)
    return refused, unknown


def _unknown(ids: Iterable[int], *, levels: dict[int, int]) -> str:
    return "; ".join(
        _("city %(id)s is not in this atlas; `twincitylab setup --level %(level)s` would add it")
        % {"id": geonameid, "level": levels[geonameid]}
        if geonameid in levels
        else _("city %(id)s is unknown") % {"id": geonameid}
        for geonameid in ids
    )


def _level_needed(unknown: Iterable[tuple[int, ...]], *, levels: dict[int, int]) -> dict[int, int]:
    needed = Counter(min(levels[i] for i in ids) for ids in unknown if all(i in levels for i in ids))
    return dict(sorted(needed.items(), reverse=True))


def _file_card(file_name: str, *, licence: str) -> SourceCard:
    return SourceCard(
        key=f"import-{slug(file_name, longest=60) or 'file'}",
        title=file_name[:200],
        licence=licence or UNSTATED_LICENCE,
        url="",
        attribution=_("Imported from the file %(file)s.") % {"file": file_name},
        columns=(),
        kind=SourceKind.TWINNINGS.value,
    )


def _note(report: ImportReport, *, file_name: str, now: dt.datetime, by: str) -> None:
    detail: dict[str, object] = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "memberships": report.memberships,
        "refused": len(report.refused),
    }
    record(actor=by, action="import twinnings", subject=file_name[:200], now=now, detail=detail)
    if report.added or report.updated:
        transaction.on_commit(lambda: twinnings_changed.send_robust(sender="atlas"))
