"""Letting another community see one's own, whatever its visibility."""

import datetime as dt
from collections.abc import Set

from twincitylab.community.models import Community, Disclosure


def let_see(community: Community, *, to: Community, now: dt.datetime) -> None:
    """From now on ``to`` may see ``community``; saying it again changes nothing.

    Part of another change, such as proposing an introduction, which writes the audit row.
    """
    Disclosure.objects.bulk_create([Disclosure(community=community, to=to, since=now)], ignore_conflicts=True)


def show_only(community: Community, *, to: Set[int]) -> None:
    """Of those who may see ``community`` whatever its visibility, only ``to`` still may; part of another
    change."""
    Disclosure.objects.filter(community=community).exclude(to__in=to).delete()
