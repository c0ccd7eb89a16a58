"""What communities seek and bring, as pages show it. An offer whose last day is over counts as taken."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from twincitylab.community.choices import Direction, ExchangeKind, NeedState, Topic, Urgency
from twincitylab.community.models import Community, NeedOffer
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.visible import listed_for
from twincitylab.community.rules.access import AnyPerson


@dataclass(frozen=True)
class NeedLine:
    """A need or an offer in words. ``is_over``: its last day has passed."""

    pk: int
    direction: Direction
    topic: str
    topic_label: str
    kind: str
    kind_label: str
    text: str
    language: str
    urgency_label: str
    valid_until: dt.date | None
    is_open: bool
    is_over: bool
    created_at: dt.datetime

    @property
    def is_need(self) -> bool:
        return self.direction is Direction.NEED


@dataclass(frozen=True)
class NeedsOffers:
    """Of one community; those still open come first, then the newest."""

    needs: tuple[NeedLine, ...] = ()
    offers: tuple[NeedLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.needs or self.offers)


@dataclass(frozen=True)
class NewNeed:
    """A need or an offer with whose it is, for the feed."""

    line: NeedLine
    card: CommunityCard


def open_on(today: dt.date, *, path: str = "") -> Q:
    """Neither taken nor over; ``path`` leads to the need, such as ``needs_offers__``."""
    return Q(**{f"{path}state": NeedState.OPEN}) & (
        Q(**{f"{path}valid_until__isnull": True}) | Q(**{f"{path}valid_until__gte": today})
    )


def needs_of(community: Community, *, today: dt.date) -> NeedsOffers:
    """All of one community: one query."""
    return _parted(need_line(need, today=today) for need in community.needs_offers.order_by("-pk"))


def open_needs_of(community_pks: Collection[int], *, today: dt.date) -> dict[int, NeedsOffers]:
    """What is open of each of some communities: one query."""
    lines: dict[int, list[NeedLine]] = {}
    for need in NeedOffer.objects.filter(open_on(today), community__in=community_pks).order_by("-pk"):
        lines.setdefault(need.community_id, []).append(need_line(need, today=today))
    return {pk: _parted(of_one) for pk, of_one in lines.items()}


def newest_needs(
    person: AnyPerson, *, today: dt.date, limit: int, direction: str = "", topic: str = ""
) -> tuple[NewNeed, ...]:
    """The newest open needs and offers of communities that may be listed for this person: four queries."""
    found = _narrowed(NeedOffer.objects.filter(open_on(today)), direction=direction, topic=topic)
    newest = list(found.filter(community__in=listed_for(person)).order_by("-created_at", "-pk")[:limit])
    communities = with_card_facts(listed_for(person)).in_bulk({need.community_id for need in newest})
    return tuple(
        NewNeed(need_line(need, today=today), card(communities[need.community_id]))
        for need in newest
        if need.community_id in communities
    )


def need_line(need: NeedOffer, *, today: dt.date) -> NeedLine:
    is_over = need.valid_until is not None and need.valid_until < today
    return NeedLine(
        pk=need.pk,
        direction=Direction(need.direction),
        topic=need.topic,
        topic_label=str(Topic(need.topic).label),
        kind=need.kind,
        kind_label=str(ExchangeKind(need.kind).label),
        text=need.text,
        language=need.language,
        urgency_label=str(Urgency(need.urgency).label) if need.urgency else "",
        valid_until=need.valid_until,
        is_open=need.state == NeedState.OPEN and not is_over,
        is_over=is_over,
        created_at=need.created_at,
    )


def _parted(lines: Iterable[NeedLine]) -> NeedsOffers:
    ordered = sorted(lines, key=lambda line: not line.is_open)
    return NeedsOffers(
        needs=tuple(line for line in ordered if line.is_need),
        offers=tuple(line for line in ordered if not line.is_need),
    )


def _narrowed(needs: QuerySet[NeedOffer], *, direction: str, topic: str) -> QuerySet[NeedOffer]:
    if direction:
        needs = needs.filter(direction=direction)
    return needs.filter(topic=topic) if topic else needs
