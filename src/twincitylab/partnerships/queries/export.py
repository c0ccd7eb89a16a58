"""Everything a partnership has, for every side the same: a ZIP of records, a table and files.

Whoever asks makes no difference, not by a byte. Of eye-level checks there are the results; answers are
nobody's to take along, and people of a side in safety mode are not named.
"""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from twincitylab.base.text import inert_cell
from twincitylab.community.models import Person
from twincitylab.partnerships.models import (
    Activity,
    AgreementVersion,
    Consent,
    Decision,
    HandOver,
    HandOverItem,
    Message,
    Note,
    Objection,
    Partnership,
    Proposal,
    ProposalVersion,
    SharedFile,
    SideRole,
    SmallTask,
    Thanks,
    Thread,
)
from twincitylab.partnerships.queries.activities import gift_of
from twincitylab.partnerships.queries.check_results import results_of
from twincitylab.partnerships.queries.papers import path_of
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace

PIECE = 256 * 1024
ABOUT = """Everything of this partnership. Every side gets the same.

partnership.json  all records
activities.csv    the activities as a table, one row for each side of each
files/            the files, as listed in partnership.json
"""
GIFT_FIELDS = ("people", "new_people", "hours", "money", "in_kind", "in_kind_worth")
SIDE_FIELDS = {"side", "host", "put_to_use_by", "made_by_side", "from_side", "to_side", "settled_by_side"}
NEVER_TOLD = {"form_key", "partnership", "introduction"}


