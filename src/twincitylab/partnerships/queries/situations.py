"""What decides whether two communities may be introduced, read in a few queries."""

import datetime as dt
from typing import TypedDict

from django.db.models import Count, Exists, Q, QuerySet

from twincitylab.community.models import Community, CommunityBlock
from twincitylab.matching.models import KnownPair
from twincitylab.partnerships.choices import OPEN_STATES, Answer
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.rules.proposing import Situation


def situation_of(us: Community, them: Community, *, now: dt.datetime) -> Situation:
    """How things stand between the two, seen from the first: three queries."""
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
        is_same_city=us.city_id == them.city_id and not (us.hides_city or them.hides_city),
        is_over=them.closed_at is not None or us.closed_at is not None,
        latest_pk=latest.pk if latest else 0,
        latest_state=latest.state if latest else "",
        latest_proposer=latest.proposer_id if latest else None,
        latest_answered_at=latest.answered_at if latest else None,
        **_facts(us, them),
        **_counts(us, them, now=now),
    )


class _Facts(TypedDict):
    blocks_us: bool
    blocked_by_us: bool
    is_known: bool
    is_said: bool


class _Counts(TypedDict):
    received_by_them: int
    sent_by_us: int


def _facts(us: Community, them: Community) -> _Facts:
    first, second = sorted((us.pk, them.pk))
    found = (
        Community.objects.filter(pk=us.pk)
        .values(
            blocks_us=Exists(_blocks(them, us) | _blocks(us, them).filter(is_silent=True)),
            blocked_by_us=Exists(_blocks(us, them).filter(is_silent=False)),
            is_known=Exists(KnownPair.objects.filter(a_id=first, b_id=second)),
            is_said=Exists(Interest.objects.filter(community=us, other=them)),
        )
        .get()
    )
    return _Facts(**found)


def _blocks(one: Community, other: Community) -> QuerySet[CommunityBlock]:
    return CommunityBlock.objects.filter(community=one, blocked=other)


def _counts(us: Community, them: Community, *, now: dt.datetime) -> _Counts:
    received = Q(a=them, answer_a=Answer.NONE) | Q(b=them, answer_b=Answer.NONE)
    sent = Q(proposer=us)
    living = Introduction.objects.filter(received | sent, state__in=OPEN_STATES, expires_at__gt=now)
    found = living.aggregate(
        received_by_them=Count("pk", filter=received), sent_by_us=Count("pk", filter=sent)
    )
    return _Counts(received_by_them=found["received_by_them"], sent_by_us=found["sent_by_us"])
