"""Generated worlds of communities: in real cities, with needs and offers in six languages, by a seed.

Nothing here looks at the lexicon of topics: the sentences are written for this. A world may hold planted
pairs, each the answer of the other; wrong topics; and a few famous communities that everybody would like.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from evaluation.community_phrases import ASIDES, LANGUAGES, NEEDS, OFFERS
from twincitylab.atlas.queries import CityTable
from twincitylab.community.choices import CommunityKind, CommunitySize, ExchangeKind, Topic, Urgency
from twincitylab.community.queries.vectors import CommunityTable, NeedTable, moment

SUBJECTS = Path(__file__).with_name("community_subjects.txt")
NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)
CITY_POWER = 0.6
"""Large cities have more communities, but not in proportion to their people."""
SHARES_OF_KINDS = (0.34, 0.14, 0.11, 0.13, 0.11, 0.09, 0.08)
OWN_TOPIC = 0.7
"""Share of needs and offers that are about a topic the community names."""
WANTED_BY_MANY = 0.35
"""In the world of fame: share of communities whose first need and offer the famous ones answer."""
SECOND_LANGUAGES = {"en": 0.45, "fr": 0.1, "es": 0.08}


@dataclass
class Line:
    """A need or an offer; ``topic`` is what the form says, which may be wrong."""

    is_offer: bool
    topic: int
    kind: int
    text: str
    language: str


@dataclass
class Made:
    """A generated community; ``city`` is a row of the city table."""

    city: int
    country: str
    kind: int
    size: int
    capacity: int
    modes: tuple[bool, bool, bool]
    topics: tuple[int, ...]
    languages: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class CommunityWorld:
    """Communities, the planted pairs (m, 2) as places among them, and the places of the famous."""

    made: list[Made]
    planted: np.ndarray
    famous: np.ndarray


def generate(
    cities: CityTable,
    *,
    count: int,
    seed: int,
    planted: int = 0,
    wrong_topics: float = 0.0,
    famous: int = 0,
    full: float = 0.05,
) -> CommunityWorld:
    """A world of ``count`` communities; the same seed gives the same world."""
    maker = _Maker(cities, np.random.default_rng(seed), full=full)
    made = [maker.community() for _place in range(count)]
    order = maker.random.permutation(count)
    pairs = maker.plant(made, order[: 2 * planted])
    celebrated = order[2 * planted : 2 * planted + famous]
    if famous:
        maker.celebrate(made, celebrated, fans=order[2 * planted + famous :])
    if wrong_topics:
        maker.mistake(made, share=wrong_topics)
    return CommunityWorld(made, pairs, np.sort(celebrated))


def as_table(world: CommunityWorld, *, cities: CityTable) -> CommunityTable:
    """The world as the matcher reads it from the database: ids count from 1."""
    made = world.made
    lines = [(owner, line) for owner, one in enumerate(made) for line in one.lines]
    needs = NeedTable(
        pk=np.arange(1, len(lines) + 1, dtype=np.int64),
        owner=np.array([owner for owner, _line in lines], dtype=np.int32),
        is_offer=np.array([line.is_offer for _owner, line in lines], dtype=np.bool_),
        topic=np.array([line.topic for _owner, line in lines], dtype=np.int8),
        kind=np.array([line.kind for _owner, line in lines], dtype=np.int8),
        urgency=np.array(
            [-1 if line.is_offer else list(Urgency).index(Urgency.YEAR) for _owner, line in lines], np.int8
        ),
        last_day=np.zeros(len(lines), dtype=np.int32),
        text=[line.text for _owner, line in lines],
        language=[line.language for _owner, line in lines],
    )
    topics = np.zeros((len(made), len(Topic.values)), dtype=np.bool_)
    for place, one in enumerate(made):
        topics[place, list(one.topics)] = True
    return CommunityTable(
        pk=np.arange(1, len(made) + 1, dtype=np.int64),
        matched_at=np.full(len(made), moment(NOW), dtype=np.int64),
        city=cities.geonameid[[one.city for one in made]],
        country=[one.country for one in made],
        hides_city=np.zeros(len(made), dtype=np.bool_),
        is_safe=np.zeros(len(made), dtype=np.bool_),
        is_hidden=np.zeros(len(made), dtype=np.bool_),
        kind=np.array([one.kind for one in made], dtype=np.int8),
        size=np.array([one.size for one in made], dtype=np.int8),
        capacity=np.array([one.capacity for one in made], dtype=np.int8),
        modes=np.array([one.modes for one in made], dtype=np.bool_),
        topics=topics,
        languages=[one.languages for one in made],
        needs=needs,
    )


def subjects() -> list[list[tuple[str, ...]]]:
    """For each topic its subjects, each in the six languages."""
    found: list[list[tuple[str, ...]]] = [[] for _topic in Topic.values]
    for line in SUBJECTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            topic, *words = line.split("|")
            found[Topic.values.index(topic)].append(tuple(words))
    return found


class _Maker:
    """Draws communities, one random number after the other."""

    def __init__(self, cities: CityTable, random: np.random.Generator, *, full: float) -> None:
        self.cities, self.random, self.full = cities, random, full
        weight = np.maximum(cities.population, 1).astype(np.float64) ** CITY_POWER
        self._city_until = np.cumsum(weight / weight.sum())
        self._subjects = subjects()
        self._popularity = random.dirichlet(np.full(len(Topic.values), 3.0))

    def community(self) -> Made:
        random = self.random
        city = int(np.searchsorted(self._city_until, random.random()))
        city = min(city, len(self.cities) - 1)
        topics = random.choice(
            len(Topic.values), size=random.integers(1, 4), replace=False, p=self._popularity
        )
        modes = random.random(3) < (0.85, 0.4, 0.3)
        one = Made(
            city=city,
            country=self.cities.countries[int(self.cities.country[city])],
            kind=int(random.integers(len(CommunityKind.values))),
            size=int(random.choice(len(CommunitySize.values), p=(0.25, 0.4, 0.2, 0.1, 0.05))),
            capacity=0 if random.random() < self.full else int(random.integers(1, 4)),
            modes=(bool(modes[0] or not modes.any()), bool(modes[1]), bool(modes[2])),
            topics=tuple(sorted(topics.tolist())),
            languages=self._languages(city),
        )
        for is_offer in (False, True):
            for _line in range(int(random.integers(1, 4))):
                one.lines.append(self.line(one, is_offer=is_offer))
        return one

    def line(
        self, one: Made, *, is_offer: bool, what: tuple[int, int, int] | None = None, language: str = ""
    ) -> Line:
        """A need or an offer; ``what`` is topic, subject and kind, drawn where it is not given."""
        topic, subject, kind = what or self.what(one)
        language = language or self._writes(one)
        spoken = LANGUAGES.index(language)
        beginning = (OFFERS if is_offer else NEEDS)[language][kind]
        aside = str(self.random.choice(list(ASIDES[language])))
        mark = "?" if beginning.startswith(("Who", "Wer", "¿", "Qui", "من ي")) else "."
        text = f"{beginning} {self._subjects[topic][subject][spoken]}{mark} {aside}".strip()
        return Line(is_offer, topic, kind, text, "zh-hans" if language == "zh" else language)

    def what(self, one: Made) -> tuple[int, int, int]:
        random = self.random
        if random.random() < OWN_TOPIC:
            topic = int(random.choice(one.topics))
        else:
            topic = int(random.choice(len(Topic.values), p=self._popularity))
        subject = int(random.integers(len(self._subjects[topic])))
        return topic, subject, int(random.choice(len(ExchangeKind.values), p=SHARES_OF_KINDS))

    def plant(self, made: list[Made], places: np.ndarray) -> np.ndarray:
        """Make each other's answer of two and two: one need each, the offer that answers it, one language."""
        pairs = np.sort(places.reshape(-1, 2), axis=1)
        for first, second in pairs.tolist():
            a, b = made[first], made[second]
            while a.city == b.city:
                fresh = self.community()
                made[second] = b = fresh
            a.capacity, b.capacity = max(a.capacity, 1), max(b.capacity, 1)
            language = self._writes(a)
            for one in (a, b):
                if language not in one.languages:
                    one.languages = (*one.languages, language)
            for seeker, giver in ((a, b), (b, a)):
                what = self.what(seeker)
                need = next(place for place, line in enumerate(seeker.lines) if not line.is_offer)
                offer = next(place for place, line in enumerate(giver.lines) if line.is_offer)
                seeker.lines[need] = self.line(seeker, is_offer=False, what=what, language=language)
                giver.lines[offer] = self.line(giver, is_offer=True, what=what, language=language)
        return pairs

    def celebrate(self, made: list[Made], famous: np.ndarray, *, fans: np.ndarray) -> None:
        """Let a few answer the need of many and seek what many bring, in every language and way."""
        wishes = [self.what(made[0]) for _wish in range(3)]
        gifts = [self.what(made[0]) for _gift in range(3)]
        for place in famous.tolist():
            one = made[place]
            one.languages, one.modes, one.capacity = LANGUAGES, (True, True, True), 9
            which = int(self.random.integers(3))
            one.lines = [
                self.line(one, is_offer=True, what=wishes[which], language="en"),
                self.line(one, is_offer=False, what=gifts[which], language="en"),
            ]
        for place in fans[: int(WANTED_BY_MANY * len(made))].tolist():
            one = made[place]
            which = int(self.random.integers(3))
            one.lines[0] = self.line(one, is_offer=False, what=wishes[which])
            offer = next(at for at, line in enumerate(one.lines) if line.is_offer)
            one.lines[offer] = self.line(one, is_offer=True, what=gifts[which])

    def mistake(self, made: list[Made], *, share: float) -> None:
        """Replace a share of all topics by wrong ones: of needs, of offers, and those communities name."""
        for one in made:
            for line in one.lines:
                if self.random.random() < share:
                    line.topic = self._another(line.topic)
            one.topics = tuple(
                sorted(
                    {self._another(topic) if self.random.random() < share else topic for topic in one.topics}
                )
            )

    def _another(self, topic: int) -> int:
        return int((topic + 1 + self.random.integers(len(Topic.values) - 1)) % len(Topic.values))

    def _languages(self, city: int) -> tuple[str, ...]:
        """What its country speaks, each as likely as people there do, and often a second language."""
        shares = self.cities.language_share[int(self.cities.country[city])]
        best = np.argsort(-shares, kind="stable")[:4]
        spoken = [
            self.cities.languages[place] for place in best.tolist() if self.random.random() < shares[place]
        ]
        spoken += [code for code, share in SECOND_LANGUAGES.items() if self.random.random() < share]
        return tuple(dict.fromkeys(spoken)) or (self.cities.languages[int(best[0])],)

    def _writes(self, one: Made) -> str:
        """The first of its languages that these sentences are written in; English otherwise."""
        return next((code for code in one.languages if code in LANGUAGES), "en")
