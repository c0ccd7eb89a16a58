"""Roles, small tasks, thanks and what is being handed over, as the people of all sides see them.

Nobody is named of a side in safety mode, nor who has left; nothing is counted by person.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from twincitylab.community.choices import Role
from twincitylab.community.models import Membership, Person
from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.choices import Stage, TaskState
from twincitylab.partnerships.models import HandOver, HandOverItem, Side, SideRole, SmallTask, Thanks
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace
from twincitylab.partnerships.rules.handing_over import CHECKLIST

SOON = dt.timedelta(days=30)
DONE_SHOWN, THANKS_SHOWN, HAND_OVERS_SHOWN = 10, 20, 20


@dataclass(frozen=True)
class Seat:
    """Somebody who belongs to a side now."""

    pk: int
    name: str
    is_steward: bool


@dataclass(frozen=True)
class RoleLine:
    """A role. Without ``is_taken`` it is vacant; a name is empty where nobody is named."""

    role: SideRole
    person: str
    deputy: str
    is_taken: bool
    has_deputy: bool
    ends_soon: bool
    is_over: bool


@dataclass(frozen=True)
class SideRoles:
    side: SideCard
    roles: tuple[RoleLine, ...]
    is_ours: bool


@dataclass(frozen=True)
class TaskLine:
    """A task with the side it is for, if for one, and what the reader may do with it."""

    task: SmallTask
    side: SideCard | None
    taken_by: str
    is_mine: bool
    may_take: bool
    may_give_back: bool


@dataclass(frozen=True)
class ThanksLine:
    thanks: Thanks
    by: SideCard | None
    to: SideCard | None
    name: str


@dataclass(frozen=True)
class ItemLine:
    item: HandOverItem
    words: str
    done_by: str


@dataclass(frozen=True)
class HandOverLine:
    hand_over: HandOver
    side: SideCard | None
    leaving: str
    following: str
    items: tuple[ItemLine, ...]
    is_ours: bool

    @property
    def open_items(self) -> int:
        return sum(line.item.done_at is None for line in self.items)


@dataclass(frozen=True)
class LeftBehind:
    """A partnership of somebody who is about to leave its community: what they are handing over there has
    still ``open_items``; None where they have not begun."""

    slug: str
    title: str
    open_items: int | None


@dataclass(frozen=True)
class Succession:
    """The whole page. ``ours`` are the people of the reader's side, for its own forms."""

    roles: tuple[SideRoles, ...]
    tasks: tuple[TaskLine, ...]
    done: tuple[TaskLine, ...]
    thanks: tuple[ThanksLine, ...]
    running: tuple[HandOverLine, ...]
    past: tuple[HandOverLine, ...]
    ours: tuple[Seat, ...]


class _People:
    """Who sits on which side now, and the name under which all sides may read it."""

    def __init__(self, workspace: Workspace, seats: Iterable[Membership]) -> None:
        self.workspace = workspace
        sides = {one.card.pk: one for one in workspace.sides}
        self.seats: dict[int, dict[int, Seat]] = {one.pk: {} for one in workspace.sides}
        for row in seats:
            seat = Seat(row.person_id, row.person.name, row.role == "steward")
            self.seats[sides[row.community_id].pk][row.person_id] = seat

    def is_here(self, person: int | None, *, side: int | None) -> bool:
        return person is not None and side is not None and person in self.seats.get(side, {})

    def name(self, person: Person | None, *, side: int | None) -> str:
        """Empty for somebody of a side in safety mode, who is here no more or whose account is gone."""
        if person is None:
            return ""
        for one in self.workspace.sides:
            if (side is None or one.pk == side) and self.is_here(person.pk, side=one.pk):
                return "" if one.card.is_safe_mode else person.name
        return ""


def memberships_of(workspace: Workspace) -> QuerySet[Membership]:
    """Who belongs to any of the sides now, by name."""
    found = Membership.objects.filter(
        community__in=[one.card.pk for one in workspace.sides], person__is_active=True
    )
    return found.select_related("person").order_by("person__name", "pk")


