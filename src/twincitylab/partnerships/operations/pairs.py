"""What every change of an introduction begins and ends with: its locks, its checks, its audit row."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, CommunityBlock, Person
from twincitylab.community.operations.notices import notify
from twincitylab.community.queries.telling import told_in
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.rules.proposing import does_not_take_proposals

WORKER = "background worker"


class Overtaken(Refused):
    """Somebody else was quicker: the sentence says what has happened meanwhile."""


def lock_communities(*pks: int) -> dict[int, Community]:
    """The communities as they are now, one after the other in one order, so that no two changes that
    concern both wait for each other. Call it inside a transaction."""
    rows = Community.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in rows}


def lock_introduction(introduction: Introduction) -> tuple[Introduction, dict[int, Community]]:
    """The introduction and its sides as they are now; nobody else changes them until the transaction ends."""
    sides = lock_communities(introduction.a_id, introduction.b_id)
    return Introduction.objects.select_for_update(no_key=True).get(pk=introduction.pk), sides


def require_steward_of_side(introduction: Introduction, side: Community, *, by: Person) -> Person:
    """Only a steward of one of the two sides acts for it."""
    if side.pk not in {introduction.a_id, introduction.b_id}:
        raise PermissionDenied
    return require_standing(by, side, Standing.STEWARD)


def require_open(introduction: Introduction, *, sides: dict[int, Community], now: dt.datetime) -> None:
    """``Overtaken`` with what has happened meanwhile, when there is nothing to answer any more."""
    if introduction.is_overdue(now=now):
        raise Overtaken(over_sentence(IntroductionState.EXPIRED))
    if not introduction.is_open:
        raise Overtaken(over_sentence(introduction.state))
    for side in sides.values():
        if side.closed_at is not None:
            raise Overtaken(_("%(other)s is no longer active here.") % {"other": side.shown_name})


def require_not_blocked(introduction: Introduction, *, us: Community, them: Community) -> None:
    """``Refused`` while one side blocks the other; which one is said only to the side that does."""
    blocks = CommunityBlock.objects.filter(
        community__in=[us.pk, them.pk], blocked__in=[us.pk, them.pk]
    ).values_list("community_id", flat=True)
    blocking = set(blocks)
    if us.pk in blocking:
        raise Refused(
            _("%(community)s has blocked %(other)s. Lift the block first if you want to meet.")
            % {"community": us.shown_name, "other": them.shown_name}
        )
    if blocking:
        raise does_not_take_proposals(them.shown_name)


def require_pseudonym(text: str, *, us: Community, field: str) -> None:
    """``Refused`` when a community in safety mode is about to tell its real name, or the city it hides."""
    if told := told_in([text], community=us):
        raise Refused(
            _("You are in safety mode, and “%(told)s” would tell who you are. Leave it out for now.")
            % {"told": told},
            field=field,
        )


def over_sentence(state: str) -> str:
    """What happened to an introduction that can no longer be answered."""
    return {
        IntroductionState.ACCEPTED: _("Both sides have said yes meanwhile: you have met."),
        IntroductionState.DECLINED: _("This introduction has been declined meanwhile."),
        IntroductionState.WITHDRAWN: _("This introduction has been withdrawn meanwhile."),
        IntroductionState.EXPIRED: _("The time to answer this introduction is over."),
    }.get(IntroductionState(state), _("This introduction has changed meanwhile."))


def write_down(
    introduction: Introduction,
    action: str,
    *,
    by: Person | None,
    now: dt.datetime,
    community: Community | None = None,
    **detail: object,
) -> None:
    """The audit row of a change: who, for which community, what; never a text."""
    record(
        actor=f"person {by.pk}" if by else WORKER,
        action=action,
        subject=f"introduction {introduction.pk}",
        now=now,
        detail={"a": introduction.a_id, "b": introduction.b_id}
        | ({"for": community.pk} if community else {})
        | detail,
    )


def tell_side(
    introduction: Introduction, side: int, kind: str, *, now: dt.datetime, but: Person | None = None
) -> None:
    """A notice for every steward of one side, except whoever did it."""
    stewards = Person.objects.filter(
        memberships__community=side, memberships__role=Role.STEWARD, is_active=True
    )
    if but is not None:
        stewards = stewards.exclude(pk=but.pk)
    _tell(introduction, stewards, kind, community=side, now=now)


def tell_both(introduction: Introduction, kind: str, *, now: dt.datetime, but: Person | None = None) -> None:
    """A notice for the stewards of both sides, except whoever did it."""
    for side in (introduction.a_id, introduction.b_id):
        tell_side(introduction, side, kind, now=now, but=but)


def tell_facilitator(
    introduction: Introduction, kind: str, *, now: dt.datetime, side: int = 0, but: Person | None = None
) -> None:
    """A notice for the facilitator who sits in; ``side`` has done it."""
    if introduction.facilitator_id is None or (but is not None and but.pk == introduction.facilitator_id):
        return
    people = Person.objects.filter(pk=introduction.facilitator_id, is_active=True)
    _tell(introduction, people, kind, community=side or introduction.a_id, now=now, is_ours=False)


def address_of(introduction: Introduction) -> str:
    return reverse("partnerships:introduction", args=[introduction.pk])


def _tell(
    introduction: Introduction,
    people: Iterable[Person],
    kind: str,
    *,
    community: int,
    now: dt.datetime,
    is_ours: bool = True,
) -> None:
    notify(
        people,
        kind=kind,
        words={"community_id": community, "other_id": introduction.across(community)},
        address=address_of(introduction),
        community=Community.objects.get(pk=community) if is_ours else None,
        now=now,
    )
