"""Which topics a need or an offer is about, told from the words of its text in six languages."""

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from re import DOTALL
from re import compile as compile_pattern
from typing import Any, NamedTuple

from twincitylab.base.text import LONGEST_KEY, fold

LEXICON = Path(__file__).with_name("lexicon.json")
LONGEST_TEXT = 5000
"""Letters that are read; what comes after them does not count."""

STRENGTHS: Mapping[str, float] = {"strong": 3.0, "usual": 2.0, "weak": 1.0}
UNKNOWN = 1.5
"""How much evidence is always left for "something else": the weights of a text sum to less than one."""
FAINT = 0.2
"""Topics with less than this share of the best one are not told."""
OTHER_LANGUAGE = 0.3
UNCLEAR_LANGUAGE = 0.7

# Up to so many letters, a word of the lexicon is only found whole: as a beginning it would be found anywhere.
_SHORT = 3
_SHORT_ARABIC = 2
_OWN_SCRIPT = frozenset({"ar", "zh-hans"})
# Long German words are also sought inside of compounds, short ones only where the lexicon says so.
_LONG_GERMAN = 7
# And or so, with or for or like, the: each may be missing.
_ARABIC_PREFIXES = (
    *("".join(parts) for parts in product(("", "و", "ف"), ("", "ب", "ل", "ك"), ("", "ال")) if any(parts)),
    *("لل", "ولل", "فلل"),
)

_SPACE_INSTEAD = dict.fromkeys(map(ord, "'’‘ʼ`´،؛؟。、，；：！？（）《》「」“”…·/-"), " ")
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_PIECE = compile_pattern(rf"\S.{{0,{LONGEST_KEY - 2}}}(?!\S)|\S{{1,{LONGEST_KEY - 1}}}", DOTALL)


@dataclass(frozen=True)
class Suggestion:
    """A topic, and how much of what the text says speaks for it."""

    topic: str
    strength: float


def suggest_topics(text: str, *, language: str | None = None, most: int = 3) -> tuple[Suggestion, ...]:
    """The topics that the text is most likely about, best first; none when no word of it is known.

    >>> [found.topic for found in suggest_topics("Our choir looks for a choir to sing with", most=1)]
    ['culture']
    """
    weights = topic_weights(text, language=language)
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Suggestion(topic, strength) for topic, strength in ranked[: max(most, 0)])


def topic_weights(text: str, *, language: str | None = None) -> dict[str, float]:
    """The share of each topic in what the text says: more than 0 each, together less than 1.

    The language is a hint: words of all languages are found, those of the language of the text count more.
    """
    lexicon = _lexicon()
    words = _words(text)
    trust = _trust_in_languages(words, stated=_known_language(language), lexicon=lexicon)
    scores = _scores(_not_within_longer(_hits(words, lexicon), trust=trust), trust=trust)
    if not scores:
        return {}
    best, total = max(scores.values()), sum(scores.values()) + UNKNOWN
    return {topic: score / total for topic, score in sorted(scores.items()) if score >= FAINT * best}


@dataclass(frozen=True)
class _Use:
    """What a stem says in one language: for which topic it speaks, and how much."""

    language: str
    topic: str
    weight: float


@dataclass(frozen=True, eq=False)
class _Stem:
    text: str
    whole: bool
    """It is a word of its own, not only the beginning of one."""
    uses: tuple[_Use, ...]

    def trust(self, trust: Mapping[str, float]) -> float:
        return max(trust[use.language] for use in self.uses)


class _Hit(NamedTuple):
    start: int
    end: int
    stem: _Stem


@dataclass(frozen=True)
class _Lexicon:
    """The words as two trees of letters: what is sought where words begin, and what is sought everywhere."""

    languages: tuple[str, ...]
    at_beginnings: dict[str, Any]
    anywhere: dict[str, Any]
    function_words: Mapping[str, tuple[str, ...]]


def _words(text: str) -> str:
    """The folded words with one space before, between and after them."""
    shown = unicodedata.normalize("NFC", text[:LONGEST_TEXT]).translate(_INVISIBLE).translate(_SPACE_INSTEAD)
    # Folding cuts off what is longer than a name, so longer texts are folded in pieces.
    folded = " ".join(filter(None, map(fold, _PIECE.findall(shown))))
    return f" {folded[:LONGEST_TEXT]} "


def _known_language(language: str | None) -> str | None:
    code = (language or "").lower().replace("_", "-")
    known = _lexicon().languages
    if code in known:
        return code
    short = code.partition("-")[0]
    return next((each for each in known if each.partition("-")[0] == short), None)


def _trust_in_languages(words: str, *, stated: str | None, lexicon: _Lexicon) -> dict[str, float]:
    """How far the words of each language are believed: fully in the language that the text seems to be in."""
    counts = dict.fromkeys(lexicon.languages, 0)
    for word in words.split():
        for language in lexicon.function_words.get(word, ()):
            counts[language] += 1
    most = max(counts.values())
    if stated and counts[stated] * 2 >= most:
        likely = {stated}
    else:
        likely = {language for language, count in counts.items() if count == most}
    less = OTHER_LANGUAGE if most else UNCLEAR_LANGUAGE
    # Scripts of their own cannot be taken for another language.
    return {each: 1.0 if each in likely or each in _OWN_SCRIPT else less for each in lexicon.languages}


