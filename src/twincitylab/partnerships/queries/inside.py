"""A partnership as its own people find it: where each side starts, who is there, and what to do next."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from twincitylab.base.figures import grouped
from twincitylab.community.choices import Role
from twincitylab.community.models import CommunityBlock, Membership
from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.choices import (
    LIVING_PROPOSALS,
    ActivityState,
    CheckState,
    Stage,
    TaskState,
)
from twincitylab.partnerships.models import (
    Consent,
    EyeLevelCheck,
    HandOver,
    Partnership,
    ProposalVersion,
    SmallTask,
)
from twincitylab.partnerships.queries.proposals import ProposalLine, with_objections
from twincitylab.partnerships.queries.succession import memberships_of
from twincitylab.partnerships.queries.workspaces import SideCard, Workspace

CHECK_EVERY = dt.timedelta(days=183)
REVIEW_SOON = dt.timedelta(days=30)
ENOUGH_TO_CHECK = 3
BLOCKED = "is_blocked"


@dataclass(frozen=True)
class Contact:
    """Somebody who acts for a side; ``email`` only for the stewards of the other sides."""

    name: str
    email: str


@dataclass(frozen=True)
class Shore:
    """A side with where it starts from: context, never scored. Empty where it is not said or not shown."""

    side: SideCard
    population: str
    people: str
    hours: str
    money: str
    contacts: tuple[Contact, ...]

    @property
    def says_nothing(self) -> bool:
        return not (self.people or self.hours or self.money)


@dataclass(frozen=True)
class _Done:
    """What was done together: how many activities are not called off, were held, and are still to come."""

    activities: int
    held: int
    planned: int
    is_checked: bool


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next."""

    title: str
    sentence: str
    button: str
    address: str


def seats_of(workspace: Workspace) -> tuple[Membership, ...]:
    """Who belongs to the sides, for ``shores`` and for their roles, with whether their community and ours
    block each other; one query."""
    ours = workspace.ours.card.pk
    blocks = CommunityBlock.objects.filter(
        Q(community=ours, blocked=OuterRef("community")) | Q(blocked=ours, community=OuterRef("community"))
    )
    return tuple(memberships_of(workspace).annotate(**{BLOCKED: Exists(blocks)}))


def shores(workspace: Workspace, seats: Sequence[Membership]) -> tuple[Shore, ...]:
    """The sides with their context and contacts."""
    contacts = _contacts(workspace, seats)
    currency = workspace.partnership.currency
    found = []
    for one in workspace.sides:
        side, city = one.side, one.side.community.city
        hours, money = side.hours_a_month, side.money_a_year
        found.append(
            Shore(
                side=one,
                population=grouped(city.population) if one.card.city and city.population else "",
                people=grouped(side.people) if side.people is not None else "",
                hours=grouped(float(hours)) if hours is not None else "",
                money=f"{grouped(float(money))} {currency}" if money is not None else "",
                contacts=contacts.get(one.pk, ()),
            )
        )
    return tuple(found)


def next_step(workspace: Workspace, waiting: Sequence[ProposalLine], *, now: dt.datetime) -> NextStep | None:
    """What helps this partnership most now; None where it is over or somebody can only read. ``waiting`` is
    what is proposed and not settled; one query."""
    partnership = workspace.partnership
    if not workspace.may_write or partnership.stage == Stage.ENDED:
        return None
    if workspace.may_bind and any(line.waits_for_us for line in waiting):
        return _step(
            workspace,
            "proposals",
            _("Something waits for your side’s yes"),
            _("It takes effect only when every side has said yes to the same words."),
            _("Read and answer"),
        )
    if partnership.stage == Stage.PAUSED:
        return None
    return _of_the_work(workspace, now=now)


