"""A partnership year by year: what was done, decided and changed."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from twincitylab.partnerships.choices import ActivityState, ProposalKind, ProposalState, Stage
from twincitylab.partnerships.models import Activity, Proposal
from twincitylab.partnerships.queries.papers import DecisionLine, decision_line
from twincitylab.partnerships.queries.workspaces import Workspace

OF_THE_STAGE = (ProposalKind.STAGE, ProposalKind.ENDING, ProposalKind.AGREEMENT, ProposalKind.NEW_SIDE)


@dataclass(frozen=True)
class Event:
    """One thing that happened: an activity, a decision, or a change told in a sentence."""

    day: dt.date
    activity: Activity | None = None
    decision: DecisionLine | None = None
    sentence: str = ""


@dataclass(frozen=True)
class TimelineYear:
    """A year with how much was done, in figures and as a share of the fullest year."""

    number: int
    activities: int
    percent: float


@dataclass(frozen=True)
class Timeline:
    """All years there are, newest first, and what happened in the one that is open."""

    years: tuple[TimelineYear, ...]
    year: int
    events: tuple[Event, ...]


def timeline(workspace: Workspace, *, year: int | None) -> Timeline:
    """The newest year, or the one named; three queries."""
    activities = _activities(workspace)
    others = [*_decisions(workspace), *_changes(workspace)]
    counts = Counter(event.day.year for event in activities)
    years = sorted({*counts, *(event.day.year for event in others)}, reverse=True)
    this_year = timezone.localdate().year
    chosen = year if year is not None else (this_year if this_year in years else years[0])
    events = [event for event in (*activities, *others) if event.day.year == chosen]
    most = max(counts.values(), default=1)
    return Timeline(
        tuple(TimelineYear(number, counts[number], 100 * counts[number] / most) for number in years),
        chosen,
        tuple(sorted(events, key=lambda event: event.day, reverse=True)),
    )


def _activities(workspace: Workspace) -> list[Event]:
    """All of them, with little of each: years are counted and shown from one query."""
    rows = workspace.partnership.activities.exclude(state=ActivityState.CALLED_OFF)
    rows = rows.only("pk", "title", "language", "kind", "state", "starts_at", "partnership_id")
    return [
        Event(timezone.localtime(row.starts_at).date(), activity=row)
        for row in rows.order_by("starts_at", "pk")
    ]


def _decisions(workspace: Workspace) -> list[Event]:
    rows = workspace.partnership.decisions.select_related("proposal").order_by("day", "pk")
    return [Event(row.day, decision=decision_line(row, workspace)) for row in rows]


def _changes(workspace: Workspace) -> list[Event]:
    """Of the stage, and of the sides: who came, who left."""
    partnership = workspace.partnership
    found = [Event(timezone.localtime(partnership.created_at).date(), sentence=_("The partnership began."))]
    for one in workspace.sides:
        joined, left = one.side.joined_at, one.side.left_at
        if joined is not None and joined > partnership.created_at:
            sentence = _("%(name)s joined.") % {"name": one.name}
            found.append(Event(timezone.localtime(joined).date(), sentence=sentence))
        if left is not None:
            sentence = _("%(name)s left.") % {"name": one.name}
            found.append(Event(timezone.localtime(left).date(), sentence=sentence))
    rows = partnership.proposals.filter(kind__in=OF_THE_STAGE, state=ProposalState.EFFECTIVE)
    found += [
        Event(timezone.localtime(row.settled_at).date(), sentence=_change_sentence(row))
        for row in rows.select_related("effective").order_by("pk")
        if row.settled_at is not None
    ]
    return found


def _change_sentence(proposal: Proposal) -> str:
    payload = proposal.effective.payload if proposal.effective else {}
    stage = payload.get("stage") if isinstance(payload, dict) else None
    if stage in Stage.values:
        return _("All sides said yes. The stage is now: %(stage)s.") % {"stage": Stage(stage).label}
    return _("All sides said yes: %(what)s.") % {"what": ProposalKind(proposal.kind).label}
