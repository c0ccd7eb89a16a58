"""Activities as both sides see them: by year, and one with what each side gave."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import ExtractYear

from twincitylab.community.models import Membership
from twincitylab.partnerships.choices import ActivityState
from twincitylab.partnerships.models import Activity, ActivityPerson, ActivitySide
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace
from twincitylab.partnerships.rules.contributions import OWN_DELETION, Gift

NEXT_SHOWN = 3
ON_A_PAGE = 26


@dataclass(frozen=True)
class Carrier:
    """Somebody who may have carried the contact."""

    pk: int
    name: str


@dataclass(frozen=True)
class SideGift:
    """What one side gave; None where it has said nothing."""

    side: SideCard
    gift: Gift | None


@dataclass(frozen=True)
class ActivityView:
    """An activity between its sides."""

    activity: Activity
    workspace: Workspace

    @cached_property
    def gifts(self) -> tuple[SideGift, ...]:
        rows = {row.side_id: row for row in self.activity.contributions.all()}
        return tuple(
            SideGift(side, gift_of(rows[side.pk]) if side.pk in rows else None)
            for side in self.workspace.sides
        )

    @property
    def host(self) -> SideCard | None:
        return self.workspace.side(self.activity.host_id) if self.activity.host_id else None

    @property
    def wrote(self) -> SideCard | None:
        return self.workspace.side(self.activity.made_by_side_id)

    @property
    def put_to_use_by(self) -> SideCard | None:
        pk = self.activity.put_to_use_by_id
        return self.workspace.side(pk) if pk else None

    @property
    def carried(self) -> tuple[tuple[SideCard, tuple[str, ...]], ...]:
        """Who carried the contact, by side. Of a side in safety mode nobody is named."""
        people = list(self.activity.people.all())
        found = []
        for side in self.workspace.sides:
            rows = [row for row in people if row.side_id == side.pk]
            if rows:
                names = tuple(row.person.name if row.person else "" for row in rows)
                found.append((side, () if side.card.is_safe_mode else names))
        return tuple(found)

    def may_delete(self, *, now: dt.datetime) -> bool:
        """Whether the reader's side can still take it out."""
        is_ours = self.activity.made_by_side_id == self.workspace.ours.pk
        return self.workspace.may_write and is_ours and now - self.activity.made_at <= OWN_DELETION


@dataclass(frozen=True)
class Year:
    number: int
    count: int


@dataclass(frozen=True)
class ActivityList:
    """A page of the activities of one year, newest first, and the years there are."""

    years: tuple[Year, ...]
    year: int
    page: Page[Activity]
    activities: tuple[ActivityView, ...]


def gift_of(row: ActivitySide) -> Gift:
    return Gift(
        people=row.people,
        new_people=row.new_people,
        hours=row.hours,
        money=row.money,
        in_kind=row.in_kind,
        in_kind_worth=row.in_kind_worth,
    )


def activity_list(
    workspace: Workspace,
    *,
    year: int | None,
    kind: str = "",
    state: str = "",
    page: str | None = None,
    now: dt.datetime,
) -> ActivityList:
    """The activities of a year, on the reader's calendar; of the newest when none is named. Four queries."""
    rows = workspace.partnership.activities
    years = tuple(
        Year(row["year"], row["count"])
        for row in rows.annotate(year=ExtractYear("starts_at"))
        .values("year")
        .annotate(count=Count("pk"))
        .order_by("-year")
    )
    known = [one.number for one in years]
    this_year = now.year if now.year in known or not known else known[0]
    chosen = year if year is not None else this_year
    found = rows.filter(starts_at__year=chosen) if 1 < chosen < 9999 else rows.none()
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    found = found.prefetch_related("contributions").order_by("-starts_at", "-pk")
    shown = Paginator(found, ON_A_PAGE).get_page(page)
    return ActivityList(years, chosen, shown, tuple(ActivityView(row, workspace) for row in shown))


def activity_in(workspace: Workspace, pk: int) -> ActivityView | None:
    """One activity of the partnership with all that belongs to it; None where there is none."""
    found = (
        with_everything(workspace.partnership.activities.all()).filter(pk=pk).first()
        if 0 < pk < 2**63
        else None
    )
    if found is None:
        return None
    found.partnership = workspace.partnership
    return ActivityView(found, workspace)


def with_everything(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    return activities.prefetch_related(
        "contributions", Prefetch("people", queryset=ActivityPerson.objects.select_related("person"))
    )


def next_activities(workspace: Workspace, *, now: dt.datetime) -> list[Activity]:
    """The next few that are planned; one query."""
    planned = workspace.partnership.activities.filter(state=ActivityState.PLANNED, starts_at__gte=now)
    return list(planned.order_by("starts_at", "pk")[:NEXT_SHOWN])


def carriers_of(workspace: Workspace) -> tuple[Carrier, ...]:
    """The people of the reader's own side: each side names its own."""
    seats = Membership.objects.filter(community=workspace.ours.card.pk).select_related("person")
    return tuple(Carrier(seat.person_id, seat.person.name) for seat in seats.order_by("person__name", "pk"))
