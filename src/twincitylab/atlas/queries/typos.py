"""What somebody may have meant who made one typing mistake."""

from functools import lru_cache

# Each script's letters lie together, and a mistake stays within the scripts of the text. Of scripts too large to
# list (Chinese) only doubled and swapped letters are mended.
_SCRIPTS = (
    ("a", "z"),
    ("α", "ω"),
    ("а", "џ"),
    ("ա", "և"),
    ("א", "ת"),
    ("ء", "ي"),
    ("ऄ", "ॡ"),
    ("অ", "ৱ"),
    ("ก", "ฮ"),
    ("ა", "ჰ"),
    ("ᄀ", "ᇂ"),
    ("ぁ", "ゖ"),
    ("ァ", "ヺ"),
)
# Mistakes further behind leave so much of the beginning intact that it finds the name by itself.
REACH = 10


def variants(text: str, *, intact: int) -> list[str]:
    """Beginnings of names one mistake away from that of ``text``: a letter missing, added, wrong or swapped.

    ``intact`` says how many first letters begin any name at all: mistakes further behind cannot lead to one.
    """
    start = text[:REACH]
    letters = _letters(start)
    found = {start} if len(text) > REACH else set()
    for place in range(min(intact, len(start)) + 1):
        before, after = start[:place], start[place + 1 :]
        found.add(before + after)
        found.add(before + after[:1] + start[place : place + 1] + after[1:])
        for letter in letters:
            found.add(before + letter + after)
            found.add(before + letter + start[place:])
    found.discard("")
    return sorted(found - {text})


def begins_alike(key: str, *, text: str) -> bool:
    """Does the name begin with ``text``, but for one letter missing, added, wrong or swapped?

    >>> [begins_alike("karlsruhe", text=t) for t in ("karlsrhu", "kalsruhe", "karlzru", "karllsruh", "kralzruhe")]
    [True, True, True, True, False]
    """
    same = 0
    while same < len(text) and same < len(key) and text[same] == key[same]:
        same += 1
    rest, other = text[same:], key[same:]
    return (
        other.startswith((rest, rest[1:]))
        or other[1:].startswith((rest, rest[1:]))
        or (len(other) > 1 and other[:2] == rest[1:2] + rest[:1] and other[2:].startswith(rest[2:]))
    )


def _letters(text: str) -> str:
    letters = {" "} if " " in text or text.isascii() else set()
    for letter in text:
        letters.update(_script_of(letter))
    return "".join(sorted(letters))


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> frozenset[str]:
    for first, last in _SCRIPTS:
        if first <= letter <= last:
            return frozenset(filter(str.isalpha, map(chr, range(ord(first), ord(last) + 1))))
    return frozenset()
