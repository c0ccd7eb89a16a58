"""What somebody may have meant who made one typing mistake."""

from functools import lru_cache

# Each script's letters lie together, and a mistake stays within the scripts of the text. Of scripts too large
# to list (Chinese) only doubled and swapped letters are mended.
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
    ("ᄀ", "ᄒ"),
    ("ᅡ", "ᅵ"),
    ("ᆨ", "ᇂ"),
    ("ぁ", "ゖ"),
    ("ァ", "ヺ"),
)


def variants(text: str, *, intact: int) -> list[str]:
    """Texts one mistake away from this one: a letter missing, added, wrong or swapped with the next.

    ``intact`` says how many first letters begin any name at all: mistakes further behind cannot lead to one.
    """
    letters = _letters(text)
    found: set[str] = set()
    for place in range(min(intact, len(text)) + 1):
        before, here, after = text[:place], text[place : place + 1], text[place + 1 :]
        found.add(before + after)
        found.add(before + after[:1] + here + after[1:])
        for letter in letters:
            found.add(before + letter + after)
            found.add(before + letter + here + after)
    found.discard("")
    return sorted(found - {text})


def begins_alike(key: str, *, text: str) -> bool:
    """Does the name begin with ``text``, but for one letter missing, added, wrong or swapped?

    >>> [begins_alike("karlsruhe", text=text) for text in ("karlsrhu", "kalsruhe", "karllsruh", "kralzruhe")]
    [True, True, True, False]
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
