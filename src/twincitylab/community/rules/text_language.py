"""In which language a text is written, as far as its letters and its small words tell."""

import unicodedata
from collections import Counter
from collections.abc import Mapping

from twincitylab.base.text import fold
from twincitylab.community.rules.topics import LONGEST_TEXT, small_words

LEAST_WORDS = 2
_LEAST_LETTERS = 4
_MARKS = "'’‘.,;:!?¿¡()\"«»“”„…-–/"

# Letters that one language has, and others of the same script have not.
_URDU, _PERSIAN = frozenset("ٹڈڑںےھ"), frozenset("پچژگکی")
_UKRAINIAN, _RUSSIAN = frozenset("іїєґ"), frozenset("ыэё")
_SCRIPTS: Mapping[str, str] = {
    "ARABIC": "arabic", "CJK": "han", "HIRAGANA": "kana", "KATAKANA": "kana", "HANGUL": "hangul",
    "CYRILLIC": "cyrillic", "BENGALI": "bengali", "LATIN": "latin",
}  # fmt: skip
_ONE_LANGUAGE: Mapping[str, str] = {"hangul": "ko", "bengali": "bn"}
# So that a near relative is not taken for one of the languages of the topics.
_RELATIVES: Mapping[str, str] = {
    "it": "il lo gli di che per con una nostro nostra siamo cerchiamo abbiamo come sono non del della dei "
    "delle nella alla anche piu vorremmo citta",
    "pt": "o os as um uma de do da dos das em no na nos que para com nao nosso nossa somos procuramos "
    "queremos temos como mais sao pelo pela voces",
    "nl": "de het een en van wij onze ons met voor niet zijn is op aan die dat hoe ook naar zoeken hebben "
    "willen jullie",
}


def language_of(text: str) -> str | None:
    """The code of the language that the text is most likely in; none where that cannot be told.

    >>> language_of("Nous cherchons des conseils pour notre école")
    'fr'
    """
    letters = [letter for letter in text[:LONGEST_TEXT].casefold() if letter.isalpha()]
    scripts = Counter(filter(None, map(_script, letters)))
    if sum(scripts.values()) < _LEAST_LETTERS and not scripts["han"] > 1:
        return None
    script = "kana" if scripts["kana"] else scripts.most_common(1)[0][0]
    if script == "latin":
        return _by_small_words(text)
    return _by_letters(script, frozenset(letters))


def _script(letter: str) -> str | None:
    return _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0])


def _by_letters(script: str, letters: frozenset[str]) -> str | None:
    if script == "arabic":
        return "ur" if letters & _URDU else "fa" if letters & _PERSIAN else "ar"
    if script == "cyrillic":
        return "uk" if letters & _UKRAINIAN else "ru" if letters & _RUSSIAN else None
    return {"han": "zh", "kana": "ja"}.get(script) or _ONE_LANGUAGE.get(script)


def _by_small_words(text: str) -> str | None:
    """The language with the most small words in the text, if it has clearly more than the next."""
    counts: Counter[str] = Counter()
    shown = text[:LONGEST_TEXT].translate(dict.fromkeys(map(ord, _MARKS), " "))
    for word in map(fold, shown.split()):
        counts.update({language.partition("-")[0] for language in small_words().get(word, ())})
        counts.update(code for code, words in _RELATIVES.items() if word in words.split())
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < LEAST_WORDS:
        return None
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None
    return ranked[0][0]
