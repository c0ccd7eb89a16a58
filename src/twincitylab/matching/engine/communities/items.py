"""What a need or an offer is about, in numbers: the topic it names, the topics its words name, its words."""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from twincitylab.community.choices import SDG_TARGETS, ExchangeKind, Topic
from twincitylab.community.rules.topics import topic_weights
from twincitylab.matching.engine.communities.texts import word_row

Float64 = NDArray[np.float64]

TOPICS, KINDS = len(Topic.values), len(ExchangeKind.values)
SUBJECT_WIDTH = TOPICS * KINDS

DECLARED = 0.6
"""How much the topic chosen in the form counts; those that the text names count less than 1 together."""
FAMILY = 0.3
"""How much two topics are alike that serve the same targets of the SDGs."""
ANY_KIND = 0.4
"""How much two things are alike of which one is knowledge and the other, say, space."""
MOST_TOPICS = 4

SUBJECT, WORDS = 0.55, 0.45
"""How an offer fits a need: by topic and kind, and by common words."""
ANSWERS, MORE_ANSWERS = 0.86, 0.02
"""How much the best answered need counts in what a side gains, and each further one beside it."""

_PLACE = {value: place for place, value in enumerate(Topic.values)}


@lru_cache(maxsize=8192)
def subject_row(topic: int, kind: int, text: str) -> Float64:
    """What is exchanged, (SUBJECT_WIDTH,) of norm 1: topic and kind together, as a need and its answer.

    The product of two is the likeness of their topics times that of their kinds of exchange.
    """
    row: Float64 = np.multiply.outer(topic_row(topic, text), _kind_factor()[kind]).ravel()
    row.flags.writeable = False
    return row


def topic_row(topic: int, text: str) -> Float64:
    """What it is about, (TOPICS,) of norm 1: by the topic chosen and by those its words name."""
    weights = {topic: DECLARED}
    for place, share in _topics_of(text):
        weights[place] = weights.get(place, 0.0) + share
    row = np.zeros(TOPICS)
    for place, weight in weights.items():
        row += weight * topic_factor()[place]
    return unit(row)


@cache
def topic_factor() -> Float64:
    """Rows of topics (TOPICS, TOPICS): topics that share targets of the SDGs are a little alike."""
    targets = sorted({target for topic in SDG_TARGETS.values() for target in topic})
    table = np.array([[target in SDG_TARGETS[topic] for target in targets] for topic in Topic.values], float)
    length = np.sqrt(table.sum(axis=1))
    alike: Float64 = np.asarray((table @ table.T) / np.outer(length, length), dtype=np.float64)
    return _root((1.0 - FAMILY) * np.eye(TOPICS) + FAMILY * alike)


def any_kind() -> Float64:
    """What meets every kind of exchange alike: its product with the row of each kind is 1."""
    factor = _kind_factor()
    answer: Float64 = np.asarray(np.linalg.solve(factor, np.ones(KINDS)), dtype=np.float64)
    return answer


def unit(row: Float64) -> Float64:
    """The same of norm 1; zeros stay zeros."""
    norm = float(np.sqrt(row @ row))
    return row / norm if norm > 0 else row


def fit(need: tuple[int, int, str], offer: tuple[int, int, str]) -> float:
    """How well an offer answers a need, 0 to 1, by subject and by words; each is (topic, kind, text)."""
    subject = float(subject_row(*need) @ subject_row(*offer))
    words = float(word_row(need[2]) @ word_row(offer[2]))
    return min(max(SUBJECT * subject + WORDS * max(words, 0.0), 0.0), 1.0)


@lru_cache(maxsize=131_072)
def _topics_of(text: str) -> tuple[tuple[int, float], ...]:
    """The topics that the words of a text name, as (place, weight), the strongest first."""
    found = [(_PLACE[topic], float(share)) for topic, share in topic_weights(text).items() if share > 0]
    return tuple(sorted(found, key=lambda line: (-line[1], line[0]))[:MOST_TOPICS])


@cache
def _kind_factor() -> Float64:
    return _root((1.0 - ANY_KIND) * np.eye(KINDS) + ANY_KIND)


def _root(similarity: Float64) -> Float64:
    """The symmetric square root: its rows have these inner products."""
    values, vectors = np.linalg.eigh(similarity)
    root: Float64 = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root
