"""Words of a text as numbers, in any script: texts about one subject in one language come out alike."""

import math
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

WIDTH = 192
"""Numbers per text. Two texts without a common word differ from 0 by about 1 / sqrt(WIDTH)."""
GRAM = 4
"""Letters taken together: the stem of a word survives its endings."""
_SIGN = 0x80000000
_ARTICLE = "ال"


Rarity = Mapping[str, float]
"""How much words count that many texts use, 0 to 1; all others count 1."""
NOT_COUNTED: Rarity = {}
FEWEST_TEXTS = 200
"""In fewer texts no word is called frequent."""
FREQUENT = 1 / 400
"""A word in less than this share of texts counts fully; above, less the more use it."""


def rarity(texts: Iterable[str]) -> Rarity:
    """How much each frequent word of these texts says: the logarithm of how rare it is, 1 for rare ones.

    >>> counts = rarity([f"bread number{n}" for n in range(400)])
    >>> counts["bread"], "number7" in counts
    (0.0, False)
    """
    told = [words(text) for text in texts]
    if len(told) < FEWEST_TEXTS:
        return NOT_COUNTED
    counts = Counter(word for line in told for word in line)
    most = max(FREQUENT * len(told), 1.0)
    full = math.log(len(told) / most)
    return {word: math.log(len(told) / n) / full for word, n in counts.items() if n > most}


def word_row(text: str, counts: Rarity = NOT_COUNTED) -> NDArray[np.float64]:
    """The words of a text as (WIDTH,) numbers of norm 1, or zeros for a text without any.

    Every word counts once, as much as it is rare, however long: it is spread over itself and its pieces of
    four letters (two in scripts that write no spaces). Where a piece lands is its checksum, so that every
    process gives the same numbers; its sign keeps chance meetings at 0 on average (K. Weinberger and others,
    *Feature hashing for large scale multitask learning*, ICML 2009).

    >>> a, b, c = (word_row(text) for text in ("Repairing old bicycles", "bicycle repair", "A choir for all"))
    >>> bool(a @ b > 0.4), bool(abs(a @ c) < 0.3)
    (True, True)
    """
    row = np.zeros(WIDTH)
    for word in words(text):
        weight = counts.get(word, 1.0)
        for place, share in _places(word):
            row[place] += weight * share
    norm = float(np.sqrt(row @ row))
    return row / norm if norm > 0 else row


@lru_cache(maxsize=65_536)
def _places(word: str) -> tuple[tuple[int, float], ...]:
    """Where the pieces of a word land, and how much each adds."""
    pieces = _pieces(word)
    share = len(pieces) ** -0.5
    numbers = [zlib.crc32(piece.encode()) for piece in pieces]
    return tuple((number % WIDTH, share if number & _SIGN else -share) for number in numbers)


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words that say something, each once, in lower case and without accents.

    >>> words("Wir suchen Räume für unsere Räder: Räume!")
    ('raume', 'rader')
    """
    spaced, dense = _stopwords()
    shown = plain(text)
    if not shown.isascii():
        for word in dense:
            shown = shown.replace(word, " ")
    return tuple(dict.fromkeys(_bare(word) for word in _words(shown) if word not in spaced))


def plain(text: str) -> str:
    """Lower case, without accents and signs of vowels, in which writers are not consistent."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter) and letter != "ـ")


def _words(text: str) -> list[str]:
    """Runs of letters and digits; in scripts without spaces, pairs of neighbours."""
    found: list[str] = []
    run = ""
    was_dense = False
    for letter in text + " ":
        is_dense = _is_dense(letter)
        if run and (not letter.isalnum() or is_dense != was_dense):
            found.extend(_pairs(run) if was_dense else [run])
            run = ""
        if letter.isalnum():
            run += letter
        was_dense = is_dense
    return [word for word in found if len(word) > 2 or _is_dense(word[0])]


def _bare(word: str) -> str:
    """Without the Arabic article, which is written in front of the word."""
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def _is_dense(letter: str) -> bool:
    """Whether a script writes without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese.

    >>> _is_dense("水"), _is_dense("w")
    (True, False)
    """
    code = ord(letter)
    return (
        0x2E80 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x0E00 <= code <= 0x0EFF
        or (0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF or code >= 0x20000)
    )


def _pieces(word: str) -> list[str]:
    if len(word) <= GRAM or _is_dense(word[0]):
        return [word]
    edged = f"^{word}"
    return [word, *(edged[place : place + GRAM] for place in range(len(edged) - GRAM + 1))]


@cache
def _stopwords() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words written between spaces, and, the longest first, those of scripts without spaces."""
    text = resources.files(__package__).joinpath("stopwords.txt").read_text(encoding="utf-8")
    lines = [line.split()[1:] for line in text.splitlines() if line and not line.startswith("#")]
    told = {plain(word) for line in lines for word in line}
    dense = {word for word in told if _is_dense(word[0])}
    return frozenset(told - dense), tuple(sorted(dense, key=lambda word: (-len(word), word)))
