"""The partners of one community, with what each side would get and give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twincitylab.base.figures import written_moment
from twincitylab.community.choices import Direction
from twincitylab.community.models import Community, NeedOffer
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.vectors import open_needs
from twincitylab.community.queries.visible import matchable
from twincitylab.matching.engine.communities import rounds, store
from twincitylab.matching.engine.communities.answers import answers
from twincitylab.matching.engine.communities.items import ANSWERS
from twincitylab.matching.engine.communities.offered import choices_of
from twincitylab.matching.engine.communities.places import Place, place_of
from twincitylab.matching.engine.communities.results import (
    Answer,
    CommunityFilters,
    CommunityMatch,
    CommunityMatchList,
    Group,
    ListOrigin,
)
from twincitylab.matching.engine.communities.rounds import RoundLists
from twincitylab.matching.engine.communities.rows import JUDGED, WEIGHTS
from twincitylab.matching.engine.communities.search import Asker, Ranked, ranked
from twincitylab.matching.engine.facts import distances_km, shared_office_hours
from twincitylab.matching.engine.results import BlockShare
from twincitylab.matching.engine.words import language_name, number
from twincitylab.matching.engine.world import World
from twincitylab.matching.queries.communities import RoundsState, known_of
from twincitylab.matching.queries.pair_states import Said

NO_FILTERS = CommunityFilters()
NOTHING_SAID: Mapping[int, Said] = {}
MOST_SHOWN = 2
"""Answers shown of each direction in a list; the page of the pair shows all."""
# The blocks as they are shown: some belong together in the eyes of people.
_SHOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("topics", ("topics",)),
    ("languages", ("languages",)),
    ("hours", ("hours", "place")),
    ("practice", ("practice",)),
    ("city", ("city",)),
)


def matches_of(
    community_pk: int,
    *,
    top: int = 10,
    filters: CommunityFilters = NO_FILTERS,
    now: dt.datetime | None = None,
) -> CommunityMatchList:
    """The partners of one community; it may be hidden itself, which its partners then never learn.

    Raises ``store.StillGathering`` while this process reads many communities for the first time, and the
    atlas' ``AtlasMissing`` before set-up. Whoever shows the list has checked that the reader has a seat.
    """
    now = now or timezone.now()
    memory = store.memory(now=now)
    known = known_of(community_pk, now=now)
    asker = asker_of(community_pk, memory=memory, filters=filters, apart=known.apart, now=now)
    state = rounds.state()
    found = ranked(asker, among=memory.assembly, count=top, rounds=_in_force(state, world=memory.world))
    facts = facts_of([community_pk, *found.pk.tolist()], own=community_pk, now=now)
    is_silent = not any(need.community_id == community_pk for need in facts.needs)
    return CommunityMatchList(
        community=facts.cards[community_pk],
        filters=filters,
        matches=matches(asker, found, facts=facts, memory=memory, now=now, top=top, states=known.states),
        origin=found.origin,
        note=_note(found, state=state, filters=filters),
        of=state.ready.of if state.ready and found.origin == ListOrigin.ROUNDS else None,
        candidate_count=found.candidate_count,
        is_silent=is_silent,
        seeks=bool(facts.lines(community_pk, Direction.NEED)),
        choices=choices_of(asker, among=memory.assembly),
    )


def asker_of(
    pk: int, *, memory: store.Memory, filters: CommunityFilters, apart: Set[int], now: dt.datetime
) -> Asker:
    """The community that asks, as it is now: without a query, or with a few if it is hidden."""
    place = memory.assembly.line(pk)
    if place is None:
        place = store.describe(pk, held=memory, today=now.date()), 0
    return Asker.of(*place, apart=apart, filters=filters)


@dataclass(frozen=True, eq=False)
class Facts:
    """What is shown of some communities: their cards and what they seek and bring, by id."""

    cards: Mapping[int, CommunityCard]
    communities: Mapping[int, Community]
    needs: Sequence[NeedOffer]

    def lines(self, pk: int, direction: Direction) -> list[NeedOffer]:
        return [need for need in self.needs if need.community_id == pk and need.direction == direction]


def facts_of(pks: Iterable[int], *, own: int, now: dt.datetime, others: Q | None = None) -> Facts:
    """Cards of those that may be shown at this very moment, and of ``own``: four queries.

    ``others`` widens who may be shown, for a reader who has been let see more.
    """
    wanted = list(pks)
    may_be_shown = matchable().filter(pk__in=wanted) | Community.objects.filter(pk=own)
    if others is not None:
        may_be_shown |= Community.objects.filter(others, pk__in=wanted)
    found = {community.pk: community for community in with_card_facts(may_be_shown)}
    needs = list(open_needs(found, today=now.date()))
    return Facts({pk: card(community) for pk, community in found.items()}, found, needs)


def matches(
    asker: Asker,
    found: Ranked,
    *,
    facts: Facts,
    memory: store.Memory,
    now: dt.datetime,
    most: int | None = MOST_SHOWN,
    top: int | None = None,
    states: Mapping[int, Said] = NOTHING_SAID,
) -> tuple[CommunityMatch, ...]:
    """The communities of a list with all that is shown of them, group by group as the page has them; whoever
    was hidden meanwhile is left out. Those that are new or full come on top of ``top``."""
    own, world = facts.cards[asker.pk], memory.world
    here = place_of(facts.communities[asker.pk], world=world)
    made = []
    for place in _shown(asker.pk, found, facts=facts, top=top):
        pk = int(found.pk[place])
        gets, gives = both_ways(asker.pk, pk, facts=facts)
        there = place_of(facts.communities[pk], world=world)
        made.append(
            CommunityMatch(
                rank=0,
                group=_group(pk, found=found, is_answer=bool(gets)),
                card=facts.cards[pk],
                score=float(found.score[place]),
                benefit_here=_share(found.forward[place]),
                benefit_there=_share(found.backward[place]),
                gets=gets[:most],
                gives=gives[:most],
                shared_topics=shared_labels(own, facts.cards[pk]),
                shared_languages=shared_languages(own, facts.cards[pk]),
                shared_hours=_hours(here, there, now=now),
                distance_km=_distance(here, there, world=world),
                is_full=pk in found.full,
                is_new=pk in found.new,
                said=states.get(pk),
                blocks=block_shares(
                    asker,
                    found.rows[place],
                    benefits=(float(found.forward[place]), float(found.backward[place])),
                ),
            )
        )
    ordered = sorted(made, key=lambda match: list(Group).index(match.group))
    return tuple(replace(match, rank=rank) for rank, match in enumerate(ordered, start=1))


def _shown(own: int, found: Ranked, *, facts: Facts, top: int | None) -> list[int]:
    """Places of the list whose communities may be shown: the spare ones only for those that may not.

    Unlike on the page of a pair, in a list of ``top`` whoever is in safety mode stands only where one of both
    answers the other.
    """
    places = [
        (place, pk)
        for place, pk in enumerate(found.pk.tolist())
        if pk in facts.cards
        and (top is None or not facts.communities[pk].is_safe_mode or any(both_ways(own, pk, facts=facts)))
    ]
    open_ones = [place for place, pk in places if pk not in found.full]
    most = None if top is None else top + len(found.new)
    return [*open_ones[:most], *(place for place, pk in places if pk in found.full)]


def _group(pk: int, *, found: Ranked, is_answer: bool) -> Group:
    if pk in found.full:
        return Group.FULL
    if pk in found.first:
        return Group.FIRST
    return Group.ANSWER if is_answer else Group.NEAR


def both_ways(own: int, other: int, *, facts: Facts) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """What the first would get from the second, and what it would give."""
    needs, offers = facts.lines(own, Direction.NEED), facts.lines(own, Direction.OFFER)
    their_needs, their_offers = facts.lines(other, Direction.NEED), facts.lines(other, Direction.OFFER)
    return answers(needs, their_offers), answers(their_needs, offers)


def shared_labels(a: CommunityCard, b: CommunityCard) -> tuple[str, ...]:
    """The topics that both name."""
    theirs = set(b.topics)
    return tuple(label for topic, label in zip(a.topics, a.topic_labels, strict=True) if topic in theirs)


def shared_languages(a: CommunityCard, b: CommunityCard) -> tuple[str, ...]:
    """The languages in which both can work, by name."""
    return tuple(language_name(code) for code in a.languages if code in set(b.languages))


def block_shares(
    asker: Asker, line: NDArray[np.float32], *, benefits: tuple[float, float]
) -> tuple[BlockShare, ...]:
    """How each factor speaks for one other community, from 0 to 1, in both directions."""
    crowd, (forward, backward) = asker.crowd, benefits
    starts = [start for _name, start, _stop, _is_directed in crowd.layout]
    here = np.add.reduceat(line.astype(np.float64) * asker.query.forward, starts)
    there = np.add.reduceat(line.astype(np.float64) * asker.query.backward, starts)
    place = {name: at for at, (name, *_span) in enumerate(crowd.layout)}
    labels, total = _labels(), sum(WEIGHTS.values())
    shares: dict[str, tuple[float, float]] = {}
    for key, names in _SHOWN:
        weights = sum(WEIGHTS[name] for name in names) / total
        shares[key] = (
            sum(float(here[place[name]]) for name in names) / weights,
            sum(float(there[place[name]]) for name in names) / weights,
        )
    weight_of = {key: sum(JUDGED[name] for name in names) for key, names in _SHOWN}
    others = [sum(weight_of[key] * shares[key][side] for key in shares) for side in (0, 1)]
    shares = {"needs": ((forward - others[0]) / ANSWERS, (backward - others[1]) / ANSWERS), **shares}
    weight_of["needs"] = ANSWERS
    made = []
    for key, (towards, back) in shares.items():
        value = (_share(towards) + _share(back)) / 2
        contribution = value * weight_of[key]
        made.append(
            BlockShare(key, labels[key], value, weight_of[key], contribution, _share(towards), _share(back))
        )
    return tuple(made)


def _labels() -> dict[str, str]:
    return {
        "needs": _("Needs and offers"),
        "topics": _("Topics"),
        "languages": _("Languages"),
        "hours": _("Hours and distance"),
        "practice": _("Kind and ways to meet"),
        "city": _("The two cities"),
    }


def _in_force(state: RoundsState, *, world: World) -> RoundLists | None:
    run = state.ready
    return rounds.read(run) if run is not None and run.version == rounds.version(world) else None


def _note(found: Ranked, *, state: RoundsState, filters: CommunityFilters) -> str:
    if found.origin == ListOrigin.ROUNDS and state.ready and state.ready.of:
        day = {"date": written_moment(timezone.localtime(state.ready.of))}
        return _("The rounds of %(date)s serve every community, so that nobody is left out.") % day
    if filters.is_narrowing:
        return _("This list was computed just now for your filters.")
    told = _("This list was computed just now, for you alone.")
    if state.progress is not None:
        percent = {"percent": number(int(100 * state.progress))}
        soon = _("Rounds that serve everybody are being computed: %(percent)s %% done.") % percent
        return f"{told} {soon}"
    return told + " " + _("The next rounds, which serve everybody, will take your last changes in.")


def _share(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)


def _hours(here: Place | None, there: Place | None, *, now: dt.datetime) -> float | None:
    if here is None or there is None:
        return None
    return shared_office_hours(there.offset(now) - here.offset(now))


def _distance(here: Place | None, there: Place | None, *, world: World) -> float | None:
    if here is None or there is None or here.is_country_only or there.is_country_only:
        return None
    return float(distances_km(here.row, to=np.array([there.row]), world=world)[0])
