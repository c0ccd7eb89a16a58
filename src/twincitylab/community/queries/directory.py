"""The directory: communities that may be listed, narrowed and searched; what to relax for an empty list."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce
from operator import and_

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twincitylab.atlas.queries.name_index import LAST
from twincitylab.base.figures import grouped
from twincitylab.base.text import fold
from twincitylab.community.models import (
    Community,
    CommunityLanguage,
    CommunityTopic,
    CommunityWord,
    NeedOffer,
)
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.needs import NeedsOffers, open_needs_of, open_on
from twincitylab.community.queries.visible import listed_for
from twincitylab.community.rules.access import AnyPerson
from twincitylab.community.rules.words import asked_words


@dataclass(frozen=True)
class Wanted:
    """What the directory is asked for; an empty value asks for nothing.

    With ``direction`` (need, offer) or ``exchange`` the topic is that of an open need or offer; otherwise a
    community's own topics count as well.
    """

    text: str = ""
    city: int = 0
    country: str = ""
    continent: str = ""
    topic: str = ""
    direction: str = ""
    exchange: str = ""
    kind: str = ""
    language: str = ""
    verified: bool = False

    @property
    def given(self) -> tuple[str, ...]:
        """The names of what is asked for."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))

    def without(self, name: str) -> "Wanted":
        return replace(self, **{name: type(getattr(self, name))()})


@dataclass(frozen=True)
class Entry:
    """A community of the directory with what it seeks and brings now."""

    card: CommunityCard
    open: NeedsOffers


@dataclass(frozen=True)
class Relaxed:
    """How many communities there would be without one of the things asked for."""

    name: str
    label: str
    count: int

    @property
    def sentence(self) -> str:
        return ngettext(
            "Without the filter “%(filter)s” there would be %(count)s community.",
            "Without the filter “%(filter)s” there would be %(count)s communities.",
            self.count,
        ) % {"filter": self.label, "count": grouped(self.count)}


@dataclass(frozen=True)
class Found:
    """The communities found, in their order, and how many there would be of each country, were none named."""

    pks: tuple[int, ...]
    by_country: Mapping[str, int]


def directory(person: AnyPerson, wanted: Wanted, *, today: dt.date, by_name: bool = False) -> Found:
    """Listed communities that have all that is asked for: those so named first, then the newest, or all by
    name. One query.

    All numbers are read at once, because a page, its length and its countries rest on the same search.
    """
    found = found_in_directory(person, wanted.without("country"), today=today)
    if by_name:
        named = sorted(
            found.values_list("pk", "city__country", "name"), key=lambda row: (fold(row[2]), row[0])
        )
        rows = [(pk, country) for pk, country, _name in named]
    else:
        rows = list(found.values_list("pk", "city__country"))
    pks = tuple(pk for pk, country in rows if wanted.country in ("", country))
    return Found(pks, Counter(country for _pk, country in rows))


def found_in_directory(person: AnyPerson, wanted: Wanted, *, today: dt.date) -> QuerySet[Community]:
    """The same as communities."""
    found = listed_for(person).filter(_all_of(wanted, today=today))
    if not wanted.text:
        return found.order_by("-pk")
    named = ExpressionWrapper(_text(wanted.text, in_name=True), output_field=BooleanField())
    return found.annotate(is_named=named).order_by("-is_named", "-pk")


def entries(pks: Sequence[int], person: AnyPerson, *, today: dt.date) -> tuple[Entry, ...]:
    """What a page of the directory shows of these, in their order: four queries, however many there are."""
    listed = with_card_facts(listed_for(person)).in_bulk(pks)
    opened = open_needs_of(pks, today=today)
    return tuple(Entry(card(listed[pk]), opened.get(pk, NeedsOffers())) for pk in pks if pk in listed)


def relaxations(person: AnyPerson, wanted: Wanted, *, today: dt.date) -> tuple[Relaxed, ...]:
    """For an empty list: what to leave out to find any, most helpful first; one query."""
    if not wanted.given:
        return ()
    counts = listed_for(person).aggregate(
        **{
            f"without_{name}": Count("pk", filter=_all_of(wanted.without(name), today=today))
            for name in wanted.given
        }
    )
    found = [Relaxed(name, filter_label(name), counts[f"without_{name}"]) for name in wanted.given]
    return tuple(sorted((one for one in found if one.count), key=lambda one: -one.count))


def filter_label(name: str) -> str:
    """How a filter of the directory is called."""
    return {
        "text": _("Words"),
        "city": _("City"),
        "country": _("Country"),
        "continent": _("Continent"),
        "topic": _("Topic"),
        "direction": _("They seek or bring"),
        "exchange": _("What changes hands"),
        "kind": _("Kind of community"),
        "language": _("Works in"),
        "verified": _("Verified only"),
    }[name]


def _all_of(wanted: Wanted, *, today: dt.date) -> Q:
    """Everything that is asked for, as one condition."""
    conditions = [Q(pk__isnull=False)]
    if wanted.text:
        conditions.append(_text(wanted.text))
    if wanted.city:
        conditions.append(Q(city=wanted.city))
    if wanted.country:
        conditions.append(Q(city__country=wanted.country))
    if wanted.continent:
        conditions.append(Q(city__country__continent=wanted.continent))
    if wanted.topic or wanted.direction or wanted.exchange:
        conditions.append(_about(wanted, today=today))
    if wanted.kind:
        conditions.append(Q(kind=wanted.kind))
    if wanted.language:
        speaking = CommunityLanguage.objects.filter(language=wanted.language)
        conditions.append(Q(pk__in=speaking.values("community")))
    if wanted.verified:
        conditions.append(Q(verified_at__isnull=False))
    return reduce(and_, conditions)


def _about(wanted: Wanted, *, today: dt.date) -> Q:
    given = {"direction": wanted.direction, "topic": wanted.topic, "kind": wanted.exchange}
    needs = NeedOffer.objects.filter(
        open_on(today), **{name: value for name, value in given.items() if value}
    )
    with_needs = Q(pk__in=needs.values("community"))
    if wanted.direction or wanted.exchange:
        return with_needs
    return with_needs | Q(pk__in=CommunityTopic.objects.filter(topic=wanted.topic).values("community"))


def _text(text: str, *, in_name: bool = False) -> Q:
    """Every word of the text is one of the community's; a text without any word finds nothing."""
    words = CommunityWord.objects.filter(is_name=True) if in_name else CommunityWord.objects.all()
    conditions = [
        Q(
            pk__in=words.filter(key__gte=asked.key, key__lt=asked.key + LAST).values("community")
            if asked.is_beginning
            else words.filter(key=asked.key).values("community")
        )
        for asked in asked_words(text)
    ]
    return reduce(and_, conditions) if conditions else Q(pk__in=())
