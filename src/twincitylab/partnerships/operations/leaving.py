"""A side goes: on its own, or because its community was given up. What all have written stays readable."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import LONGEST_TEXT, Community, Person
from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.choices import ProposalKind, Stage
from twincitylab.partnerships.models import Partnership, Side
from twincitylab.partnerships.operations.consenting import (
    living_of,
    opened_case,
    overtake,
    overtake_all,
    renew_living,
    settle_carried,
    withdraw_now,
)
from twincitylab.partnerships.operations.matters import Case, newest_version, reasoned
from twincitylab.partnerships.operations.pairs import require_pseudonym
from twincitylab.partnerships.operations.stages import enter
from twincitylab.partnerships.operations.telling import tell_of_side
from twincitylab.partnerships.operations.workspaces import require_side, write_down
from twincitylab.partnerships.rules.consent import LEAST_SIDES

NO_WORDS = "–"
"""A side that is gone has left no reason."""


def leave(*, partnership: Partnership, side: Side, reason: str, by: Person, now: dt.datetime) -> Partnership:
    """A side goes by itself, with a reason; nobody has to agree. With fewer than two left the partnership
    ends with that reason."""
    missing = _("Say why you go: a good farewell is told, and it stays readable for both sides.")
    with transaction.atomic():
        case = opened_case(partnership, by=by, now=now)
        us = case.side(side.pk)
        if us is not None and us.left_at is not None:
            return case.partnership
        us = require_side(case.partnership, side, by=by, least=Standing.STEWARD)
        words = reasoned(reason, longest=LONGEST_TEXT, missing=missing)
        require_pseudonym(words, us=us.community, field="reason")
        return _depart(case, us, reason=words)


def let_go(community: Community, *, by: Person, now: dt.datetime) -> None:
    """The community was given up: where at least two others are left it goes, and otherwise the other side
    decides alone whether to pause or to end. Part of the change that closes it."""
    mine = Partnership.objects.filter(sides__community=community).exclude(stage=Stage.ENDED)
    for partnership in mine.distinct().order_by("pk"):
        case = opened_case(partnership, by=by, now=now, is_closing=True)
        side = next(one for one in case.sides if one.community_id == community.pk)
        _decline_invitation(case, side)
        if not side.is_active:
            continue
        left = [one for one in case.active if one.pk not in {*case.gone, side.pk}]
        if len(left) >= LEAST_SIDES:
            _depart(case, side, reason="")
            continue
        for proposal in living_of(case, side):
            withdraw_now(case, proposal, side=side)
        settle_carried(case)
        tell_of_side(case, "side-vanished", side)


def is_needed(community: Community) -> bool:
    """Whether others depend on a community because it is or was a side, or is invited to be one."""
    return Side.objects.filter(community=community).exists()


def _depart(case: Case, side: Side, *, reason: str) -> Partnership:
    for proposal in living_of(case, side):
        withdraw_now(case, proposal, side=side)
    side.left_at, side.left_reason = case.now, reason
    side.save(update_fields=["left_at", "left_reason"])
    write_down(case.partnership, "leave partnership", by=case.by, now=case.now, side=side)
    after = opened_case(case.partnership, by=case.by, now=case.now, is_closing=case.is_closing)
    found = after.partnership
    if len(after.active) < LEAST_SIDES:
        enter(found, Stage.ENDED, reason=reason or NO_WORDS, now=case.now)
        overtake_all(after)
    else:
        renew_living(after)
    found.changed_at = case.now
    found.revision += 1
    found.save()
    tell_of_side(after, "side-left", side)
    return found


def _decline_invitation(case: Case, side: Side) -> None:
    """Nobody waits for the yes of a community that is gone."""
    invitations = case.partnership.proposals.filter(kind=ProposalKind.NEW_SIDE).select_related(
        "partnership", "side"
    )
    for proposal in invitations:
        if proposal.is_living and newest_version(proposal).payload["side"] == side.pk:
            overtake(case, proposal)
