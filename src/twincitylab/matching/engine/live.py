"""The best partners for one city alone, computed now: one pass over all, with proof that it is exact."""

import math
from dataclasses import dataclass, replace

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from eyelevel.matching import Certificate, Top, both_directions, top
from twincitylab.matching.engine.asking import Plan
from twincitylab.matching.engine.fair import FEW_TWINNINGS
from twincitylab.matching.engine.filters import Mask
from twincitylab.matching.engine.presets import block_words
from twincitylab.matching.engine.results import BlockShare, Proof
from twincitylab.matching.engine.words import number

Figures = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Rows best first with their figures, and why nothing better was missed (None for fair lists).

    The first ``fair_count`` are those of the fair list.
    """

    rows: NDArray[np.int64]
    score: Figures
    forward: Figures
    backward: Figures
    proof: Proof | None
    fair_count: int = 0


def live_ranking(row: int, *, plan: Plan, allowed: Mask) -> Ranking:
    """Rank the allowed cities for the city in this row, under the rules of the preset."""
    if plan.preset.rules.learned and not plan.is_personal:
        return _learned(row, plan=plan, allowed=allowed)
    if plan.preset.rules.few_twinnings_first:
        return _few_twinnings_first(row, plan=plan, allowed=allowed)
    return _ranking(_best(row, plan=plan, allowed=allowed, count=plan.top), plan=plan)


def benefits(row: int, rows: NDArray[np.int64], *, plan: Plan) -> tuple[Figures, Figures]:
    """What the city in this row has from each of these rows, and what each has from it, 0 to 1.

    Under the learned preset it is how likely each would be chosen by the other.
    """
    if plan.preset.rules.learned and not plan.is_personal and _has_second_stage():
        from twincitylab.matching.engine.established import chances

        return chances(plan.world.ground, row, rows)
    query = plan.world.space.query(row, weights=plan.weights)
    return both_directions(plan.world.space.rows[rows], query)


def block_shares(row: int, rows: NDArray[np.int64], *, plan: Plan) -> tuple[tuple[BlockShare, ...], ...]:
    """How each factor speaks for each of these rows; only factors that count here."""
    space = plan.world.space
    query = space.query(row, weights=plan.weights)
    here = space.contributions(query.forward, rows=rows)
    there = space.contributions(query.backward, rows=rows)
    counted = [(name, place) for place, name in enumerate(space.names) if plan.weights.get(name)]
    labels = {name: block_words(name)[0] for name, _place in counted}
    total = sum(plan.weights.get(name, 0.0) for name in space.names)
    return tuple(
        tuple(
            _share(name, labels[name], plan.weights[name] / total, here[line, at], there[line, at])
            for name, at in counted
        )
        for line in range(len(rows))
    )


def _share(name: str, label: str, weight: float, here: float, there: float) -> BlockShare:
    towards, back = (min(max(float(part) / weight, 0.0), 1.0) for part in (here, there))
    value = (towards + back) / 2
    return BlockShare(name, label, value, weight, value * weight, towards, back)


def _best(row: int, *, plan: Plan, allowed: Mask, count: int) -> Top:
    cap = _cap(plan)
    return top(
        plan.world.space,
        plan.world.space.query(row, weights=plan.weights),
        k=count,
        allowed=allowed,
        groups=None if cap is None else plan.world.table.country,
        per_group=cap,
    )


def _cap(plan: Plan) -> int | None:
    """How many cities of one country; who asks for one country wants its cities, not two of them."""
    return plan.preset.rules.per_country if plan.filters.country is None else None


def _few_twinnings_first(row: int, *, plan: Plan, allowed: Mask) -> Ranking:
    """Cities with at most one known twinning; the others only where those do not fill the list."""
    few = plan.world.twin_count <= FEW_TWINNINGS
    first = _ranking(_best(row, plan=plan, allowed=allowed & few, count=plan.top), plan=plan)
    if len(first.rows) == plan.top:
        return first
    rest = _ranking(_best(row, plan=plan, allowed=allowed & ~few, count=plan.top), plan=plan)
    return joined(first, rest, plan=plan)


def joined(first: Ranking, rest: Ranking, *, plan: Plan) -> Ranking:
    """One list after the other, under the cap of the first."""
    rows = np.concatenate([first.rows, rest.rows])
    kept = _within_cap(rows, plan=plan)[: plan.top]
    return Ranking(
        rows=rows[kept],
        score=np.concatenate([first.score, rest.score])[kept],
        forward=np.concatenate([first.forward, rest.forward])[kept],
        backward=np.concatenate([first.backward, rest.backward])[kept],
        proof=rest.proof,
    )


def _within_cap(rows: NDArray[np.int64], *, plan: Plan) -> NDArray[np.int64]:
    cap = _cap(plan)
    if cap is None:
        return np.arange(len(rows))
    seen: dict[int, int] = {}
    kept = []
    for place, country in enumerate(plan.world.table.country[rows].tolist()):
        seen[country] = seen.get(country, 0) + 1
        if seen[country] <= cap:
            kept.append(place)
    return np.array(kept, dtype=np.int64)


def _learned(row: int, *, plan: Plan, allowed: Mask) -> Ranking:
    from twincitylab.matching.engine.established import established_scores

    if not _has_second_stage():
        return _ranking(_best(row, plan=plan, allowed=allowed, count=plan.top), plan=plan)
    found = established_scores(plan.world.ground, np.array([row]), top=plan.top, allowed=allowed)
    ranking = _learned_ranking(found.index[0], found.score[0], plan=plan)
    forward, backward = benefits(row, ranking.rows, plan=plan)
    return replace(ranking, forward=forward, backward=backward)


def learned_rankings(rows: list[int], *, plan: Plan) -> list[Ranking]:
    """The lists of many cities under the learned preset without filters: shared work is done once.

    What each side has from the other is not asked here; the score stands in for both.
    """
    from twincitylab.matching.engine.established import established_scores

    found = established_scores(plan.world.ground, np.array(rows), top=plan.top)
    lists = zip(found.index, found.score, strict=True)
    return [_learned_ranking(index, score, plan=plan) for index, score in lists]


def is_learned_for_many(plan: Plan) -> bool:
    """True when many cities may be ranked together."""
    return plan.preset.rules.learned and not plan.filters.is_narrowing and _has_second_stage()


def _learned_ranking(index: NDArray[np.int64], score: Figures, *, plan: Plan) -> Ranking:
    there = index >= 0
    threshold = float(score[there].min(initial=1.0))
    sentence = _(
        "The likeliest cities were ranked by what twinned cities usually do, learned from twinnings."
    )
    proof = Proof(
        exact=False, threshold=threshold, bound=1.0, examined=len(plan.world.table), sentence=sentence
    )
    return Ranking(index[there], score[there], score[there], score[there], proof)


def _has_second_stage() -> bool:
    from twincitylab.matching.engine.learned import learned

    return learned().second_stage is not None


def _ranking(found: Top, *, plan: Plan) -> Ranking:
    proof = _proof(found.certificate, cap=_cap(plan))
    return Ranking(found.index, found.score, found.forward, found.backward, proof)


def _proof(certificate: Certificate, *, cap: int | None) -> Proof:
    threshold = float(max(certificate.threshold, 0.0))
    bound = float(max(certificate.bound, 0.0))
    words = {"bound": number(math.ceil(100 * bound) / 100, decimals=2), "count": number(cap or 0)}
    sentence = _("Of the cities your rules allow, none that is left out fits better than %(bound)s.")
    if cap is not None:
        sentence = _(
            "Of the cities your rules allow, at most %(count)s of one country, "
            "none that is left out fits better than %(bound)s."
        )
    return Proof(
        exact=bool(certificate.exact),
        threshold=threshold,
        bound=bound,
        examined=int(certificate.examined),
        sentence=sentence % words,
    )
