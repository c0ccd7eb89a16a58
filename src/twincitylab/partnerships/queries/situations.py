"""What decides whether two communities may be introduced, read in a few queries."""

import datetime as dt

from django.db.models import Q

from twincitylab.community.models import Community, CommunityBlock
from twincitylab.matching.models import KnownPair
from twincitylab.partnerships.choices import OPEN_STATES
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.queries.introductions import received_open, sent_open
from twincitylab.partnerships.rules.proposing import Situation


def situation_of(us: Community, them: Community, *, now: dt.datetime) -> Situation:
    """How things stand between the two, seen from the first: five queries."""
    blocks = set(
        CommunityBlock.objects.filter(
            Q(community=us, blocked=them) | Q(community=them, blocked=us)
        ).values_list("community_id", flat=True)
    )
    first, second = sorted((us.pk, them.pk))
    pair = Introduction.objects.filter(a_id=first, b_id=second)
    overdue = Q(state__in=OPEN_STATES, expires_at__lte=now)
    latest = pair.exclude(overdue).order_by("-made_at", "-pk").first()
    return Situation(
        us=us.pk,
        our_name=us.shown_name,
        their_name=them.shown_name,
        our_capacity=us.capacity,
        their_capacity=them.capacity,
        is_same=us.pk == them.pk,
        is_same_city=us.city_id == them.city_id and not them.hides_city,
        is_over=them.closed_at is not None or us.closed_at is not None,
        blocks_us=them.pk in blocks,
        blocked_by_us=us.pk in blocks,
        is_known=KnownPair.objects.filter(a_id=first, b_id=second).exists(),
        received_by_them=received_open(them, now=now).count(),
        sent_by_us=sent_open(us, now=now).count(),
        latest_pk=latest.pk if latest else 0,
        latest_state=latest.state if latest else "",
        latest_proposer=latest.proposer_id if latest else None,
        latest_answered_at=latest.answered_at if latest else None,
    )