def succession(workspace: Workspace, *, reader: Person, today: dt.date) -> Succession:
    """All of it; seven queries, however many there are."""
    people = _People(workspace, memberships_of(workspace))
    tasks = [_task(row, people, reader=reader) for row in _tasks(workspace)]
    open_ones = [line for line in tasks if line.task.state != TaskState.DONE]
    done = [line for line in tasks if line.task.state == TaskState.DONE]
    done.sort(key=lambda line: line.task.done_at or line.task.made_at, reverse=True)
    lines = _hand_overs(workspace, people)
    return Succession(
        roles=_roles(workspace, people, today=today),
        tasks=tuple(open_ones),
        done=tuple(done[:DONE_SHOWN]),
        thanks=_thanks(workspace, people),
        running=tuple(line for line in lines if line.hand_over.done_at is None),
        past=tuple(line for line in lines if line.hand_over.done_at is not None),
        ours=tuple(people.seats.get(workspace.ours.pk, {}).values()),
    )


def seats_of_ours(workspace: Workspace) -> tuple[Seat, ...]:
    """The people of the reader's own side."""
    rows = Membership.objects.filter(community=workspace.ours.card.pk, person__is_active=True)
    return tuple(
        Seat(row.person_id, row.person.name, row.role == "steward")
        for row in rows.select_related("person").order_by("person__name", "pk")
    )


def role_in(workspace: Workspace, pk: int) -> SideRole | None:
    """A role of the reader's own side that has not ended."""
    if not 0 < pk < 2**63:
        return None
    found = workspace.partnership.roles.filter(pk=pk, side=workspace.ours.pk, ended_at__isnull=True).first()
    if found is not None:
        found.partnership = workspace.partnership
    return found


def task_in(workspace: Workspace, pk: int) -> SmallTask | None:
    found = workspace.partnership.tasks.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if found is not None:
        found.partnership = workspace.partnership
    return found


def hand_over_in(workspace: Workspace, pk: int) -> HandOver | None:
    """A hand-over of the reader's own side."""
    if not 0 < pk < 2**63:
        return None
    found = workspace.partnership.hand_overs.filter(pk=pk, side=workspace.ours.pk).first()
    if found is not None:
        found.partnership = workspace.partnership
    return found


def item_in(workspace: Workspace, pk: int) -> HandOverItem | None:
    if not 0 < pk < 2**63:
        return None
    rows = HandOverItem.objects.select_related("hand_over")
    found = rows.filter(
        pk=pk, hand_over__partnership=workspace.partnership, hand_over__side=workspace.ours.pk
    ).first()
    if found is not None:
        found.hand_over.partnership = workspace.partnership
    return found


def what_is_left_behind(person: Person, *, community: int) -> tuple[LeftBehind, ...]:
    """The partnerships for which somebody acts in a community, unless all is handed over; three queries at
    most, one for a person who acts for nobody there."""
    seats = Membership.objects.filter(person=person, role=Role.STEWARD, community=OuterRef("community"))
    ours = Side.objects.filter(
        Exists(seats), community=community, joined_at__isnull=False, left_at__isnull=True
    ).exclude(partnership__stage=Stage.ENDED)
    sides = list(ours.select_related("partnership").order_by("pk"))
    if not sides:
        return ()
    begun = HandOver.objects.filter(side__in=sides, leaving=person)
    counted = begun.annotate(still=Count("items", filter=Q(items__done_at__isnull=True))).order_by("pk")
    still = dict(counted.values_list("side", "still"))
    names: dict[int, list[str]] = {one.partnership_id: [] for one in sides}
    others = Side.objects.filter(partnership__in=names, joined_at__isnull=False).select_related("community")
    for one in others.order_by("number"):
        names[one.partnership_id].append(one.community.shown_name)
    return tuple(
        LeftBehind(
            one.partnership.slug,
            one.partnership.name or " – ".join(names[one.partnership_id]),
            still.get(one.pk),
        )
        for one in sides
        if still.get(one.pk) != 0
    )


