"""Two texts word by word: what stays, what is gone, what is new."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A word, one sign of a script that is written without spaces, one other sign, or the space between.
_PIECES = re.compile(
    r"\s+|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|."
)


class Fate(StrEnum):
    STAYS = "stays"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Some words and what became of them."""

    fate: Fate
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """What became of each word, in the order in which one reads; what is gone stands before what is new.

    >>> [(piece.fate.value, piece.text) for piece in differences("We meet twice.", "We meet often.")]
    [('stays', 'We meet '), ('gone', 'twice'), ('new', 'often'), ('stays', '.')]
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece(Fate.STAYS, "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece(Fate.GONE, "".join(old[a:b])))
        if d > c:
            pieces.append(Piece(Fate.NEW, "".join(new[c:d])))
    return tuple(pieces)
