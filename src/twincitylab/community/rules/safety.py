"""What texts of a community in safety mode must not tell: its real name, and a city that is hidden.

A guard against slips in ordinary spellings, not against somebody who wants to tell.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from twincitylab.base.text import fold

# Shorter names are often words of other languages, or codes of airports: they tell only as they stand.
SHORTEST_BEGINNING = 4
# Shorter ones begin ordinary words as well, which a capital tells apart: Bern, Berner; but bernsteinfarben.
SURE_BEGINNING = 6
# Long enough to be no accident within another word.
SURE_ANYWHERE = 8
SURE_IN_ADDRESS = 5
LONGEST_ENDING = 4
# Scripts from here on in Unicode put no spaces between words, or few.
_FIRST_UNSPACED = "\u0e00"
_BETWEEN = re.compile(r"[\s/\\?&=#@.,;:|+()\[\]{}<>\"“”„«»‹›!¡¿…*_\-‐‑‒–—]+")
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_ADDRESS = re.compile(r"[@#/]|\w\.\w")
# What is left out of a name when it becomes part of an address.
_SMALL_WORDS = frozenset(
    (
        "the", "and", "for", "der", "die", "das", "und", "fur", "von", "des", "den", "les", "del", "los",
        "las", "una", "con", "per", "dos", "een", "het", "van",
    )
)  # fmt: skip


class _Word(NamedTuple):
    """A word as it is compared and as it stands."""

    key: str
    written: str


class _Read:
    """A text ready to be compared with many names."""

    def __init__(self, text: str) -> None:
        written = _without_the_unseen(text).split()
        runs = [_words(run) for run in written]
        self.words = [word for run in runs for word in run]
        self.spaced = f" {' '.join(word.key for word in self.words)} "
        self.unspaced = "".join(word.key for word in self.words)
        self.runs = ["".join(word.key for word in run) for run in runs]
        self.addresses = [
            joined for run, joined in zip(written, self.runs, strict=True) if _ADDRESS.search(run)
        ]


def told_name(text: str, *, names: Iterable[str]) -> str:
    """The first of ``names`` that ``text`` tells: as whole words, or with their words written together."""
    read = _Read(text)
    return next((name for name in names if _tells_name(read, _keys(name))), "")


def told_city(text: str, *, names: Iterable[str]) -> str:
    """The first of the ``names`` of one city that ``text`` tells, with whatever ending."""
    read = _Read(text)
    return next((name for name in names if _tells_city(read, name)), "")


def _tells_name(read: _Read, keys: list[str]) -> bool:
    joined, several = "".join(keys), len(keys) > 1
    if not joined:
        return False
    if not joined.isascii():
        return " ".join(keys) in read.spaced or (several and joined in read.unspaced)
    is_long = len(joined) >= SURE_ANYWHERE
    # A name of one ordinary word has relatives that tell nothing: garden, gardening.
    spare = LONGEST_ENDING if several and is_long else int(len(joined) > SHORTEST_BEGINNING)
    return (
        _begins(read, joined, spare=spare)
        or (several and is_long and joined in read.unspaced)
        or _in_addresses(read, joined)
        or _tells_distinctive(read, keys)
    )


def _tells_distinctive(read: _Read, keys: list[str]) -> bool:
    """Whether what is left of a name without its small words is written together."""
    left = [key for key in keys if len(key) > 2 and key not in _SMALL_WORDS]
    joined = "".join(left)
    return len(left) > 1 and len(joined) >= SURE_ANYWHERE and any(joined in run for run in read.runs)


def _tells_city(read: _Read, name: str) -> bool:
    keys = _keys(name)
    joined = "".join(keys)
    if not joined:
        return False
    if not joined.isascii():
        whole = f" {joined} " if len(joined) < 3 and joined < _FIRST_UNSPACED else " ".join(keys)
        return whole in read.spaced
    if len(joined) < SHORTEST_BEGINNING:
        return _stands_as_written(read, name)
    is_sure = len(joined) >= SURE_BEGINNING
    spare = LONGEST_ENDING if len(joined) > SHORTEST_BEGINNING else LONGEST_ENDING // 2
    return (
        _begins(read, joined, spare=0)
        or _begins(read, joined, spare=spare, only_capital=not is_sure)
        or (len(joined) >= SURE_ANYWHERE and any(joined in run for run in read.runs))
        or _in_addresses(read, joined)
    )


def _begins(read: _Read, joined: str, *, spare: int, only_capital: bool = False) -> bool:
    """Whether a word, or several together, begin with the name and have at most ``spare`` letters more."""
    return any(
        joined.startswith(word.key[: len(joined)])
        and (word.written[:1].isupper() or not only_capital)
        and 0 <= _left_over(read.words, at, joined) <= spare
        for at, word in enumerate(read.words)
    )


def _left_over(words: list[_Word], at: int, joined: str) -> int:
    """How many letters follow the name that begins with this word; -1 when it does not."""
    found = ""
    while len(found) < len(joined) and at < len(words):
        found += words[at].key
        at += 1
    return len(found) - len(joined) if found.startswith(joined) else -1


def _in_addresses(read: _Read, joined: str) -> bool:
    return len(joined) >= SURE_IN_ADDRESS and any(joined in address for address in read.addresses)


def _stands_as_written(read: _Read, name: str) -> bool:
    """Whether a very short name is a word of the text, with its capitals: ``Ny`` is a city, ``ny`` is new."""
    name = _without_the_unseen(name).strip()
    shapes = {name, name.upper()} if len(name) > 2 else {name}
    return any(_APOSTROPHES.split(word.written)[0] in shapes for word in read.words)


def _keys(name: str) -> list[str]:
    return [word.key for word in _words(_without_the_unseen(name))]


def _words(text: str) -> list[_Word]:
    """Word by word, because a key as a whole is cut."""
    return [_Word(key, part) for part in _BETWEEN.split(text) for key in fold(part).split()]


def _without_the_unseen(text: str) -> str:
    """One form for what looks alike, without what stands between letters and nobody sees."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf"
    )
