"""Communities that a facilitator looks for: by name, city or topic, with what they seek and bring."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from twincitylab.base.text import fold
from twincitylab.community.choices import Topic
from twincitylab.community.models import Community, Person
from twincitylab.community.queries.directory import Entry, Wanted, found_in_directory
from twincitylab.community.queries.needs import NeedsOffers, open_needs_of
from twincitylab.community.queries.visible import listed_for, reachable_by
from twincitylab.community.rules.topics import suggest_topics
from twincitylab.partnerships.queries.introductions import cards_of

MOST_FOUND, LONGEST_SEARCH = 8, 120
SHORTEST_TOPIC, MOST_TOPICS, MOST_WORDS = 3, 2, 6


@dataclass(frozen=True)
class Candidates:
    """What is found for one side; ``has_more`` when more were found than are shown."""

    entries: tuple[Entry, ...] = ()
    has_more: bool = False

    def of(self, slug: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.card.slug == slug), None)


def candidates(
    texts: Mapping[str, str], *, chosen: Mapping[str, str], person: Person, today: dt.date
) -> dict[str, Candidates]:
    """For each text the communities in the lists that have all its words in their name, city, texts or open
    needs and offers, then those of a topic that it names; or the one with exactly this address, also when it
    is in no list. The one ``chosen`` by its address stands first. A dozen queries at most for two texts."""
    found = {
        side: list(
            dict.fromkeys(
                (
                    *_called(chosen.get(side, ""), person=person),
                    *_found(_clean(text), person=person, today=today),
                )
            )
        )
        for side, text in texts.items()
    }
    shown = _entries((pk for pks in found.values() for pk in pks[:MOST_FOUND]), today=today)
    return {
        side: Candidates(tuple(shown[pk] for pk in pks[:MOST_FOUND]), len(pks) > MOST_FOUND)
        for side, pks in found.items()
    }


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST_SEARCH]


def _found(text: str, *, person: Person, today: dt.date) -> list[int]:
    if not text:
        return []
    if exact := _called(text, person=person):
        return exact
    named = found_in_directory(person, Wanted(text=text), today=today)
    pks = list(named.values_list("pk", flat=True)[: MOST_FOUND + 1])
    if len(pks) <= MOST_FOUND:
        meant = _meant(text, person=person, today=today).exclude(pk__in=pks)
        pks += meant.order_by("-pk").values_list("pk", flat=True)[: MOST_FOUND + 1 - len(pks)]
    return pks


def _called(slug: str, *, person: Person) -> list[int]:
    """The one with exactly this address."""
    clean = _clean(slug)
    return list(reachable_by(person).filter(slug=clean).values_list("pk", flat=True)) if clean else []


def _meant(text: str, *, person: Person, today: dt.date) -> QuerySet[Community]:
    """Of whom every word tells: it stands in a text of theirs, or speaks of a topic of theirs."""
    found = listed_for(person)
    for word in text.split()[:MOST_WORDS]:
        asked = [Wanted(text=word), *(Wanted(topic=topic) for topic in _topics_of(word))]
        told = (found_in_directory(person, wanted, today=today).order_by() for wanted in asked)
        found = found.filter(reduce(or_, (Q(pk__in=one.values("pk")) for one in told)))
    return found


def _topics_of(word: str) -> list[str]:
    """Topics called so in the reader's language, and those of which the word speaks in any."""
    asked = fold(word)
    if len(asked) < SHORTEST_TOPIC:
        return []
    called = [topic.value for topic in Topic if f" {asked}" in f" {fold(str(topic.label))}"]
    spoken = [suggestion.topic for suggestion in suggest_topics(word, most=MOST_TOPICS)]
    return list(dict.fromkeys([*called[:MOST_TOPICS], *spoken]))


def _entries(pks: Iterable[int], *, today: dt.date) -> dict[int, Entry]:
    wanted = set(pks)
    if not wanted:
        return {}
    opened = open_needs_of(wanted, today=today)
    return {pk: Entry(card, opened.get(pk, NeedsOffers())) for pk, card in cards_of(wanted).items()}
