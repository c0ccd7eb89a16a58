"""The words by which a text is found, in any script: one rule for what is stored and what is typed.

Scripts that put no space between words are cut into pieces of two characters; all others into words without
accents, Arabic ones also without their article.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from twincitylab.base.text import fold

LONGEST_WORD = 40
MOST_WORDS = 600
MOST_ASKED = 8
# Shorter words would begin a tenth of all others, so they are looked for as they stand.
SHORTEST_BEGINNING = 3
LONGEST_ASKED = 200

# Han, kana, Thai, Lao, Burmese and Khmer.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=.{3})")
_PLURAL = re.compile(r"(?<=[a-z]{4})s$")


@dataclass(frozen=True)
class Asked:
    """A word somebody looks for: as it stands, or as the beginning of a word."""

    key: str
    is_beginning: bool


def words_of(text: str) -> list[str]:
    """Every word of a text once, in its order.

    >>> words_of("L’école à vélo"), words_of("共享自行车"), words_of("المدرسة")
    (['l', 'ecole', 'a', 'velo'], ['共享', '享自', '自行', '行车', '车'], ['مدرسه'])
    """
    return list(dict.fromkeys(piece for run in _runs(text) for piece in _pieces(run, is_whole=True)))


def asked_words(text: str) -> list[Asked]:
    """What a typed text asks for: all of these have to be there.

    >>> [asked.key for asked in asked_words("Bikes to 自行车")]
    ['bike', 'to', '自行', '行车']
    """
    runs = [run for run in _runs(text[:LONGEST_ASKED]) if run]
    keys = dict.fromkeys(_PLURAL.sub("", piece) for run in runs for piece in _pieces(run, is_whole=False))
    return [Asked(key, _is_beginning(key)) for key in list(keys)[:MOST_ASKED]]


def _is_beginning(key: str) -> bool:
    return len(key) >= SHORTEST_BEGINNING or bool(_IS_UNSPACED.match(key))


def _runs(text: str) -> list[str]:
    return [run for word in text.translate(_LETTERS_ONLY).split() for run in _RUNS.findall(_key(word)) if run]


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    return fold(word).replace(" ", "")


def _pieces(run: str, *, is_whole: bool) -> list[str]:
    if not _IS_UNSPACED.match(run):
        return [_ARTICLE.sub("", run)[:LONGEST_WORD]]
    last = len(run) if is_whole or len(run) == 1 else len(run) - 1
    return [run[at : at + 2] for at in range(last)]


class _LettersOnly(dict[int, str]):
    """Letters, marks and figures as they are; a space for everything else."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = letter if unicodedata.category(letter)[0] in "LNM" else " "
        return self[code]


_LETTERS_ONLY = _LettersOnly()
