"""What texts of a community in safety mode must not tell: its real name, and a city that is hidden."""

from collections.abc import Iterable

from twincitylab.base.text import fold

# Shorter names of cities are mostly codes of airports, and words of other languages.
SHORTEST_CITY_NAME = 4


def told_name(text: str, *, names: Iterable[str]) -> str:
    """The first of ``names`` that stands in ``text`` as whole words, however it is written; else nothing."""
    words = _folded(text)
    for name in names:
        key = _folded(name)
        if key.strip() and (key in words or (not key.isascii() and key.strip() in words)):
            return name
    return ""


def city_names_that_tell(names: Iterable[str]) -> list[str]:
    """Names of a city by which somebody would know it; every script counts from two letters on."""
    return [name for name in names if len(fold(name)) >= (SHORTEST_CITY_NAME if name.isascii() else 2)]


def _folded(text: str) -> str:
    """Word by word, because a key as a whole is cut; blanks around, so that words are found whole."""
    return f" {' '.join(filter(None, map(fold, text.split())))} "