def named_roles(
    workspace: Workspace, seats: Iterable[Membership], *, today: dt.date
) -> tuple[SideRoles, ...]:
    """The roles of each side, for the overview; one query beyond the seats of its people."""
    return _roles(workspace, _People(workspace, seats), today=today)


def item_words(item: HandOverItem) -> str:
    return str(CHECKLIST.get(item.key, _("Something else"))) if item.key else item.text


def _roles(workspace: Workspace, people: _People, *, today: dt.date) -> tuple[SideRoles, ...]:
    rows = workspace.partnership.roles.filter(ended_at__isnull=True)
    by_side: dict[int, list[RoleLine]] = {one.pk: [] for one in workspace.sides}
    for role in rows.select_related("person", "deputy").order_by("since", "pk"):
        if role.side_id in by_side:
            by_side[role.side_id].append(_role(role, people, today=today))
    return tuple(
        SideRoles(one, tuple(by_side[one.pk]), one.pk == workspace.ours.pk) for one in workspace.sides
    )


def _role(role: SideRole, people: _People, *, today: dt.date) -> RoleLine:
    is_over = role.until is not None and role.until < today
    return RoleLine(
        role=role,
        person=people.name(role.person, side=role.side_id),
        deputy=people.name(role.deputy, side=role.side_id),
        is_taken=people.is_here(role.person_id, side=role.side_id) and not is_over,
        has_deputy=people.is_here(role.deputy_id, side=role.side_id),
        ends_soon=role.until is not None and today <= role.until <= today + SOON,
        is_over=is_over,
    )


def _tasks(workspace: Workspace) -> list[SmallTask]:
    return list(workspace.partnership.tasks.select_related("taken_by").order_by("made_at", "pk"))


def _task(task: SmallTask, people: _People, *, reader: Person) -> TaskLine:
    workspace = people.workspace
    ours, is_taken = workspace.ours.pk, task.state == TaskState.TAKEN
    is_mine = is_taken and task.taken_by_id == reader.pk
    is_elsewhere = any(
        people.is_here(task.taken_by_id, side=one.pk) for one in workspace.sides if one.pk != ours
    )
    is_steward = workspace.standing == Standing.STEWARD
    is_free = task.state == TaskState.OPEN or (is_taken and task.taken_by_id is None)
    return TaskLine(
        task=task,
        side=workspace.side(task.side_id) if task.side_id else None,
        taken_by=people.name(task.taken_by, side=None),
        is_mine=is_mine,
        may_take=workspace.may_write and is_free and task.side_id in (None, ours),
        may_give_back=workspace.may_write and is_taken and (is_mine or (is_steward and not is_elsewhere)),
    )


def _thanks(workspace: Workspace, people: _People) -> tuple[ThanksLine, ...]:
    rows = workspace.partnership.thanks.select_related("from_person").order_by("-said_at", "-pk")
    return tuple(
        ThanksLine(
            row,
            workspace.side(row.from_side_id),
            workspace.side(row.to_side_id),
            people.name(row.from_person, side=row.from_side_id),
        )
        for row in rows[:THANKS_SHOWN]
    )


def _hand_overs(workspace: Workspace, people: _People) -> tuple[HandOverLine, ...]:
    rows = workspace.partnership.hand_overs.select_related("leaving", "following").order_by(
        "-started_at", "-pk"
    )
    found = list(rows[:HAND_OVERS_SHOWN])
    items: Mapping[int, list[ItemLine]] = {row.pk: [] for row in found}
    sides = {row.pk: row.side_id for row in found}
    lines = HandOverItem.objects.filter(hand_over__in=found).select_related("done_by").order_by("pk")
    for item in lines:
        done_by = people.name(item.done_by, side=sides[item.hand_over_id])
        items[item.hand_over_id].append(ItemLine(item, item_words(item), done_by))
    return tuple(
        HandOverLine(
            row,
            workspace.side(row.side_id),
            people.name(row.leaving, side=row.side_id),
            people.name(row.following, side=row.side_id),
            tuple(items[row.pk]),
            row.side_id == workspace.ours.pk,
        )
        for row in found
    )
