"""How names are compared: one folding for what is stored and what is typed, and the slugs made from it;
what is left out of what people write; and how text is written into cells of a table."""

import re
import unicodedata
from functools import lru_cache

LONGEST_KEY = 100

# Letters that Unicode does not decompose, and Arabic letters that people type for one another.
_REPLACEMENTS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
        "ŋ": "n",
        "ə": "a", "ی": "ي", "ى": "ي", "ے": "ي", "ک": "ك", "ە": "ه", "ہ": "ه", "ھ": "ه", "ة": "ه", "ـ": None,
        "'": None, "’": None, "‘": None, "ʼ": None, "ʻ": None, "ʿ": None, "ʾ": None, "`": None, "´": None,
        "ʹ": None, "ʺ": None,
    }
)  # fmt: skip
_NOT_A_LETTER = re.compile(r"[\W_]+")
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
# Spreadsheets run a cell that begins so. Apostrophes before it count, so that reading gives back the text.
_BEGINS_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEW_LINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, halves of characters, marks of byte order, and what turns the direction of text around.
_NEVER_WRITTEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_SPACES = re.compile(r"[^\S\n]+")
_ANY_SPACE = re.compile(r"\s+")
_MANY_NEW_LINES = re.compile(r" *\n *(?:\n *)+")
# Categories of characters of which a text is blank that holds no other.
_UNSEEN = frozenset({"Cf", "Zs", "Zl", "Zp", "Mn", "Cc", "Cn", "Co"})
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"


class TooLong(ValueError):
    """A text of ``length`` characters where there is room for fewer."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} characters")
        self.length = length


def fold(text: str) -> str:
    """The key of a name: small letters without accents or punctuation, in any script.

    >>> fold("München"), fold("L’Aquila"), fold("Saint-Denis "), fold("Łódź")
    ('munchen', 'laquila', 'saint denis', 'lodz')
    """
    low = text.lower()
    if _PLAIN.fullmatch(low):
        return low[:LONGEST_KEY].rstrip()
    if low.isascii():
        return _NOT_A_LETTER.sub(" ", low.replace("'", "").replace("`", "")).strip()[:LONGEST_KEY].rstrip()
    bare = "".join(map(_bare, low.casefold().translate(_REPLACEMENTS)))
    return _NOT_A_LETTER.sub(" ", bare).strip()[:LONGEST_KEY].rstrip()


def slug(text: str, *, longest: int = 80) -> str:
    """The name as part of an address, or an empty string when none of it is in plain letters."""
    return _NOT_IN_A_SLUG.sub("-", fold(text)).strip("-")[:longest].strip("-")


def clean_text(text: str, *, longest: int, one_line: bool = False) -> str:
    """What somebody wrote, without what is never written on purpose; ``TooLong`` when it has no room.

    Joiners stay: Persian and emoji need them. A text in which nothing can be seen becomes empty. At most one
    line stays empty between two; with ``one_line`` there is but one line.

    >>> clean_text("A\\x00\\u202eB  c", longest=9), clean_text("a\\r\\n\\n\\n\\nb", longest=9)
    ('AB c', 'a\\n\\nb')
    """
    seen = _NEVER_WRITTEN.sub("", _NEW_LINE.sub("\n", text))
    seen = unicodedata.normalize("NFC", _ANY_SPACE.sub(" ", seen) if one_line else _SPACES.sub(" ", seen))
    seen = _MANY_NEW_LINES.sub("\n\n", seen).strip()
    if all(
        letter in _BLANK_LETTERS or unicodedata.category(letter) in _UNSEEN
        for letter in seen
        if letter != "\n"
    ):
        return ""
    if len(seen) > longest:
        raise TooLong(len(seen))
    return seen


def loses_characters(text: str) -> bool:
    """Whether ``clean_text`` takes out of the text what nobody sees, beside spaces and lines.

    >>> loses_characters("A\\u202eB"), loses_characters(" a\\r\\n\\n\\n b")
    (True, False)
    """
    return bool(_NEVER_WRITTEN.search(_NEW_LINE.sub("\n", text)))


def inert_cell(text: str) -> str:
    """The text of a CSV cell, with an apostrophe before what a spreadsheet would run as a formula.

    >>> inert_cell("=1+1"), inert_cell("'s-Hertogenbosch"), bare_cell("'=1+1")
    ("'=1+1", "'s-Hertogenbosch", '=1+1')
    """
    return f"'{text}" if _BEGINS_LIKE_A_FORMULA.match(text) else text


def bare_cell(text: str) -> str:
    """What ``inert_cell`` was given."""
    return text[1:] if text.startswith("'") and _BEGINS_LIKE_A_FORMULA.match(text) else text


@lru_cache(maxsize=65536)
def _bare(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter)
    bare = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    # What a compatibility sign stands for may be large letters, or letters to replace.
    return bare.casefold().translate(_REPLACEMENTS)
