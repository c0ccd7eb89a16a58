"""Two communities side by side, seen from one of them."""

from __future__ import annotations

import datetime as dt

import numpy as np
from django.db.models import Q
from django.utils import timezone

from twincitylab.community.choices import Direction
from twincitylab.community.models import NeedOffer
from twincitylab.matching.engine.clocks import working_hours
from twincitylab.matching.engine.communities import store
from twincitylab.matching.engine.communities.answers import words_of
from twincitylab.matching.engine.communities.lists import NO_FILTERS, Facts, facts_of, matches
from twincitylab.matching.engine.communities.places import place_of
from twincitylab.matching.engine.communities.results import (
    CommunityMatch,
    CommunityPair,
    ListOrigin,
    Words,
)
from twincitylab.matching.engine.communities.search import Asker, Place, Ranked, figures
from twincitylab.matching.engine.results import WorkingHours


def pair_of(a_pk: int, b_pk: int, *, now: dt.datetime | None = None) -> CommunityPair:
    """Community a beside b, whatever the rules of lists say.

    Whoever shows it has checked that the reader has a seat in a and may open the page of b, which may be
    hidden and have let a see it. Raises what ``matches_of`` raises.
    """
    now = now or timezone.now()
    memory = store.memory(now=now)
    facts = facts_of([a_pk, b_pk], own=a_pk, now=now, others=Q(pk=b_pk))
    match = _match(a_pk, b_pk, facts=facts, memory=memory, now=now)
    shown = {answer.need.pk for answer in (*match.gets, *match.gives)}
    shown |= {answer.offer.pk for answer in (*match.gets, *match.gives)}
    return CommunityPair(
        here=facts.cards[a_pk],
        match=match,
        other_needs=_rest(facts.lines(b_pk, Direction.NEED), shown),
        other_offers=_rest(facts.lines(b_pk, Direction.OFFER), shown),
        own_needs=_rest(facts.lines(a_pk, Direction.NEED), shown),
        own_offers=_rest(facts.lines(a_pk, Direction.OFFER), shown),
        hours=_working_hours(a_pk, b_pk, facts=facts, memory=memory, now=now),
        is_same_city=_is_same_city(a_pk, b_pk, facts=facts),
    )


def _match(a_pk: int, b_pk: int, *, facts: Facts, memory: store.Memory, now: dt.datetime) -> CommunityMatch:
    own, place = (_place(pk, memory=memory, now=now) for pk in (a_pk, b_pk))
    asker = Asker.of(*own, apart=frozenset(), filters=NO_FILTERS)
    numbers = figures(asker, [place])
    found = Ranked(
        pk=np.array([b_pk], dtype=np.int64),
        rows=place[0].rows[place[1]][None, :],
        score=numbers[:, 0],
        forward=numbers[:, 1],
        backward=numbers[:, 2],
        first=frozenset(),
        full=frozenset({b_pk} if facts.cards[b_pk].capacity == 0 else ()),
        new=frozenset(),
        origin=ListOrigin.LIVE,
        candidate_count=1,
    )
    return matches(asker, found, facts=facts, memory=memory, now=now, most=None)[0]


def _place(pk: int, *, memory: store.Memory, now: dt.datetime) -> Place:
    """Where it stands in memory; one that is hidden is described now."""
    found = memory.assembly.line(pk)
    return (store.describe(pk, held=memory, today=now.date()), 0) if found is None else found


def _rest(lines: list[NeedOffer], shown: set[int]) -> tuple[Words, ...]:
    return tuple(words_of(line) for line in lines if line.pk not in shown)


def _working_hours(
    a_pk: int, b_pk: int, *, facts: Facts, memory: store.Memory, now: dt.datetime
) -> WorkingHours | None:
    a, b = (place_of(facts.communities[pk], world=memory.world) for pk in (a_pk, b_pk))
    if a is None or b is None:
        return None
    return working_hours(a.timezone, b.timezone, day=now.date())


def _is_same_city(a_pk: int, b_pk: int, *, facts: Facts) -> bool:
    """Only told where neither hides its city."""
    a, b = facts.communities[a_pk], facts.communities[b_pk]
    return not a.hides_city and not b.hides_city and a.city_id == b.city_id
