"""The rounds of the eye-level check as one of its people sees them.

Of an open round nothing is read but the round itself, whether the reader has answered and whether the
reader's own side has asked to close it: never a sheet, never a count.
"""

import datetime as dt
from dataclasses import dataclass

from twincitylab.community.models import Membership, Person
from twincitylab.partnerships.choices import CheckState
from twincitylab.partnerships.models import CheckTaken, EyeLevelCheck
from twincitylab.partnerships.queries.check_course import Course, course_of
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace

SUGGESTED_AFTER = dt.timedelta(days=150)
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class OpenRound:
    """The round that takes answers now, for one reader."""

    check: EyeLevelCheck
    opened_by: SideCard | None
    has_answered: bool
    has_asked: bool
    is_ours: bool
    """Whether the reader's side was here when it opened, and is asked."""
    sides: int
    """So many were here when it opened: the words of the answers stay the same to its end."""


@dataclass(frozen=True)
class CheckPage:
    """The open round, the earlier ones, newest first, and what they show over the years."""

    round: OpenRound | None
    earlier: tuple[EyeLevelCheck, ...]
    is_suggested: bool
    own_people: int
    least: int
    course: Course | None

    @property
    def has_too_few_people(self) -> bool:
        """Whether the reader's own side cannot reach the least number with the members it has here."""
        return self.own_people < self.least


def open_round(workspace: Workspace, *, person: Person) -> OpenRound | None:
    check = EyeLevelCheck.objects.filter(partnership=workspace.partnership, state=CheckState.OPEN).first()
    if check is None:
        return None
    check.partnership = workspace.partnership
    return OpenRound(
        check=check,
        opened_by=workspace.side(check.opened_by_side_id) if check.opened_by_side_id else None,
        has_answered=CheckTaken.objects.filter(check_round=check, person=person).exists(),
        has_asked=workspace.ours.pk in check.closing_asked,
        is_ours=check.asks(workspace.ours.side),
        sides=sum(_was_here(one, check) for one in workspace.sides),
    )


def _was_here(one: SideCard, check: EyeLevelCheck) -> bool:
    left = one.side.left_at
    return check.asks(one.side) and (left is None or left > check.opened_at)


def check_page(workspace: Workspace, *, person: Person, now: dt.datetime) -> CheckPage:
    """Everything the page of the check shows; four queries."""
    found = open_round(workspace, person=person)
    earlier = tuple(
        EyeLevelCheck.objects.filter(partnership=workspace.partnership)
        .exclude(state=CheckState.OPEN)
        .order_by("-number")
    )
    last = next((one for one in earlier if one.state == CheckState.CLOSED), None)
    is_long_ago = last is None or last.closed_at is None or now - last.closed_at >= SUGGESTED_AFTER
    return CheckPage(
        round=found,
        earlier=earlier,
        is_suggested=found is None and is_long_ago,
        own_people=Membership.objects.filter(community=workspace.ours.card.pk).count(),
        least=found.check.least if found else workspace.partnership.least_answers,
        course=course_of(earlier),
    )


def closed_check(workspace: Workspace, number: int) -> EyeLevelCheck | None:
    """An earlier round by its number; of one that is open nothing can be read."""
    if not 0 < number <= LARGEST_NUMBER:
        return None
    rounds = EyeLevelCheck.objects.filter(partnership=workspace.partnership, number=number)
    return rounds.exclude(state=CheckState.OPEN).first()


def answered_rounds(person: Person) -> list[dict[str, object]]:
    """For taking one's data along: in which open rounds the person has answered. What they answered nobody
    can find, so it is not here; of a closed round not even that they answered is kept."""
    taken = CheckTaken.objects.filter(person=person).select_related("check_round__partnership")
    return [
        {"partnership": one.check_round.partnership.slug, "round": one.check_round.number}
        for one in taken.order_by("check_round__partnership__slug", "check_round__number")
    ]