def waiting_counts(workspaces: tuple[Workspace, ...]) -> dict[int, tuple[str, ...]]:
    """What waits in each of several partnerships, in words; six queries, however many there are."""
    pks = [one.partnership.pk for one in workspaces]
    living = ProposalVersion.objects.filter(
        proposal__partnership__in=pks, proposal__state__in=LIVING_PROPOSALS
    ).order_by("number")
    newest = {row.proposal_id: row for row in living.select_related("proposal")}
    with_objections(newest.values())
    said = set(Consent.objects.filter(version__in=list(newest.values())).values_list("version", "side"))
    checks = set(
        EyeLevelCheck.objects.filter(partnership__in=pks, state=CheckState.OPEN).values_list(
            "partnership", flat=True
        )
    )
    tasks: set[tuple[int, int | None]] = set(
        SmallTask.objects.filter(partnership__in=pks, state=TaskState.OPEN).values_list("partnership", "side")
    )
    handing = set(
        HandOver.objects.filter(partnership__in=pks, done_at__isnull=True).values_list("partnership", "side")
    )
    found = {}
    for one in workspaces:
        pk, ours = one.partnership.pk, one.ours.pk
        open_versions = [
            row.pk
            for row in newest.values()
            if row.proposal.partnership_id == pk and ours not in row.proposal.objecting
        ]
        words = []
        if one.may_bind and any((version, ours) not in said for version in open_versions):
            words.append(_("a proposal waits for your side’s yes"))
        if pk in checks:
            words.append(_("an eye-level check is open"))
        if (pk, ours) in handing:
            words.append(_("something is still to be handed over"))
        if one.may_write and ((pk, None) in tasks or (pk, ours) in tasks):
            words.append(_("a small task is free"))
        found[pk] = tuple(words)
    return found


def _of_the_work(workspace: Workspace, *, now: dt.datetime) -> NextStep | None:
    partnership, today = workspace.partnership, now.date()
    done = _done(workspace, now=now)
    if not done.activities:
        return _step(
            workspace,
            "planner",
            _("Plan the first talk"),
            _("Half an hour is enough: who are you, what do you hope for, what can each of you give?"),
            _("Find an hour that suits all sides"),
        )
    if partnership.agreement is None:
        return _step(
            workspace,
            "agreement",
            _("Write down together what you want"),
            _("One page: what for, who does what, and when you look at it again."),
            _("Begin the agreement"),
        )
    if partnership.review_on is not None and partnership.review_on <= today + REVIEW_SOON:
        return _step(
            workspace,
            "agreement",
            _("Look at your agreement again"),
            _("The day you set for it has come, or is near. Is it still what you want?"),
            _("Read the agreement"),
        )
    if done.held >= ENOUGH_TO_CHECK and not done.is_checked:
        return _step(
            workspace,
            "check",
            _("See whether you stand level"),
            _("Twenty short questions, five minutes, and nobody sees who said what."),
            _("To the eye-level check"),
        )
    if not done.planned:
        return _step(
            workspace,
            "planner",
            _("Plan when you meet next"),
            _("Nothing is planned at the moment, and what is not planned seldom happens."),
            _("Find an hour that suits all sides"),
        )
    return None


def _step(workspace: Workspace, view: str, title: str, sentence: str, button: str) -> NextStep | None:
    try:
        address = reverse(f"partnerships:{view}", args=[workspace.partnership.slug])
    except NoReverseMatch:
        return None
    return NextStep(title, sentence, button, f"{address}?as={workspace.ours.card.slug}")


def _done(workspace: Workspace, *, now: dt.datetime) -> _Done:
    """One query, however many activities there are."""
    state, at = "activities__state", "activities__starts_at__gte"
    checks = EyeLevelCheck.objects.filter(
        Q(state=CheckState.OPEN) | Q(closes_at__gte=now - CHECK_EVERY), partnership=OuterRef("pk")
    )
    found = (
        Partnership.objects.filter(pk=workspace.partnership.pk)
        .values("pk")
        .annotate(
            count=Count("activities", filter=~Q(**{state: ActivityState.CALLED_OFF})),
            held=Count("activities", filter=Q(**{state: ActivityState.HELD})),
            planned=Count("activities", filter=Q(**{state: ActivityState.PLANNED, at: now})),
            is_checked=Exists(checks),
        )
    )
    return _Done(*found.values_list("count", "held", "planned", "is_checked").get())


def _contacts(workspace: Workspace, seats: Sequence[Membership]) -> dict[int, tuple[Contact, ...]]:
    """Who acts for each side that is here; nobody of a side in safety mode, and no address while one of two
    sides blocks the other."""
    sides = {one.card.pk: one for one in workspace.active}
    found: dict[int, list[Contact]] = {}
    for row in seats:
        one = sides.get(row.community_id)
        if one is None or one.card.is_safe_mode or row.role != Role.STEWARD:
            continue
        is_blocked = getattr(row, BLOCKED)
        may_write_to = workspace.may_bind and one.pk != workspace.ours.pk and not is_blocked
        email = row.person.email if may_write_to and workspace.standing == Standing.STEWARD else ""
        found.setdefault(one.pk, []).append(Contact(row.person.name, email))
    return {pk: tuple(contacts) for pk, contacts in found.items()}
