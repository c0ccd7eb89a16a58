"""A community as one row of numbers: what it seeks, what it brings, who it is, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twincitylab.community.choices import CommunityKind, CommunitySize
from twincitylab.community.models import MOST_CAPACITY
from twincitylab.community.queries.vectors import CommunityTable, NeedTable
from twincitylab.matching.engine.communities.items import (
    SUBJECT_WIDTH,
    TOPICS,
    any_kind,
    subject_row,
    topic_factor,
    topic_row,
    unit,
)
from twincitylab.matching.engine.communities.texts import NOT_COUNTED, WIDTH, Rarity, word_row
from twincitylab.matching.engine.world import World

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

# Raise it when the encoding changes: rounds computed from other rows are computed again.
ENCODER_VERSION = 1

WEIGHTS: Mapping[str, float] = {
    "needs": 0.55,
    "words": 0.25,
    "topics": 0.03,
    "languages": 0.10,
    "hours": 0.015,
    "place": 0.015,
    "practice": 0.02,
    "city": 0.02,
}
"""How much each block counts in the space, which finds the candidates."""
JUDGED: Mapping[str, float] = {
    "topics": 0.02,
    "languages": 0.06,
    "hours": 0.015,
    "place": 0.015,
    "practice": 0.015,
    "city": 0.015,
}
"""How much each block counts in the second look, beside the answers; chosen on the worlds of seeds 1 to 3."""

LANGUAGES = (
    *("ar", "bn", "de", "en", "es", "fa", "fr", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sw"),
    *("ta", "th", "tr", "uk", "ur", "vi", "zh"),
)
RARER = 16
"""Columns among which the other languages share: two of them may meet by chance, as pages tell."""
CITY_BLOCKS = ("size", "climate", "sea", "language")
NOW_COUNTS, SOMEDAY_COUNTS = 1.25, 0.8
"""How much a need counts that is for now, or for some day, beside one of this year."""
UNWANTED, MOST_UNWANTED = 0.5, 1.0
"""How far one refusal lowers its topics, and all together."""
FARTHER, MOST_FARTHER = 5.0, 15.0
LESS_UNDERSTOOD, LEAST_UNDERSTOOD = 0.5, 2.0
"""How much more distance and hours, or languages, count after one refusal for them, and after many."""

Layout = tuple[tuple[str, int, int, bool], ...]


@dataclass(frozen=True)
class Tilt:
    """What a community has said of matches: topics (ids of those refused for theirs), and how often it was
    too far, or the language."""

    not_our_topic: tuple[int, ...] = ()
    too_far: int = 0
    other_language: int = 0


NO_TILT = Tilt()


def encode(
    table: CommunityTable,
    *,
    world: World,
    tilts: Mapping[int, Tilt],
    topics_of: Mapping[int, NDArray[np.bool_]],
    counts: Rarity = NOT_COUNTED,
) -> Float32:
    """Describe communities in rows (n, D) under ``layout``; each row depends on nothing but its own facts.

    ``tilts`` are by id; ``topics_of`` tells the topics of the communities they name.
    """
    spans = layout(world)
    rows = np.zeros((len(table), spans[-1][2]), dtype=np.float32)
    bounds = {name: (start, (start + stop) // 2, stop) for name, start, stop, _is_directed in spans}
    starts = np.searchsorted(table.needs.owner, np.arange(len(table) + 1)).tolist()
    for row, pk in enumerate(table.pk.tolist()):
        own = _Own(table, row, range(starts[row], starts[row + 1]), world, tilts.get(pk, NO_TILT), counts)
        for name, (traits, wishes) in own.blocks(topics_of).items():
            start, middle, stop = bounds[name]
            if wishes is None:
                rows[row, start:stop] = traits
            else:
                rows[row, start:middle], rows[row, middle:stop] = traits, wishes
    return rows


def layout(world: World) -> Layout:
    """Where each block lives in a row."""
    city = sum(_width(world, name) for name in CITY_BLOCKS)
    widths = {
        "needs": (2 * SUBJECT_WIDTH, True),
        "words": (2 * WIDTH, True),
        "topics": (2 * TOPICS, True),
        "languages": (2 * (len(LANGUAGES) + RARER + 1), True),
        "hours": (2 * _width(world, "hours"), True),
        "place": (2 * _width(world, "place"), True),
        "practice": (len(CommunityKind.values) + 3 + len(CommunitySize.values) + MOST_CAPACITY + 1, False),
        "city": (city, False),
    }
    found, start = [], 0
    for name, (width, is_directed) in widths.items():
        found.append((name, start, start + width, is_directed))
        start += width
    return tuple(found)


def concerns(table: CommunityTable) -> NDArray[np.bool_]:
    """What each community is about, (n, TOPICS): the topics it names and those of its needs and offers."""
    found = table.topics.copy()
    found[table.needs.owner, table.needs.topic] = True
    return found


@dataclass(frozen=True)
class _Own:
    """One community while its row is written."""

    table: CommunityTable
    row: int
    lines: Sequence[int]
    world: World
    tilt: Tilt
    counts: Rarity

    def blocks(self, topics_of: Mapping[int, NDArray[np.bool_]]) -> dict[str, tuple[Float64, Float64 | None]]:
        city = self._city()
        about = self._about()
        unwanted = self._unwanted(topics_of)
        place = np.zeros(_width(self.world, "place")) if city is None else _block(self.world, "place", city)
        hours = np.zeros(_width(self.world, "hours")) if city is None else _block(self.world, "hours", city)
        tongues = self._languages()
        farther = min(FARTHER * self.tilt.too_far, MOST_FARTHER)
        less_understood = min(LESS_UNDERSTOOD * self.tilt.other_language, LEAST_UNDERSTOOD)
        return {
            "needs": (
                unit(self._sum(offers=True, subjects=True)),
                unit(self._sum(offers=False, subjects=True))
                - np.multiply.outer(unwanted, any_kind()).ravel(),
            ),
            "words": (
                unit(self._sum(offers=True, subjects=False)),
                unit(self._sum(offers=False, subjects=False)),
            ),
            "topics": (about, about - unwanted),
            "languages": (tongues, _sharper(tongues, -1, share=less_understood)),
            "hours": (hours, _sharper(hours, 0, share=farther)),
            "place": (place, _sharper(place, 0, share=farther)),
            "practice": (self._practice(), None),
            "city": (self._city_facts(city), None),
        }

    def _sum(self, *, offers: bool, subjects: bool) -> Float64:
        needs = self.table.needs
        total = np.zeros(SUBJECT_WIDTH if subjects else WIDTH)
        for line in self.lines:
            if bool(needs.is_offer[line]) != offers:
                continue
            text = needs.text[line]
            found = (
                subject_row(int(needs.topic[line]), int(needs.kind[line]), text)
                if subjects
                else word_row(text, self.counts)
            )
            total += _urgency(needs, line) * found
        return total

    def _about(self) -> Float64:
        """The topics it names count twice, those of its needs and offers once."""
        total = np.zeros(TOPICS)
        for topic in np.flatnonzero(self.table.topics[self.row]).tolist():
            total += 2.0 * topic_factor()[topic]
        for line in self.lines:
            total += topic_row(int(self.table.needs.topic[line]), self.table.needs.text[line])
        return unit(total)

    def _unwanted(self, topics_of: Mapping[int, NDArray[np.bool_]]) -> Float64:
        """Topics of the refused that are not its own; each is lowered further with every refusal."""
        times = np.zeros(TOPICS)
        for other in self.tilt.not_our_topic:
            if other in topics_of:
                foreign = topics_of[other] & ~self.table.topics[self.row]
                times += foreign if foreign.any() else 0.5 * topics_of[other]
        total = np.zeros(TOPICS)
        for topic in np.flatnonzero(times).tolist():
            total += min(UNWANTED * times[topic], MOST_UNWANTED) * topic_factor()[topic]
        return total

    def _languages(self) -> Float64:
        """The last column is 1 for everyone who tells a language, so that sharing none can cost something."""
        row = np.zeros(len(LANGUAGES) + RARER + 1)
        for language in self.table.languages[self.row]:
            code = language.split("-")[0].split("_")[0]
            known = code in LANGUAGES
            row[LANGUAGES.index(code) if known else len(LANGUAGES) + _rare(code)] = 1.0
        row = unit(row)
        row[-1] = 1.0 if row.any() else 0.0
        return row

    def _practice(self) -> Float64:
        kind = np.zeros(len(CommunityKind.values))
        kind[self.table.kind[self.row]] = 1.0
        size = np.zeros(len(CommunitySize.values))
        size[self.table.size[self.row]] = 1.0
        capacity = np.zeros(MOST_CAPACITY + 1)
        capacity[: int(self.table.capacity[self.row]) + 1] = 1.0
        modes = self.table.modes[self.row].astype(float)
        parts = [0.3**0.5 * unit(kind), 0.4**0.5 * unit(modes), 0.15**0.5 * unit(size)]
        return np.concatenate([*parts, 0.15**0.5 * unit(capacity)])

    def _city(self) -> int | None:
        """The row of its city; of the largest city of its country where the city is not to be known."""
        if self.table.hides_city[self.row]:
            return largest_city(self.world, self.table.country[self.row])
        return self.world.row(int(self.table.city[self.row]))

    def _city_facts(self, city: int | None) -> Float64:
        if city is None:
            return np.zeros(sum(_width(self.world, name) for name in CITY_BLOCKS))
        facts = [_block(self.world, name, city) for name in CITY_BLOCKS]
        return unit(np.concatenate(facts))


def largest_city(world: World, country: str) -> int | None:
    """The row of the largest city of a country, ties by the smaller id."""
    table = world.table
    if country not in table.countries:
        return None
    rows = np.flatnonzero(table.country == table.countries.index(country))
    return int(rows[table.population[rows].argmax()]) if len(rows) else None


def _urgency(needs: NeedTable, line: int) -> float:
    return (NOW_COUNTS, 1.0, SOMEDAY_COUNTS, 1.0)[int(needs.urgency[line])]


def _sharper(row: Float64, constant: int, *, share: float) -> Float64:
    """Wishes under which likeness s counts as (1 + c) s - c: as much where it is 1, less everywhere else.

    ``constant`` is the column that is the same in all rows; 0 where nothing is known, and in the last column
    of languages, which counts only here.
    """
    wishes = (1.0 + share) * row
    if constant == -1:
        wishes[-1] = -share * row[-1]
    elif row[constant]:
        wishes[constant] -= share / row[constant]
    return wishes


def _rare(code: str) -> int:
    number = 0
    for letter in code:
        number = (number * 131 + ord(letter)) % 1_000_003
    return number % RARER


def _width(world: World, name: str) -> int:
    return next(span.stop - span.start for span in world.space.layout if span.name == name)


def _block(world: World, name: str, row: int) -> Float64:
    return world.space.rows[row, world.space.bounds[name]].astype(np.float64)
