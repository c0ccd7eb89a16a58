"""What is talked about, in pages."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count

from twincitylab.partnerships.models import Message, Thread
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace

THREADS_A_PAGE = 20
MESSAGES_A_PAGE = 50


@dataclass(frozen=True)
class Said:
    """A message with its side; nobody is named of a side in safety mode, or who has gone."""

    message: Message
    side: SideCard | None
    name: str
    is_ours: bool


def threads(workspace: Workspace, *, page: str) -> "Page[Any]":
    """The threads with the newest message first, and how many messages each has; two queries."""
    rows = workspace.partnership.threads.annotate(count=Count("messages")).order_by("-last_at", "-pk")
    return Paginator(rows, THREADS_A_PAGE).get_page(page)


def thread_in(workspace: Workspace, pk: int) -> Thread | None:
    if not 0 < pk < 2**63:
        return None
    found = workspace.partnership.threads.select_related("activity").filter(pk=pk).first()
    if found is not None:
        found.partnership = workspace.partnership
    return found


def messages_of(thread: Thread, *, page: str) -> "Page[Message]":
    """The messages in their order; without a page the last one, where the talk goes on. Two queries."""
    rows = thread.messages.select_related("person").order_by("written_at", "pk")
    pages = Paginator(rows, MESSAGES_A_PAGE)
    return pages.get_page(page or pages.num_pages)


def said(message: Message, workspace: Workspace) -> Said:
    side = workspace.side(message.side_id)
    return Said(message, side, name_of(message, side), message.side_id == workspace.ours.pk)


def name_of(message: Message, side: SideCard | None) -> str:
    """Who wrote it: for all sides the same."""
    if side is None or side.card.is_safe_mode or message.person is None:
        return ""
    return message.person.name
