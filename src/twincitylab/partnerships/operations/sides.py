"""How another side joins: invited by a proposal, and here once all sides and the invited one said yes."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.community.models import Community, CommunityBlock, Person
from twincitylab.community.operations.seeing import let_see
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.models import Partnership, Side
from twincitylab.partnerships.operations.matters import Case
from twincitylab.partnerships.operations.workspaces import lock_partnership, require_side, write_down

MOST_SIDES = 10


def check_new_side(case: Case, payload: Mapping[str, Any]) -> dict[str, Any]:
    """``{"side": <side id>}``, or ``{"community": <community id>}`` where it has never been a side: then its
    row is made here, empty of a day of joining."""
    side = case.side(payload.get("side")) or _row_for(case, payload.get("community"))
    if side.is_active:
        raise Refused(_("This community is a side already."), field="community")
    if len(case.active) >= MOST_SIDES:
        raise Refused(_("There is room for %(most)d sides.") % {"most": MOST_SIDES}, field="community")
    if side.community.closed_at is not None:
        raise Refused(_("This community is closed."), field="community")
    _require_no_block(case, side.community)
    return {"side": side.pk}


def join(case: Case, payload: Mapping[str, Any]) -> None:
    """The invited side is here, and every side sees every other."""
    side = Side.objects.select_related("community").get(pk=payload["side"])
    side.joined_at, side.left_at, side.left_reason = case.now, None, ""
    side.save(update_fields=["joined_at", "left_at", "left_reason"])
    for other in case.active:
        if other.pk != side.pk:
            let_see(side.community, to=other.community, now=case.now)
            let_see(other.community, to=side.community, now=case.now)


def state_capacity(
    *,
    partnership: Partnership,
    side: Side,
    people: int | None,
    hours_a_month: Decimal | None,
    money_a_year: Decimal | None,
    by: Person,
    now: dt.datetime,
) -> Side:
    """What a side can give, as it says itself; it binds nobody."""
    with transaction.atomic():
        found, _sides = lock_partnership(partnership)
        us = require_side(found, side, by=by, least=Standing.STEWARD)
        us.people, us.hours_a_month, us.money_a_year = people, hours_a_month, money_a_year
        us.save(update_fields=["people", "hours_a_month", "money_a_year"])
        write_down(found, "state capacity", by=by, now=now, side=us)
    return us


def _row_for(case: Case, community_pk: Any) -> Side:
    known = next((side for side in case.sides if side.community_id == community_pk), None)
    if known is not None:
        return known
    community = reachable_by(case.by).filter(pk=community_pk).first() if case.by else None
    if community is None:
        raise Refused(_("Choose the community you would like to have with you."), field="community")
    return Side.objects.create(
        partnership=case.partnership,
        community=community,
        number=max((side.number for side in case.sides), default=-1) + 1,
    )


def _require_no_block(case: Case, community: Community) -> None:
    """Whoever blocks or is blocked by a side does not become one; which one it is stays unsaid."""
    here = [side.community_id for side in case.active]
    blocks = CommunityBlock.objects.filter(community__in=here, blocked=community) | (
        CommunityBlock.objects.filter(community=community, blocked__in=here)
    )
    if blocks.exists():
        raise Refused(
            _("%(name)s cannot join this partnership at the moment.") % {"name": community.shown_name},
            field="community",
        )
