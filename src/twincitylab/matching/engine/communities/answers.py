"""Which offer answers which need, one by one: what is shown of a match."""

from __future__ import annotations

from collections.abc import Sequence

from twincitylab.community.choices import ExchangeKind, Topic, Urgency
from twincitylab.community.models import NeedOffer
from twincitylab.matching.engine.communities.items import fit
from twincitylab.matching.engine.communities.results import Answer, Words

LEAST_FIT = 0.4
"""Below this an offer is not called an answer: another topic, or another kind of exchange and other words."""
_TOPIC = {value: place for place, value in enumerate(Topic.values)}
_KIND = {value: place for place, value in enumerate(ExchangeKind.values)}


def answers(needs: Sequence[NeedOffer], offers: Sequence[NeedOffer]) -> tuple[Answer, ...]:
    """For each need the offer that answers it best, if one does; the best answer first, ties by id."""
    found = []
    for need in needs:
        fits = [(fit(_facts(need), _facts(offer)), -offer.pk, offer) for offer in offers]
        best = max(fits, default=None, key=lambda line: line[:2])
        if best is not None and best[0] >= LEAST_FIT:
            found.append(Answer(words_of(need), words_of(best[2]), best[0]))
    return tuple(sorted(found, key=lambda answer: (-answer.fit, answer.need.pk)))


def words_of(line: NeedOffer) -> Words:
    """A need or an offer as it is shown."""
    return Words(
        pk=line.pk,
        text=line.text,
        language=line.language,
        topic_label=str(Topic(line.topic).label),
        kind_label=str(ExchangeKind(line.kind).label),
        urgency_label=str(Urgency(line.urgency).label) if line.urgency else "",
    )


def _facts(line: NeedOffer) -> tuple[int, int, str]:
    return _TOPIC[line.topic], _KIND[line.kind], line.text
