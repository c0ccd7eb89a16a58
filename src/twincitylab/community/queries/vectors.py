"""Communities as arrays: what the matcher reads of them and of what they seek and bring."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet, Subquery, Value
from numpy.typing import NDArray

from twincitylab.community.choices import (
    CommunityKind,
    CommunitySize,
    Direction,
    ExchangeKind,
    NeedState,
    Topic,
    Urgency,
    Visibility,
)
from twincitylab.community.models import Community, CommunityLanguage, CommunityTopic, NeedOffer
from twincitylab.community.queries.visible import matchable

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
# Databases take only so many numbers in one question.
MOST_AT_ONCE = 500

_TOPIC = {value: place for place, value in enumerate(Topic.values)}
_KIND = {value: place for place, value in enumerate(CommunityKind.values)}
_SIZE = {value: place for place, value in enumerate(CommunitySize.values)}
_EXCHANGE = {value: place for place, value in enumerate(ExchangeKind.values)}
_URGENCY = {value: place for place, value in enumerate(Urgency.values)}


@dataclass(frozen=True, eq=False)
class NeedTable:
    """Open needs and offers, ordered by community and id; ``owner`` is a row of the community table.

    ``topic``, ``kind`` and ``urgency`` are places in ``Topic``, ``ExchangeKind`` and ``Urgency`` (-1: none).
    ``last_day`` is the ordinal of the last day it is valid on, 0 for without end.
    """

    pk: NDArray[np.int64]
    owner: NDArray[np.int32]
    is_offer: NDArray[np.bool_]
    topic: NDArray[np.int8]
    kind: NDArray[np.int8]
    urgency: NDArray[np.int8]
    last_day: NDArray[np.int32]
    text: list[str]
    language: list[str]

    def __len__(self) -> int:
        return len(self.pk)


@dataclass(frozen=True, eq=False)
class CommunityTable:
    """One entry per community, ordered by id. ``matched_at`` counts microseconds since 1970 (see ``moment``);
    ``topics`` is (n, 46) in the order of ``Topic``, ``modes`` (n, 3): online, visit, hybrid."""

    pk: NDArray[np.int64]
    matched_at: NDArray[np.int64]
    city: NDArray[np.int64]
    country: list[str]
    hides_city: NDArray[np.bool_]
    is_safe: NDArray[np.bool_]
    is_hidden: NDArray[np.bool_]
    kind: NDArray[np.int8]
    size: NDArray[np.int8]
    capacity: NDArray[np.int8]
    modes: NDArray[np.bool_]
    topics: NDArray[np.bool_]
    languages: list[tuple[str, ...]]
    needs: NeedTable

    def __len__(self) -> int:
        return len(self.pk)


def community_table(
    changed_since: dt.datetime | None = None, *, only: Collection[int] | None = None, today: dt.date
) -> CommunityTable:
    """All communities that may be matched, or those of them that changed at or after a moment: four queries.

    ``only`` asks for some by id, those included that are hidden or given up: a hidden community may look for
    partners although nobody finds it.
    """
    if only is not None:
        return _table(Community.objects.filter(pk__in=_few(only)), today=today)
    found = matchable()
    return _table(
        found if changed_since is None else found.filter(matched_at__gte=changed_since), today=today
    )


def changed_tables(pks: Sequence[int], *, today: dt.date) -> list[CommunityTable]:
    """Of these communities those that may be matched, in tables of a few hundred each."""
    parts = [pks[start : start + MOST_AT_ONCE] for start in range(0, len(pks), MOST_AT_ONCE)]
    return [_table(matchable().filter(pk__in=part), today=today) for part in parts]


@dataclass(frozen=True)
class Pulse:
    """What tells whether anything changed: how many communities there are, and the newest changes of all."""

    count: int
    newest: tuple[tuple[int, int], ...]


def pulse(*, most: int) -> Pulse:
    """The ``most`` communities that changed last, as (id, moment of the change), newest first: one query."""
    count = Community.objects.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    newest = Community.objects.order_by("-matched_at", "-pk")
    rows = list(newest.values_list("pk", "matched_at", Subquery(count.values("n")))[:most])
    return Pulse(rows[0][2] if rows else 0, tuple((pk, moment(at)) for pk, at, _count in rows))


def changed_since(since: int) -> list[tuple[int, int]]:
    """All communities that changed at or after a moment, as (id, moment of the change)."""
    found = Community.objects.filter(matched_at__gte=EPOCH + since * MICROSECOND)
    return [(pk, moment(at)) for pk, at in found.order_by("pk").values_list("pk", "matched_at")]


def existing() -> list[int]:
    """The ids of all communities that there are."""
    return list(Community.objects.order_by("pk").values_list("pk", flat=True))


def expired_between(first: dt.date, last: dt.date) -> list[int]:
    """Ids of communities with a need or an offer whose last day lay from ``first`` until before ``last``."""
    lapsed = NeedOffer.objects.filter(valid_until__gte=first, valid_until__lt=last)
    return sorted(set(lapsed.values_list("community_id", flat=True)))


def moment(when: dt.datetime) -> int:
    """Microseconds since 1970."""
    return (when - EPOCH) // MICROSECOND


def open_needs(communities: Iterable[int], *, today: dt.date) -> QuerySet[NeedOffer]:
    """Open needs and offers of these communities that are still valid."""
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    found = NeedOffer.objects.filter(lasting, community_id__in=list(communities), state=NeedState.OPEN)
    return found.order_by("community_id", "pk")


def _few(pks: Collection[int]) -> list[int]:
    if len(pks) > MOST_AT_ONCE:
        message = f"At most {MOST_AT_ONCE} communities can be asked for by id, not {len(pks)}."
        raise ValueError(message)
    return sorted(pks)


def _table(communities: QuerySet[Community], *, today: dt.date) -> CommunityTable:
    fields = ("pk", "matched_at", "city_id", "city__country_id", "hides_city", "kind", "size", "capacity")
    more = ("mode_online", "mode_visit", "mode_hybrid", "is_safe_mode", "visibility")
    rows = list(communities.order_by("pk").values_list(*fields, *more))
    ids = [row[0] for row in rows]
    place = {pk: row for row, pk in enumerate(ids)}
    of_these = communities.order_by().values("pk")
    topics = np.zeros((len(rows), len(_TOPIC)), dtype=np.bool_)
    for pk, topic in CommunityTopic.objects.filter(community__in=of_these).values_list(
        "community_id", "topic"
    ):
        if pk in place:
            topics[place[pk], _TOPIC[topic]] = True
    spoken: dict[int, list[str]] = {}
    lines = CommunityLanguage.objects.filter(community__in=of_these).order_by("language")
    for pk, language in lines.values_list("community_id", "language"):
        spoken.setdefault(pk, []).append(language)
    columns = list(zip(*rows, strict=True)) if rows else [()] * 13
    return CommunityTable(
        pk=np.array(ids, dtype=np.int64),
        matched_at=np.array([moment(at) for at in columns[1]], dtype=np.int64),
        city=np.array(columns[2], dtype=np.int64),
        country=list(columns[3]),
        hides_city=np.array(columns[4], dtype=np.bool_),
        is_safe=np.array(columns[11], dtype=np.bool_),
        is_hidden=np.array([visibility == Visibility.HIDDEN for visibility in columns[12]], dtype=np.bool_),
        kind=np.array([_KIND[kind] for kind in columns[5]], dtype=np.int8),
        size=np.array([_SIZE[size] for size in columns[6]], dtype=np.int8),
        capacity=np.array(columns[7], dtype=np.int8),
        modes=np.array(columns[8:11], dtype=np.bool_).T.reshape(-1, 3),
        topics=topics,
        languages=[tuple(spoken.get(pk, ())) for pk in ids],
        needs=_needs(of_these, place=place, today=today),
    )


def _needs(of_these: QuerySet[Any, Any], *, place: dict[int, int], today: dt.date) -> NeedTable:
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    found = NeedOffer.objects.filter(lasting, community__in=of_these, state=NeedState.OPEN)
    fields = ("pk", "community_id", "direction", "topic", "kind", "urgency", "valid_until", "text")
    rows = [
        row
        for row in found.order_by("community_id", "pk").values_list(*fields, "language")
        if row[1] in place
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(fields) + 1)
    return NeedTable(
        pk=np.array(columns[0], dtype=np.int64),
        owner=np.array([place[pk] for pk in columns[1]], dtype=np.int32),
        is_offer=np.array([direction == Direction.OFFER for direction in columns[2]], dtype=np.bool_),
        topic=np.array([_TOPIC[topic] for topic in columns[3]], dtype=np.int8),
        kind=np.array([_EXCHANGE[kind] for kind in columns[4]], dtype=np.int8),
        urgency=np.array([_URGENCY.get(urgency, -1) for urgency in columns[5]], dtype=np.int8),
        last_day=np.array([day.toordinal() if day else 0 for day in columns[6]], dtype=np.int32),
        text=list(columns[7]),
        language=list(columns[8]),
    )
