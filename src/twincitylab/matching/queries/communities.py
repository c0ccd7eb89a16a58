"""Everything that reads what is known of pairs of communities, and the rounds that serve them all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value

from twincitylab.community.models import Community, CommunityBlock
from twincitylab.matching.choices import RunState
from twincitylab.matching.models import CommunityRounds, Feedback, KnownPair
from twincitylab.matching.queries.pair_states import Said, foremost, lines_of

SET_ASIDE = dt.timedelta(days=365)
SET_ASIDE_FOR_NOW = dt.timedelta(days=90)
LEARNED_FROM = ("not-our-topic", "too-far", "other-language")
MOST_AT_ONCE = 500
APART = "apart"


@dataclass(frozen=True)
class Known:
    """What a community knows of others, by their ids: whom it is not shown, and where it stands with whom."""

    apart: frozenset[int]
    states: Mapping[int, Said]


def known_of(pk: int, *, now: dt.datetime) -> Known:
    """Not shown are known pairs, blocks of either side, and those that it has turned down: for 90 days when
    it was not the moment, otherwise for a year. All in one query."""
    known = KnownPair.objects.order_by()
    blocks = CommunityBlock.objects.order_by()
    rest = (Value(APART), Value(0))
    parts = [
        known.filter(a=pk).values_list("b_id", *rest),
        known.filter(b=pk).values_list("a_id", *rest),
        blocks.filter(community=pk).values_list("blocked_id", *rest),
        blocks.filter(blocked=pk).values_list("community_id", *rest),
        _turned_down(now=now).filter(community=pk).values_list("other_id", *rest),
        *lines_of(pk, now=now),
    ]
    rows = list(parts[0].union(*parts[1:]))
    apart = frozenset(other for other, word, _number in rows if word == APART)
    return Known(apart, foremost([row for row in rows if row[1] != APART]))


def pairs_apart(*, now: dt.datetime) -> list[tuple[int, int]]:
    """All pairs of communities of which one is not shown the other, as ids: three queries."""
    return [
        *KnownPair.objects.order_by("pk").values_list("a_id", "b_id"),
        *CommunityBlock.objects.order_by("pk").values_list("community_id", "blocked_id"),
        *_turned_down(now=now).order_by("pk").values_list("community_id", "other_id"),
    ]


def refusals_of(pks: Sequence[int]) -> list[tuple[int, int, str]]:
    """What these communities turned down for a reason to learn from, as (community, other, reason)."""
    found = Feedback.objects.filter(reason__in=LEARNED_FROM).order_by("community_id", "given_at", "pk")
    if len(pks) <= MOST_AT_ONCE:
        return list(found.filter(community__in=pks).values_list("community_id", "other_id", "reason"))
    wanted = set(pks)
    lines = found.values_list("community_id", "other_id", "reason")
    return [line for line in lines if line[0] in wanted]


def refusers_of(pks: Sequence[int]) -> set[int]:
    """Communities that learned from the topics of one of these."""
    if not pks:
        return set()
    found = Feedback.objects.filter(other__in=list(pks)[:MOST_AT_ONCE], reason="not-our-topic")
    return set(found.values_list("community_id", flat=True))


def rounds() -> QuerySet[CommunityRounds]:
    """The computations of the rounds without their lists, what is ready first."""
    return CommunityRounds.objects.defer("communities", "partners", "scores").order_by("state", "-pk")


@dataclass(frozen=True)
class RoundsState:
    """The rounds in force, if any, and how far newer ones are (None where none are being computed)."""

    ready: CommunityRounds | None
    progress: float | None


def rounds_state() -> RoundsState:
    """One query."""
    runs = list(rounds().filter(state__in=[RunState.READY, RunState.RUNNING, RunState.WAITING]))
    ready = next((run for run in runs if run.state == RunState.READY), None)
    current = next((run for run in runs if run.state != RunState.READY), None)
    return RoundsState(ready, current.progress if current else None)


def rounds_blobs(pk: int) -> tuple[bytes, bytes, bytes] | None:
    """Communities, partners and scores of finished rounds; None if they have been replaced meanwhile."""
    found = CommunityRounds.objects.filter(pk=pk, state=RunState.READY)
    row = found.values_list("communities", "partners", "scores").first()
    return (bytes(row[0]), bytes(row[1]), bytes(row[2])) if row else None


def newest_change() -> dt.datetime | None:
    """When any community last changed."""
    return Community.objects.order_by("-matched_at").values_list("matched_at", flat=True).first()


def newest_word() -> dt.datetime | None:
    """When a pair of communities was last found, parted or turned down, as far as that leaves a date."""
    moments = [
        KnownPair.objects.order_by("-since").values_list("since", flat=True).first(),
        CommunityBlock.objects.order_by("-made_at").values_list("made_at", flat=True).first(),
        Feedback.objects.order_by("-given_at").values_list("given_at", flat=True).first(),
    ]
    return max((moment for moment in moments if moment), default=None)


def _turned_down(*, now: dt.datetime) -> QuerySet[Feedback]:
    lately = Q(given_at__gte=now - SET_ASIDE) & ~Q(reason="not-now")
    just_now = Q(given_at__gte=now - SET_ASIDE_FOR_NOW, reason="not-now")
    return Feedback.objects.filter(lately | just_now)
