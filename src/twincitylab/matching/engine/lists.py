"""The ranked partners of a city: its fair list where ready, else one computed now by the same rules."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from eyelevel.matching import harmonic_mean
from twincitylab.matching.choices import DEFAULT_PRESET
from twincitylab.matching.engine import fair
from twincitylab.matching.engine.asking import NO_FILTERS, Plan, checked_plan, row_of
from twincitylab.matching.engine.cards import card
from twincitylab.matching.engine.facts import distances_km, pair_facts
from twincitylab.matching.engine.fair import fair_progress
from twincitylab.matching.engine.filters import Mask, allowed_rows, relaxations
from twincitylab.matching.engine.live import (
    Ranking,
    benefits,
    block_shares,
    is_learned_for_many,
    joined,
    learned_rankings,
    live_ranking,
)
from twincitylab.matching.engine.reasons import reasons_for
from twincitylab.matching.engine.results import (
    LIMITS,
    FairProgress,
    FairState,
    Filters,
    InvalidRequest,
    Match,
    MatchList,
    Origin,
    Relaxation,
)
from twincitylab.matching.engine.store import world as current_world
from twincitylab.matching.engine.words import number
from twincitylab.matching.engine.world import World
from twincitylab.matching.models import FairLists

__all__ = ["compare", "fair_progress", "many_matches", "matches_for"]

BATCH = 32
ONE_PLACE_KM = 15.0
"""Of cities so near to each other, often sections of one, a fair list shows the one that fits best."""
_UNASKED = FairProgress("", FairState.ABSENT, 0.0, None, None, "")


def matches_for(
    geonameid: int,
    *,
    preset: str = DEFAULT_PRESET,
    weights: Mapping[str, float] | None = None,
    filters: Filters = NO_FILTERS,
    top: int = LIMITS.usual_top,
    compare_with: int | None = None,
) -> MatchList:
    """The partners of one city.

    ``weights`` (0 to 100 per factor, one left out counts nothing) make the list a personal one, computed now
    under the rules of the preset. Raises ``InvalidRequest`` with the field, ``AtlasMissing`` before set-up.
    """
    plan = checked_plan(world=current_world(), preset=preset, weights=weights, filters=filters, top=top)
    row = row_of(geonameid, world=plan.world)
    progress, run = fair.standing(plan.preset, facts=plan.world.key)
    allowed = allowed_rows(row, preset=plan.preset, filters=plan.filters, world=plan.world)
    fair_ones = _fair_ranking(row, plan=plan, run=run)
    ranking = (
        _completed(fair_ones, row, plan=plan, allowed=allowed)
        if fair_ones
        else live_ranking(row, plan=plan, allowed=allowed)
    )
    result = _match_list(row, plan=plan, ranking=ranking, progress=progress, allowed=allowed)
    if compare_with is None:
        return result
    return replace(result, compared=_compared(row, compare_with, plan=plan, among=result.matches))


def compare(
    geonameid: int, other: int, *, preset: str = DEFAULT_PRESET, weights: Mapping[str, float] | None = None
) -> Match:
    """One named city as a match of another, whatever the rules say; ``rank`` 0."""
    plan = checked_plan(world=current_world(), preset=preset, weights=weights)
    return _compared(row_of(geonameid, world=plan.world), other, plan=plan, among=())


def many_matches(
    geonameids: Iterable[int], *, preset: str, top: int, filters: Filters = NO_FILTERS
) -> Iterator[MatchList]:
    """The live lists of many cities, one after the other as they are asked for, all from the same facts."""
    plan = checked_plan(world=current_world(), preset=preset, filters=filters, top=top)
    wanted = iter(geonameids)
    while batch := [row_of(one, world=plan.world) for one in islice(wanted, BATCH)]:
        together = learned_rankings(batch, plan=plan) if is_learned_for_many(plan) else None
        for place, row in enumerate(batch):
            allowed = allowed_rows(row, preset=plan.preset, filters=plan.filters, world=plan.world)
            ranking = together[place] if together else live_ranking(row, plan=plan, allowed=allowed)
            yield _match_list(row, plan=plan, ranking=ranking, progress=_UNASKED, allowed=allowed)


def _fair_ranking(row: int, *, plan: Plan, run: FairLists | None) -> Ranking | None:
    """The city's fair list, best first, if it answers this question: everyone's weights and rules."""
    if run is None or plan.is_personal or plan.filters.is_narrowing:
        return None
    if plan.preset.rules.learned and plan.top > run.ranks:
        return None
    lists = fair.lists_of(run)
    if lists is None or len(lists.partners) != len(plan.world.table):
        return None
    there = lists.partners[row] >= 0
    rows, score = lists.partners[row][there].astype(np.int64), lists.scores[row][there]
    if not len(rows):
        return None
    order = np.argsort(-score, kind="stable")
    order = order[_one_of_a_place(rows[order], world=plan.world)][: plan.top]
    forward, backward = benefits(row, rows[order], plan=plan)
    return Ranking(rows[order], score[order], forward, backward, None, fair_count=len(order))


def _completed(fair_ones: Ranking, row: int, *, plan: Plan, allowed: Mask) -> Ranking:
    """A fair list that is shorter than asked, followed by the best for this city alone."""
    if len(fair_ones.rows) >= plan.top:
        return fair_ones
    others = allowed.copy()
    others[_around(fair_ones.rows, world=plan.world)] = False
    rest = live_ranking(row, plan=plan, allowed=others)
    return replace(joined(fair_ones, rest, plan=plan), fair_count=len(fair_ones.rows), proof=None)


def _one_of_a_place(rows: NDArray[np.int64], *, world: World) -> NDArray[np.int64]:
    """Places in the list that remain when of several next to each other only the first is kept."""
    kept: list[int] = []
    for place, row in enumerate(rows.tolist()):
        others = distances_km(row, to=rows[kept], world=world) if kept else np.empty(0)
        if (others > ONE_PLACE_KM).all():
            kept.append(place)
    return np.array(kept, dtype=np.int64)


def _around(rows: NDArray[np.int64], *, world: World) -> NDArray[np.int64]:
    """All cities next to these, themselves too."""
    everyone = np.arange(len(world.table))
    near = [np.flatnonzero(distances_km(int(row), to=everyone, world=world) <= ONE_PLACE_KM) for row in rows]
    return np.concatenate(near)


def _match_list(
    row: int, *, plan: Plan, ranking: Ranking, progress: FairProgress, allowed: Mask
) -> MatchList:
    origin = Origin.FAIR if ranking.fair_count else Origin.LIVE
    advice, advice_sentence = _advice(row, plan=plan, ranking=ranking)
    return MatchList(
        city=card(row, world=plan.world),
        preset=plan.preset,
        weights=plan.weights,
        is_personal=plan.is_personal,
        filters=plan.filters,
        matches=_matches(row, plan=plan, ranking=ranking),
        origin=origin,
        note=_note(ranking, plan=plan, progress=progress),
        fair=progress,
        proof=ranking.proof,
        candidate_count=int(allowed.sum()),
        advice=advice,
        advice_sentence=advice_sentence,
    )


def _advice(row: int, *, plan: Plan, ranking: Ranking) -> tuple[tuple[Relaxation, ...], str]:
    if len(ranking.rows):
        return (), ""
    return relaxations(row, preset=plan.preset, filters=plan.filters, world=plan.world)


def _note(ranking: Ranking, *, plan: Plan, progress: FairProgress) -> str:
    if ranking.fair_count:
        return _fair_note(ranking, plan=plan)
    if plan.is_personal:
        return _("This list was computed just now with your own weights, under the same rules.")
    if plan.filters.is_narrowing:
        return _("This list was computed just now for your filters.")
    if progress.state == FairState.READY:
        return _("This list was computed just now, for this city alone.")
    return _("This list was computed just now, for this city alone.") + " " + progress.sentence


def _fair_note(ranking: Ranking, *, plan: Plan) -> str:
    if plan.preset.rules.learned:
        note = _(
            "This list shares places out among the cities that have twinnings, so that the famous do not "
            "fill everybody's list."
        )
    else:
        note = _(
            "This list comes from rounds that serve every city of the world, so that nobody is left out."
        )
    added = len(ranking.rows) - ranking.fair_count
    if not added:
        return note
    told = ngettext(
        "The last one was added for this city alone.",
        "The last %(count)s were added for this city alone.",
        added,
    )
    return f"{note} {told % {'count': number(added)}}"


def _matches(row: int, *, plan: Plan, ranking: Ranking) -> tuple[Match, ...]:
    world, told = plan.world, Counter[object]()
    here = card(row, world=world)
    blocks = block_shares(row, ranking.rows, plan=plan)
    away = distances_km(row, to=ranking.rows, world=world).tolist()
    twins = set(world.twins(row).tolist())
    found = []
    for place, other in enumerate(ranking.rows.tolist()):
        there = card(other, world=world)
        facts = pair_facts(here, there, rows=(row, other), distance_km=away[place], world=world)
        found.append(
            Match(
                rank=place + 1,
                city=there,
                score=float(ranking.score[place]),
                benefit_here=float(ranking.forward[place]),
                benefit_there=float(ranking.backward[place]),
                distance_km=away[place],
                reasons=reasons_for(
                    facts, weights=plan.weights, rules=plan.preset.rules, blocks=blocks[place], told=told
                ),
                blocks=blocks[place],
                is_twinned=other in twins,
            )
        )
    return tuple(found)


def _compared(row: int, geonameid: int, *, plan: Plan, among: Sequence[Match]) -> Match:
    for match in among:
        if match.city.geonameid == geonameid:
            return match
    other = row_of(geonameid, world=plan.world, field="compare")
    if other == row:
        raise InvalidRequest(_("A city cannot be compared with itself."), field="compare")
    rows = np.array([other], dtype=np.int64)
    forward, backward = benefits(row, rows, plan=plan)
    score = harmonic_mean(forward, backward)
    match = _matches(row, plan=plan, ranking=Ranking(rows, score, forward, backward, None))[0]
    return replace(match, rank=0)
