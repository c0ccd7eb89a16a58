"""What happens to introductions when a community is given up, or no longer wants to hear from another.

Every command starts through here, so the operations are imported only when something is announced.
"""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.urls import reverse

from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.signals import (
    community_begins_anew,
    community_blocked,
    community_closed,
    community_hides,
)
from twincitylab.partnerships.models import Interest, Introduction


@receiver(community_closed)
def end_what_is_open(*, community: Community, by: Person, now: dt.datetime, **_more: Any) -> None:
    """Nobody waits for an answer of a community that is gone."""
    from twincitylab.partnerships.operations.answering import end_open_of
    from twincitylab.partnerships.operations.leaving import let_go

    end_open_of(community, by=by, now=now)
    let_go(community, by=by, now=now)
    Interest.objects.filter(Q(community=community) | Q(other=community)).delete()


@receiver([community_begins_anew, community_hides])
def lead_nobody_to_it(*, community: Community, by: Person, now: dt.datetime, **_more: Any) -> None:
    """What it was before does not tell those it has not met what it is now."""
    from twincitylab.partnerships.operations.veiling import veil

    veil(community, by=by, now=now)


@receiver(community_blocked)
def take_back_what_was_said(
    *, community: Community, blocked: Community, by: Person, now: dt.datetime, **_more: Any
) -> None:
    """Who blocks another takes back what it proposed or said in private; the other's own proposal stays
    open without an answer, as if nobody had read it, so that it does not learn of the block."""
    from twincitylab.partnerships.operations.answering import take_back_proposals

    take_back_proposals(community, to=blocked, by=by, now=now)
    Interest.objects.filter(community=community, other=blocked).delete()


@receiver(pre_delete, sender=Introduction)
def lead_its_notices_to_the_inbox(*, instance: Introduction, **_more: Any) -> None:
    """An introduction goes with a community that is erased; who was told of it finds no missing page."""
    page = reverse("partnerships:introduction", args=[instance.pk])
    Notice.objects.filter(address=page).update(address=reverse("partnerships:inbox"))
