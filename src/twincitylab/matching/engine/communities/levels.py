"""Figures between 0 and 1 as words that people use: little, fair, strong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from twincitylab.matching.engine.results import BlockShare

Bounds = tuple[float, float]

BENEFIT: Bounds = (0.35, 0.5)
"""From where a side has a fair, and a strong benefit. An offer of the topic and kind that a need asks for
gives about 0.5 even in another language, where no word can meet."""
ANSWERED: Bounds = (0.4, 0.4)
"""From where a need counts as answered: as in the lists of answers."""
_BOUNDS: dict[str, Bounds] = {
    "topics": (0.2, 0.5),
    "hours": (0.35, 0.7),
    "practice": (0.4, 0.6),
    "city": (0.4, 0.6),
}


class Level(StrEnum):
    """How much, in one word."""

    LITTLE = "little"
    FAIR = "fair"
    STRONG = "strong"

    @property
    def word(self) -> str:
        return {
            Level.LITTLE: pgettext("how much", "little"),
            Level.FAIR: pgettext("how much", "fair"),
            Level.STRONG: pgettext("how much", "strong"),
        }[self]

    @property
    def width(self) -> int:
        """Of its bar, of 100."""
        return {Level.LITTLE: 12, Level.FAIR: 56, Level.STRONG: 100}[self]


@dataclass(frozen=True)
class Factor:
    """One factor of a match in a word; ``figure`` tells more to those who ask for it."""

    label: str
    level: Level
    figure: str


def level(value: float, *, bounds: Bounds) -> Level:
    """The word for a figure.

    >>> level(0.55, bounds=BENEFIT).value, level(0.2, bounds=BENEFIT).value
    ('strong', 'little')
    """
    fair, strong = bounds
    if value >= strong:
        return Level.STRONG
    return Level.FAIR if value >= fair else Level.LITTLE


def factor(block: BlockShare, *, shared_languages: int) -> Factor:
    """A factor in a word: needs by how many sides are answered, languages by whether one is shared."""
    figure = _("%(figure)s of 100") % {"figure": block.percent}
    if block.name == "needs":
        sides = sum(share >= ANSWERED[0] for share in (block.here, block.there))
        return Factor(block.label, (Level.LITTLE, Level.FAIR, Level.STRONG)[sides], figure)
    if block.name == "languages":
        return Factor(block.label, Level.STRONG if shared_languages else Level.LITTLE, figure)
    return Factor(block.label, level(block.value, bounds=_BOUNDS[block.name]), figure)
