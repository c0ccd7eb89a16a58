"""An entry of the actor map as the board, its picture and its blind spots look at it."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector, Topic

MOST_CONTACTS = 1000
"""Of one community; more than that nobody has asked in person."""


@dataclass(frozen=True)
class Actor:
    """A person, an organisation or a place; without how to reach it and what was noted about it."""

    pk: int
    kind: ContactKind
    name: str
    sector: str = ""
    district: str = ""
    topic: str = ""
    age_group: str = ""
    recommended_by: int | None = None
    asked_further_date: dt.date | None = None
    consent: Consent = Consent.NOT_ASKED
    consent_date: dt.date | None = None
    is_invited: bool = False

    @property
    def kind_label(self) -> str:
        return str(self.kind.label)

    @property
    def consent_label(self) -> str:
        return str(self.consent.label)

    @property
    def facts(self) -> tuple[str, ...]:
        """What it is known for, in the reader's language; the district is no word of ours."""
        named = (
            self.kind_label,
            str(Sector(self.sector).label) if self.sector else "",
            str(Topic(self.topic).label) if self.topic else "",
            str(AgeGroup(self.age_group).label) if self.age_group else "",
        )
        return tuple(word for word in named if word)


@dataclass(frozen=True)
class Row:
    """An actor among the others: who recommended it, and how many it recommended."""

    actor: Actor
    recommender: Actor | None
    recommended: int

    @property
    def was_asked_further(self) -> bool:
        """Whoever recommended somebody was asked, whether anybody wrote it down or not."""
        return self.actor.asked_further_date is not None or self.recommended > 0


def rows(actors: Sequence[Actor], *, among: Sequence[Actor]) -> tuple[Row, ...]:
    """``actors`` as they stand ``among`` all of the map."""
    by_pk = {actor.pk: actor for actor in among}
    counts = Counter(actor.recommended_by for actor in among)
    return tuple(Row(actor, by_pk.get(actor.recommended_by or 0), counts[actor.pk]) for actor in actors)
