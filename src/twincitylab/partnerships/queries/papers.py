"""Notes, files and decisions as all sides see them."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from twincitylab.partnerships.choices import ProposalKind
from twincitylab.partnerships.models import Decision, Note, SharedFile
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace


@dataclass(frozen=True)
class PaperLine:
    """A note or a file with the side it came from."""

    row: Note | SharedFile
    side: SideCard | None
    is_ours: bool


@dataclass(frozen=True)
class Papers:
    """What the sides have written and shared. ``used`` is the room that the files take, in bytes."""

    notes: tuple[PaperLine, ...]
    files: tuple[PaperLine, ...]
    used: int


@dataclass(frozen=True)
class DecisionLine:
    """A decision, with who wrote it down; by consent where ``kind`` is told."""

    decision: Decision
    side: SideCard | None
    kind: str


def path_of(partnership: int, key: uuid.UUID) -> Path:
    """Where the bytes of a file lie."""
    return folder_of(partnership) / str(key)


def folder_of(partnership: int) -> Path:
    """Where the bytes of all files of a partnership lie."""
    home: Path = settings.HOME
    return home / "files" / str(partnership)


def papers(workspace: Workspace) -> Papers:
    """All notes, newest change first, and all files; two queries, without the notes' texts."""
    partnership = workspace.partnership
    notes = partnership.notes.defer("text").order_by("-changed_at", "-pk")
    files = list(partnership.files.order_by("-made_at", "-pk"))
    return Papers(
        tuple(_line(note, workspace) for note in notes),
        tuple(_line(file, workspace) for file in files),
        sum(file.size for file in files),
    )


def note_in(workspace: Workspace, pk: int) -> Note | None:
    if not 0 < pk < 2**63:
        return None
    found = workspace.partnership.notes.filter(pk=pk).first()
    if found is not None:
        found.partnership = workspace.partnership
    return found


def file_in(workspace: Workspace, key: uuid.UUID) -> SharedFile | None:
    found = workspace.partnership.files.filter(key=key).first()
    if found is not None:
        found.partnership = workspace.partnership
    return found


def decisions(workspace: Workspace) -> tuple[DecisionLine, ...]:
    """All decisions, newest first; one query."""
    rows = workspace.partnership.decisions.select_related("proposal").order_by("-day", "-pk")
    return tuple(decision_line(row, workspace) for row in rows)


def decision_line(decision: Decision, workspace: Workspace) -> DecisionLine:
    kind = str(ProposalKind(decision.proposal.kind).label) if decision.proposal else ""
    return DecisionLine(decision, workspace.side(decision.side_id), kind)


def _line(row: Note | SharedFile, workspace: Workspace) -> PaperLine:
    return PaperLine(row, workspace.side(row.side_id), row.side_id == workspace.ours.pk)
