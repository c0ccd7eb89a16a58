"""The words of a signal of health: how it stands, and why something cannot be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy


class Word(StrEnum):
    """How a signal stands. There is no total of them."""

    ALIVE = "alive"
    WATCH = "watch"
    SILENT = "silent"
    UNKNOWN = "unknown"


LABELS = {
    Word.ALIVE: gettext_lazy("alive"),
    Word.WATCH: gettext_lazy("keep an eye on it"),
    Word.SILENT: gettext_lazy("silent"),
    Word.UNKNOWN: gettext_lazy("cannot be said yet"),
}

NAMES = {
    "rhythm": gettext_lazy("Rhythm"),
    "breadth": gettext_lazy("Breadth"),
    "renewal": gettext_lazy("Renewal"),
    "capacity": gettext_lazy("Capacity"),
    "anchoring": gettext_lazy("Anchoring"),
    "direction": gettext_lazy("Direction"),
    "visibility": gettext_lazy("Visibility"),
    "substance": gettext_lazy("Substance"),
    "learning": gettext_lazy("Learning put to use"),
    "relation": gettext_lazy("Relation"),
}

WHY = {
    "no_records": gettext_lazy("Nothing about this is written down yet."),
    "no_capacity": gettext_lazy("At least one side has not said how much it can give."),
    "one_side_unknown": gettext_lazy("Of at least one side nothing is known about this."),
    "too_few": gettext_lazy("Too little is written down to say it: four records are the least."),
    "all_zero": gettext_lazy("Nought is written down for all sides: there is nothing to compare."),
    "too_young": gettext_lazy("In the first year everybody is new, which says nothing."),
}


@dataclass(frozen=True)
class Origin:
    """From which records a signal comes: how many, of what, and where they stand."""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Step:
    """The one thing to do next."""

    label: str
    href: str


@dataclass(frozen=True)
class Drawn:
    """A share from 0 to 100 with the ends of its interval, to draw; ``label`` where there are several."""

    value: float
    low: float
    high: float
    label: str = ""

    @property
    def width(self) -> float:
        return round(self.high - self.low, 1)


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One of the ten: how it stands, the figure, how sure it is, where it comes from, what is missing, and
    what to do next."""

    key: str
    asks: str
    word: Word
    figures: tuple[str, ...]
    sure: str
    origins: tuple[Origin, ...]
    missing: tuple[str, ...] = ()
    step: Step
    drawn: tuple[Drawn, ...] = ()

    @property
    def label(self) -> str:
        return str(NAMES[self.key])

    @property
    def word_label(self) -> str:
        return str(LABELS[self.word])


@dataclass(frozen=True)
class Standing:
    """The signals that stand the same way."""

    word: Word
    names: tuple[str, ...]

    @property
    def word_label(self) -> str:
        return str(LABELS[self.word])


def standings(words: Mapping[str, str]) -> tuple[Standing, ...]:
    """Words by the keys of signals: what wants attention first, and what cannot be said last."""
    order = (Word.SILENT, Word.WATCH, Word.ALIVE, Word.UNKNOWN)
    found = [
        Standing(word, tuple(str(name) for key, name in NAMES.items() if words.get(key) == word))
        for word in order
    ]
    return tuple(one for one in found if one.names)
