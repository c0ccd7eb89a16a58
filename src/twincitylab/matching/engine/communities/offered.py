"""What a list of partners could be narrowed to: only what anybody has, with how many do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twincitylab.community.choices import CommunityKind, Topic
from twincitylab.matching.engine.communities.crowd import Assembly, Crowd, Mask
from twincitylab.matching.engine.communities.results import Choices
from twincitylab.matching.engine.communities.search import Asker


def choices_of(asker: Asker, *, among: Assembly) -> Choices:
    """Counted in memory, without a question to the database; whom the asker may not meet does not count, nor
    who is in safety mode."""
    found = Choices(Counter(), Counter(), Counter(), Counter())
    for crowd, counts in ((among.still, among.counts), (among.fresh, None)):
        mask = asker.may_meet(crowd) & ~crowd.is_safe
        _add(found, crowd, mask if counts is None else mask & counts)
    return found


def _add(found: Choices, crowd: Crowd, mask: Mask) -> None:
    countries, place = crowd.countries
    tongues, speaks = crowd.tongues
    kinds = np.bincount(crowd.kind[mask], minlength=len(CommunityKind.values))
    _count(found.topic, Topic.values, crowd.topics[mask].sum(axis=0))
    _count(found.kind, CommunityKind.values, kinds)
    _count(found.language, tongues, speaks[mask].sum(axis=0))
    _count(found.country, countries, np.bincount(place[mask], minlength=len(countries)))


def _count(counter: Counter[str], names: Sequence[str], counts: NDArray[np.integer]) -> None:
    counter.update({name: n for name, n in zip(names, counts.tolist(), strict=True) if n})