def _hits(words: str, lexicon: _Lexicon) -> list[_Hit]:
    hits: list[_Hit] = []
    for start in _beginnings(words):
        hits.extend(_walk(words, start, lexicon.at_beginnings))
    anywhere = lexicon.anywhere
    for start, letter in enumerate(words):
        node = anywhere.get(letter)
        if node is not None and (words[start + 1] in node or "" in node):
            hits.extend(_walk(words, start, anywhere))
    return hits


def _beginnings(words: str) -> Iterator[int]:
    """Where words begin, also behind the article and the small words that Arabic writes before a word."""
    position = 0
    while (position := words.find(" ", position) + 1) and position < len(words):
        yield position
        if "\u0600" <= words[position] <= "\u06ff":
            for prefix in _ARABIC_PREFIXES:
                if words.startswith(prefix, position):
                    yield position + len(prefix)


def _walk(words: str, start: int, tree: dict[str, Any]) -> Iterator[_Hit]:
    node = tree
    for position in range(start, len(words)):
        found = node.get(words[position])
        if found is None:
            return
        node = found
        for stem in node.get("", ()):
            if not stem.whole or words[position + 1] == " ":
                yield _Hit(start, position + 1, stem)


def _not_within_longer(hits: list[_Hit], *, trust: Mapping[str, float]) -> list[_Hit]:
    """Without the hits inside a longer one that is believed as much: a heat pump says nothing of heat."""
    kept = []
    reach = dict.fromkeys(set(trust.values()), (0, 0))
    ordered = sorted(hits, key=lambda hit: (hit.start, -hit.end))
    for hit in ordered:
        level = hit.stem.trust(trust)
        span = (hit.start, hit.end)
        if not any(_within(span, reach[other]) for other in reach if other >= level):
            kept.append(hit)
        if hit.end > reach[level][1]:
            reach[level] = span
    return kept


def _within(span: tuple[int, int], longer: tuple[int, int]) -> bool:
    return longer[0] <= span[0] and span[1] <= longer[1] and longer != span


def _scores(hits: list[_Hit], *, trust: Mapping[str, float]) -> dict[str, float]:
    """For each topic the sum over the stems found; a stem found again adds less and less."""
    times: dict[_Stem, int] = {}
    for hit in hits:
        times[hit.stem] = times.get(hit.stem, 0) + 1
    scores: dict[str, float] = {}
    for stem, count in times.items():
        best: dict[str, float] = {}
        for use in stem.uses:
            best[use.topic] = max(best.get(use.topic, 0.0), use.weight * trust[use.language])
        for topic, weight in best.items():
            scores[topic] = scores.get(topic, 0.0) + weight * math.sqrt(count)
    return scores


@cache
def _lexicon() -> _Lexicon:
    data = json.loads(LEXICON.read_text(encoding="utf-8"))
    languages = tuple(next(iter(data["topics"].values())))
    at_beginnings: dict[str, Any] = {}
    anywhere: dict[str, Any] = {}
    for (text, whole, inside), uses in _uses(data["topics"]).items():
        node = anywhere if inside else at_beginnings
        for letter in text:
            node = node.setdefault(letter, {})
        node.setdefault("", []).append(_Stem(text, whole, uses))
    return _Lexicon(languages, at_beginnings, anywhere, _function_words(data["function_words"]))


_Place = tuple[str, bool, bool]
"""A folded stem, whether it is a whole word, and whether it is also found inside of words."""


def _uses(topics: Mapping[str, Mapping[str, Mapping[str, list[str]]]]) -> dict[_Place, tuple[_Use, ...]]:
    """Each stem with what it says; a stem that several topics share says less of each."""
    entries: dict[tuple[str, _Place, str], float] = {}
    sharing: dict[tuple[str, str], set[str]] = {}
    for topic, by_language in topics.items():
        for language, by_strength in by_language.items():
            for strength, written in by_strength.items():
                for entry in written:
                    place = _place(entry, language=language)
                    entries.setdefault((language, place, topic), STRENGTHS[strength])
                    sharing.setdefault((language, place[0]), set()).add(topic)
    found: dict[_Place, list[_Use]] = {}
    for (language, place, topic), weight in entries.items():
        rarity = 1 - math.log(len(sharing[language, place[0]])) / math.log(len(topics))
        found.setdefault(place, []).append(_Use(language, topic, weight * rarity))
    return {place: tuple(uses) for place, uses in found.items()}


def _place(entry: str, *, language: str) -> _Place:
    """How an entry is sought: ``=word`` whole, ``~stem`` inside of words too, else where words begin."""
    text = fold(entry.lstrip("=~"))
    compound = language == "de" and len(text) >= _LONG_GERMAN and not entry.startswith("=")
    inside = entry.startswith("~") or language == "zh-hans" or compound
    short = _SHORT_ARABIC if language == "ar" else _SHORT
    return text, not inside and (entry.startswith("=") or len(text) <= short), inside


def _function_words(by_language: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, words in by_language.items():
        for word in map(fold, words):
            found[word] = (*found.get(word, ()), language)
    return found
