"""What decides whether two communities may be introduced, read in a few queries."""

import datetime as dt
from typing import TypedDict

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, CommunityBlock, Membership, Person
from twincitylab.matching.models import KnownPair
from twincitylab.partnerships.choices import OPEN_STATES, Answer, IntroductionState
from twincitylab.partnerships.models import Interest, Introduction
from twincitylab.partnerships.rules.proposing import Situation


def situation_of(
    us: Community,
    them: Community,
    *,
    now: dt.datetime,
    by: Person | None = None,
    is_for_facilitator: bool = False,
) -> Situation:
    """How things stand between the two, seen from the first, for ``by`` who acts for it: three queries.

    Nothing is told of an introduction on which the other side is not shown any more: it is another to us.
    """
    latest = _latest(us, them, now=now, is_for_facilitator=is_for_facilitator)
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
        **_facts(us, them, by=by, now=now),
        **_counts(us, them, now=now),
    )


def _latest(
    us: Community, them: Community, *, now: dt.datetime, is_for_facilitator: bool
) -> Introduction | None:
    first, second = sorted((us.pk, them.pk))
    veils = {first: "is_a_veiled", second: "is_b_veiled"}
    hiding = [them.pk, us.pk] if is_for_facilitator else [them.pk]
    is_shown = Q(*(Q(**{veils[side]: False}) for side in hiding)) | Q(state=IntroductionState.ACCEPTED)
    overdue = Q(state__in=OPEN_STATES, expires_at__lte=now)
    pair = Introduction.objects.filter(is_shown, a_id=first, b_id=second)
    return pair.exclude(overdue).order_by("-made_at", "-pk").first()


_NOBODY = Value(None, output_field=CharField())


class _Facts(TypedDict):
    blocks_us: bool
    blocked_by_us: bool
    is_known: bool
    is_said: bool
    asked_as: str | None


class _Counts(TypedDict):
    received_by_them: int
    sent_by_us: int


def _facts(us: Community, them: Community, *, by: Person | None, now: dt.datetime) -> _Facts:
    first, second = sorted((us.pk, them.pk))
    found = (
        Community.objects.filter(pk=us.pk)
        .values(
            blocks_us=Exists(_blocks(them, us) | _blocks(us, them).filter(is_silent=True)),
            blocked_by_us=Exists(_blocks(us, them).filter(is_silent=False)),
            is_known=Exists(KnownPair.objects.filter(a_id=first, b_id=second)),
            is_said=Exists(Interest.objects.filter(community=us, other=them)),
            asked_as=Subquery(_asked(us, them, by=by, now=now)[:1]) if by else _NOBODY,
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


def _asked(us: Community, them: Community, *, by: Person, now: dt.datetime) -> QuerySet[Introduction, str]:
    """Proposals to them that the person made, or for which it acts: the name of who proposed, which is for
    its stewards alone and empty for others."""
    seats = Membership.objects.filter(community=OuterRef("proposer"), person=by, role=Role.STEWARD)
    shown_name = Case(
        When(is_ours=False, then=Value("")),
        When(proposer__is_safe_mode=True, then=F("proposer__pseudonym")),
        default=F("proposer__name"),
    )
    waiting = Introduction.objects.filter(
        Q(a=them) | Q(b=them), state__in=OPEN_STATES, expires_at__gt=now, proposer__isnull=False
    )
    return (
        waiting.exclude(proposer__in=[us, them])
        .annotate(is_ours=Exists(seats))
        .filter(Q(is_ours=True) | Q(made_by=by))
        .annotate(asked_as=shown_name)
        .order_by("-is_ours", "pk")
        .values_list("asked_as", flat=True)
    )