def export_of(workspace: Workspace) -> Iterator[bytes]:
    """The ZIP, piece by piece: no file is held in memory."""
    records = _records(workspace)
    moment = workspace.partnership.created_at
    files = list(workspace.partnership.files.order_by("pk"))
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        text = json.dumps(records, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        for name, content in (
            ("README.txt", ABOUT),
            ("partnership.json", text),
            ("activities.csv", _table(records)),
        ):
            archive.writestr(_info(name, moment), content.encode())
            yield sink.taken()
        for file in files:
            yield from _file_pieces(archive, sink, file)
    yield sink.taken()


def _file_pieces(archive: zipfile.ZipFile, sink: "_Sink", file: SharedFile) -> Iterator[bytes]:
    """One file as it lies there; one that is missing leaves a line that says so."""
    try:
        source = path_of(file.partnership_id, file.key).open("rb")
    except OSError:
        missing = _info(f"files/{file.pk}-missing.txt", file.made_at)
        archive.writestr(missing, f"{file.name} is missing on the server.\n".encode())
        yield sink.taken()
        return
    info = _info(_file_name(file), file.made_at)
    info.compress_type = zipfile.ZIP_STORED
    info.file_size = file.size
    with source, archive.open(info, "w") as target:
        while piece := source.read(PIECE):
            target.write(piece)
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the ZIP is written to: what has come together is taken away again and again."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _info(name: str, moment: dt.datetime) -> zipfile.ZipInfo:
    at = moment.astimezone(dt.UTC)
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    info = zipfile.ZipInfo(name, date_time=max(stamp, (1980, 1, 1, 0, 0, 0)))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _file_name(file: SharedFile) -> str:
    return f"files/{file.pk}-{file.name.replace('/', '-')}"


def _records(workspace: Workspace) -> dict[str, Any]:
    """Every record, in the order in which they were made."""
    partnership = workspace.partnership
    sides = {one.pk: one for one in workspace.sides}
    of = {"partnership": partnership}
    return {
        "partnership": _partnership(partnership, sides),
        "sides": [_side(one) for one in workspace.sides],
        "agreement_versions": _rows(AgreementVersion.objects.filter(**of), sides),
        "proposals": _rows(Proposal.objects.filter(**of), sides),
        "proposal_versions": _rows(ProposalVersion.objects.filter(proposal__partnership=partnership), sides),
        "consents": _rows(Consent.objects.filter(version__proposal__partnership=partnership), sides),
        "objections": _rows(Objection.objects.filter(proposal__partnership=partnership), sides),
        "activities": [_activity(row, sides) for row in _activities(partnership)],
        "decisions": _rows(Decision.objects.filter(**of), sides),
        "notes": _rows(Note.objects.filter(**of), sides),
        "files": [
            {**row, "in_archive": _file_name(file)}
            for row, file in zip(
                _rows(SharedFile.objects.filter(**of), sides),
                SharedFile.objects.filter(**of).order_by("pk"),
                strict=True,
            )
        ],
        "threads": _rows(Thread.objects.filter(**of), sides),
        "messages": _rows(Message.objects.filter(thread__partnership=partnership), sides),
        "eye_level_checks": results_of(workspace),
        "roles": _rows(SideRole.objects.filter(**of), sides),
        "tasks": _rows(SmallTask.objects.filter(**of), sides),
        "thanks": _rows(Thanks.objects.filter(**of), sides),
        "hand_overs": _rows(HandOver.objects.filter(**of), sides),
        "hand_over_items": _rows(HandOverItem.objects.filter(hand_over__partnership=partnership), sides),
    }


def _partnership(partnership: Partnership, sides: dict[int, SideCard]) -> dict[str, Any]:
    row = _row(partnership, sides)
    row.pop("twinning", None)
    return row


def _side(one: SideCard) -> dict[str, Any]:
    side = one.side
    return {
        "id": side.pk,
        "number": side.number,
        "name": one.name,
        "city": one.card.city,
        "country": one.card.country,
        "joined_at": side.joined_at,
        "left_at": side.left_at,
        "left_reason": side.left_reason,
        "people": side.people,
        "hours_a_month": side.hours_a_month,
        "money_a_year": side.money_a_year,
    }


def _activities(partnership: Partnership) -> QuerySet[Activity]:
    rows = partnership.activities.select_related("made_by").prefetch_related(
        "contributions", "people__person"
    )
    return rows.order_by("pk")


def _activity(activity: Activity, sides: dict[int, SideCard]) -> dict[str, Any]:
    row = _row(activity, sides)
    given = sorted(activity.contributions.all(), key=lambda one: one.side_id)
    row["contributions"] = [
        {"side": one.side_id, **{name: getattr(gift_of(one), name) for name in GIFT_FIELDS}} for one in given
    ]
    carried = sorted(activity.people.all(), key=lambda one: one.pk)
    row["carried_by"] = [
        {"side": one.side_id, "person": _named(one.person, sides.get(one.side_id))} for one in carried
    ]
    return row


def _rows(rows: "QuerySet[Any]", sides: dict[int, SideCard]) -> list[dict[str, Any]]:
    people = [field.name for field in rows.model._meta.concrete_fields if field.related_model is Person]
    return [_row(row, sides) for row in rows.select_related(*people).order_by("pk")]


def _row(row: Model, sides: dict[int, SideCard]) -> dict[str, Any]:
    """One record with all its fields; people by their name, other records by their number."""
    told: dict[str, Any] = {}
    side = next((sides.get(getattr(row, f"{name}_id")) for name in _side_names(row)), None)
    for field in row._meta.concrete_fields:
        if field.name in NEVER_TOLD:
            continue
        if field.related_model is Person:
            told[field.name] = _named(getattr(row, field.name), side)
        else:
            told[field.name] = getattr(row, field.attname)
    return told


def _side_names(row: Model) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if field.name in SIDE_FIELDS]


def _named(person: Person | None, side: SideCard | None) -> str:
    """The name, unless somebody of that side could be at risk; whoever cannot be placed is not named."""
    if person is None or side is None or side.card.is_safe_mode:
        return ""
    return person.name


def _table(records: dict[str, Any]) -> str:
    names = {side["id"]: side["name"] for side in records["sides"]}
    columns = (
        "id", "kind", "state", "title", "starts_at", "ends_at", "mode", "place", "language_used", "topic",
        "goals", "outcome", "is_put_to_use",
    )  # fmt: skip
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([*columns, "side", *GIFT_FIELDS])
    for activity in records["activities"]:
        given = {one["side"]: one for one in activity["contributions"]}
        for side, name in names.items():
            figures = given.get(side, {})
            table.writerow(
                _cells(
                    [
                        *(activity[column] for column in columns),
                        name,
                        *(figures.get(field) for field in GIFT_FIELDS),
                    ]
                )
            )
    return out.getvalue()


def _cells(values: Iterable[Any]) -> list[str]:
    return [_cell(value) for value in values]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return inert_cell(f"{value:f}" if isinstance(value, Decimal) else str(value))
