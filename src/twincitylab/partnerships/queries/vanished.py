"""Sides for which nobody acts any more."""

from collections.abc import Collection

from twincitylab.community.choices import Role
from twincitylab.community.models import Membership
from twincitylab.partnerships.models import Side


def vanished(sides: Collection[Side]) -> frozenset[int]:
    """Of these sides those whose community was given up, or for which no steward acts: one query."""
    open_ones = {side.community_id: side.pk for side in sides if side.community.closed_at is None}
    alive = Membership.objects.filter(
        community__in=open_ones, role=Role.STEWARD, person__is_active=True
    ).values_list("community_id", flat=True)
    kept = {open_ones[community] for community in alive}
    return frozenset(side.pk for side in sides) - kept
